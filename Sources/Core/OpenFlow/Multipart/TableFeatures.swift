// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What a flow table can do (OpenFlow 1.3.5, 7.3.5.5; 1.5.1, 7.3.5.18).
public struct TableFeatures: Sendable, Hashable {
  /// The table.
  public var tableID: UInt8
  /// What a request does (1.5 only; must be 0 in 1.3): OFPTFC_REPLACE 0, MODIFY 1, ENABLE 2, DISABLE 3.
  public var command: UInt8
  /// OFPTFF_*: whether the table can be changed (1.5 only; must be 0 in 1.3).
  public var features: UInt32
  /// Its name, at most 31 bytes.
  public var name: String
  /// Bits of the metadata that it can match.
  public var metadataMatch: UInt64
  /// Bits of the metadata that it can write.
  public var metadataWrite: UInt64
  /// OFPTC_*: 1.3 calls it `config`, 1.5 `capabilities`.
  public var configuration: UInt32
  /// How many flows it can hold.
  public var maximumEntries: UInt32
  /// What its flows can do, in the order of the wire.
  public var properties: [TableProperty]

  /// Describes a table.
  public init(
    tableID: UInt8, command: UInt8 = 0, features: UInt32 = 0, name: String = "", metadataMatch: UInt64 = 0,
    metadataWrite: UInt64 = 0, configuration: UInt32 = 0, maximumEntries: UInt32 = 0, properties: [TableProperty] = []
  ) {
    self.tableID = tableID
    self.command = command
    self.features = features
    self.name = name
    self.metadataMatch = metadataMatch
    self.metadataWrite = metadataWrite
    self.configuration = configuration
    self.maximumEntries = maximumEntries
    self.properties = properties
  }
}

/// One list in a table's features (OpenFlow 1.3.5, 7.3.5.5.2).
public struct TableProperty: Sendable, Hashable {
  /// OFPTFPT_*
  public var type: UInt16
  /// The list.
  public var content: Content

  /// A list of what the property's type says.
  public init(type: UInt16, content: Content) {
    self.type = type
    self.content = content
  }

  /// What a list holds; which one, the type says.
  public enum Content: Sendable, Hashable {
    /// Types of instructions.
    case instructions([FeatureID])
    /// Tables where a packet may go next.
    case tables([UInt8])
    /// Types of actions.
    case actions([FeatureID])
    /// Fields, with whether they may be masked.
    case fields([FieldFeature])
    /// Something else.
    case raw([UInt8])
  }

  /// A type of instructions or actions.
  public struct FeatureID: Sendable, Hashable {
    /// OFPIT_* or OFPAT_*
    public var type: UInt16
    /// Whose, if `type` is 0xffff.
    public var experimenter: UInt32?

    /// A type; `experimenter` is required for 0xffff and must be nil for others.
    public init(type: UInt16, experimenter: UInt32? = nil) {
      self.type = type
      self.experimenter = experimenter
    }
  }

  /// A field that a table can match or write.
  public struct FieldFeature: Sendable, Hashable {
    /// The OXM header without the bit for the mask: class in 16 bits, number in 7, and the length of a value.
    public var header: UInt32
    /// Whether it may be masked.
    public var maskable: Bool
    /// Whose, if the class is 0xffff.
    public var experimenter: UInt32?

    /// A field.
    public init(header: UInt32, maskable: Bool, experimenter: UInt32? = nil) {
      self.header = header
      self.maskable = maskable
      self.experimenter = experimenter
    }
  }
}

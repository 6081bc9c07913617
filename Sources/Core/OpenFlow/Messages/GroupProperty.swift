// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A property of a group in OpenFlow 1.5 (7.3.4.3.1).
public enum GroupProperty: Sendable, Hashable {
  /// NTR_SELECTION_METHOD: how a select group of Open vSwitch chooses.
  case selectionMethod(SelectionMethod)
  /// A property that this module does not read.
  case unknown(RawProperty)
}

/// Open vSwitch's extension that names how a select group chooses (ovs-ofctl(8), `selection_method`).
public struct SelectionMethod: Sendable, Hashable {
  /// `hash` or `dp_hash`; at most 15 bytes.
  public var name: String
  /// A parameter of the method; for `hash` and `dp_hash` a basis that is mixed into the hash.
  public var parameter: UInt64
  /// The fields to hash, for the method `hash`, in ascending order.
  public let fields: [Field]

  /// A method with its parameters; the fields may come in any order.
  public init(name: String, parameter: UInt64 = 0, fields: [Field] = []) {
    self.name = name
    self.parameter = parameter
    self.fields = fields.sorted { $0.field < $1.field }
  }

  /// A field, and the bits of it that are hashed.
  public struct Field: Sendable, Hashable {
    /// The field.
    public let field: MatchField
    /// The bits that count.
    public let mask: UInt128

    /// The whole field, or some of its bits.
    public init(_ field: MatchField, mask: UInt128? = nil) {
      self.field = field
      self.mask = (mask ?? field.fullMask) & field.fullMask
    }
  }
}

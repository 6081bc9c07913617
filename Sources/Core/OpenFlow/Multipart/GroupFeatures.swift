// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What groups a switch can do (OpenFlow 1.3.5, 7.3.5.11).
public struct GroupFeatures: Sendable, Hashable {
  /// The kinds that it has: bit n stands for the `GroupKind` with the number n.
  public var kinds: UInt32
  /// How groups may be used.
  public var capabilities: Capabilities
  /// How many groups of each kind it can have, in the order of `GroupKind`. Exactly four.
  public var maximumGroups: [UInt32]
  /// Which actions buckets of each kind may have, in the order of `GroupKind`: bit n stands for the action type n.
  /// Exactly four.
  public var actions: [UInt32]

  /// Describes what groups a switch can do.
  public init(kinds: UInt32, capabilities: Capabilities, maximumGroups: [UInt32], actions: [UInt32]) {
    self.kinds = kinds
    self.capabilities = capabilities
    self.maximumGroups = maximumGroups
    self.actions = actions
  }

  /// Whether the switch has groups of this kind.
  public func supports(_ kind: GroupKind) -> Bool { self.kinds & (1 << UInt32(kind.rawValue)) != 0 }

  /// OFPGFC_*
  public struct Capabilities: OptionSet, Sendable, Hashable {
    /// The bits as they are on the wire.
    public let rawValue: UInt32
    /// Takes any bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    /// OFPGFC_SELECT_WEIGHT: select groups honour weights.
    public static let selectWeight = Capabilities(rawValue: 1 << 0)
    /// OFPGFC_SELECT_LIVENESS: select groups leave dead buckets out.
    public static let selectLiveness = Capabilities(rawValue: 1 << 1)
    /// OFPGFC_CHAINING: groups may use groups.
    public static let chaining = Capabilities(rawValue: 1 << 2)
    /// OFPGFC_CHAINING_CHECKS: loops of groups are refused.
    public static let chainingChecks = Capabilities(rawValue: 1 << 3)
  }
}

extension GroupFeatures {
  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.kinds = try reader.read(UInt32.self, "group types")
    self.capabilities = Capabilities(rawValue: try reader.read(UInt32.self, "group capabilities"))
    self.maximumGroups = []
    self.actions = []
    for _ in GroupKind.allCases { self.maximumGroups.append(try reader.read(UInt32.self, "maximum of groups")) }
    for _ in GroupKind.allCases { self.actions.append(try reader.read(UInt32.self, "actions of groups")) }
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    let count = GroupKind.allCases.count
    guard self.maximumGroups.count == count, self.actions.count == count else {
      throw .invalid(what: "group features", problem: "must have \(count) maxima and \(count) sets of actions")
    }
    writer.write(self.kinds)
    writer.write(self.capabilities.rawValue)
    for number in self.maximumGroups { writer.write(number) }
    for bits in self.actions { writer.write(bits) }
  }
}

extension GroupFeatures: FieldCodable {
  static let defaults = GroupFeatures(kinds: 0, capabilities: [], maximumGroups: [], actions: [])
  static let fields: [CodedField<GroupFeatures>] = [
    .required("types", \.kinds), .field("capabilities", \.capabilities), .required("max_groups", \.maximumGroups),
    .required("actions", \.actions),
  ]
}

extension GroupFeatures.Capabilities: Codable {}

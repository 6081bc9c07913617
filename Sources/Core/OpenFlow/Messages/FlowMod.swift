// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Adds, changes or deletes flows (OpenFlow 1.3.5, 7.3.4.1).
public struct FlowMod: Sendable, Hashable {
  /// What to do.
  public var command: Command
  /// What the flow is called; any number, `UInt64.max` excepted.
  public var cookie: UInt64
  /// For changing and deleting: only flows whose cookie has the bits of `cookie` in this mask.
  public var cookieMask: UInt64
  /// The table; `TableNumber.all` for deleting from all.
  public var tableID: UInt8
  /// Seconds without a packet after which the flow goes; 0: never.
  public var idleTimeout: UInt16
  /// Seconds after which the flow goes; 0: never.
  public var hardTimeout: UInt16
  /// The flow with the higher priority wins.
  public var priority: UInt16
  /// A packet that the switch keeps and shall send through the new flow; nil: none.
  public var bufferID: UInt32?
  /// For deleting: only flows that output to this port; `.any`: whatever they do.
  public var outPort: PortNumber
  /// For deleting: only flows that use this group; `.any`: whatever they do.
  public var outGroup: GroupNumber
  /// How the flow is added.
  public var flags: FlowFlags
  /// Which flows go first when the table is full, 0 the first (1.5 only; must be 0 in 1.3).
  public var importance: UInt16
  /// What packets it is for.
  public var match: Match
  /// What is done with them; an empty list drops them.
  public var instructions: [Instruction]

  /// Adds a flow, unless another command is given.
  public init(
    command: Command = .add, tableID: UInt8, priority: UInt16 = 0x8000, cookie: UInt64 = 0, cookieMask: UInt64 = 0,
    idleTimeout: UInt16 = 0, hardTimeout: UInt16 = 0, bufferID: UInt32? = nil, outPort: PortNumber = .any,
    outGroup: GroupNumber = .any, flags: FlowFlags = [], importance: UInt16 = 0, match: Match = .any,
    instructions: [Instruction] = []
  ) {
    self.command = command
    self.cookie = cookie
    self.cookieMask = cookieMask
    self.tableID = tableID
    self.idleTimeout = idleTimeout
    self.hardTimeout = hardTimeout
    self.priority = priority
    self.bufferID = bufferID
    self.outPort = outPort
    self.outGroup = outGroup
    self.flags = flags
    self.importance = importance
    self.match = match
    self.instructions = instructions
  }

  /// OFPFC_*
  public enum Command: UInt8, Sendable, Hashable, CaseIterable {
    /// OFPFC_ADD: replaces the flow with the same table, match and priority.
    case add = 0
    /// OFPFC_MODIFY: changes the instructions of all flows that the match covers.
    case modify = 1
    /// OFPFC_MODIFY_STRICT: changes those of the one flow with exactly this match and priority.
    case modifyStrict = 2
    /// OFPFC_DELETE: deletes all flows that the match covers.
    case delete = 3
    /// OFPFC_DELETE_STRICT: deletes the one flow with exactly this match and priority.
    case deleteStrict = 4
  }
}

/// OFPFF_*
public struct FlowFlags: OptionSet, Sendable, Hashable {
  /// The bits as they are on the wire.
  public let rawValue: UInt16
  /// Takes any bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }
  /// OFPFF_SEND_FLOW_REM: tell when the flow goes.
  public static let sendFlowRemoved = FlowFlags(rawValue: 1 << 0)
  /// OFPFF_CHECK_OVERLAP: refuse if it overlaps another flow of the same priority.
  public static let checkOverlap = FlowFlags(rawValue: 1 << 1)
  /// OFPFF_RESET_COUNTS: start counting from 0 when changed.
  public static let resetCounts = FlowFlags(rawValue: 1 << 2)
  /// OFPFF_NO_PKT_COUNTS: need not count packets.
  public static let noPacketCounts = FlowFlags(rawValue: 1 << 3)
  /// OFPFF_NO_BYT_COUNTS: need not count bytes.
  public static let noByteCounts = FlowFlags(rawValue: 1 << 4)
}

extension FlowMod: FieldCodable {
  static let defaults = FlowMod(tableID: 0)
  static let fields: [CodedField<FlowMod>] = [
    .required("command", \.command), .required("table_id", \.tableID, as: TableName.self),
    .required("priority", \.priority), .field("cookie", \.cookie, as: HexNumber.self),
    .field("cookie_mask", \.cookieMask, as: HexNumber.self), .field("idle_timeout", \.idleTimeout),
    .field("hard_timeout", \.hardTimeout), .field("buffer_id", \.bufferID), .field("out_port", \.outPort),
    .field("out_group", \.outGroup), .field("flags", \.flags), .field("importance", \.importance),
    .field("match", \.match), .field("instructions", \.instructions),
  ]
}

extension FlowMod.Command: NamedNumber {
  static let names = [
    (add, "add"), (modify, "modify"), (modifyStrict, "modify_strict"), (delete, "delete"),
    (deleteStrict, "delete_strict"),
  ]

  /// Reads a name or a number.
  public init(from decoder: any Decoder) throws { self = try Self.decodeNamed(from: decoder) }
  /// Writes the name if there is one, or else the number.
  public func encode(to encoder: any Encoder) throws { try self.encodeNamed(to: encoder) }
}

extension FlowFlags: Codable {}

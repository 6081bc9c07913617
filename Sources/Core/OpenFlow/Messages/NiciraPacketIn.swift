// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// In which form Open vSwitch sends packets to a controller (NXT_SET_PACKET_IN_FORMAT).
public struct PacketInFormat: RawRepresentable, Sendable, Hashable {
  /// The number on the wire.
  public let rawValue: UInt32
  /// Takes any number.
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  /// NXPIF_STANDARD: PACKET_IN, as the version has it.
  public static let standard = PacketInFormat(rawValue: 0)
  /// NXPIF_NXT_PACKET_IN: Nicira's first own form.
  public static let nxtPacketIn = PacketInFormat(rawValue: 1)
  /// NXPIF_NXT_PACKET_IN2: `NiciraPacketIn`.
  public static let nxtPacketIn2 = PacketInFormat(rawValue: 2)
}

/// A packet that Open vSwitch sends to a controller (NXT_PACKET_IN2), or that the controller gives back to have it
/// go on where it stopped (NXT_RESUME). What is nil is not said.
public struct NiciraPacketIn: Sendable, Hashable {
  /// The packet from its Ethernet header on; it may be cut off.
  public var packet: [UInt8]?
  /// Length of the whole packet in bytes, if `packet` is less.
  public var fullLength: UInt32?
  /// Where the switch keeps the packet.
  public var bufferID: UInt32?
  /// The table whose flow sent it.
  public var tableID: UInt8?
  /// The cookie of that flow.
  public var cookie: UInt64?
  /// Why it was sent.
  public var reason: PacketIn.Reason?
  /// The packet's metadata: its input port, registers, connection tracking state.
  public var metadata: Match?
  /// What the flow's `controller` action said to the controller.
  public var userdata: [UInt8]?
  /// Where the packet stopped; the switch's own secret, to be given back as it is. It begins with four bytes of
  /// padding.
  public var continuation: [UInt8]?
  /// Properties that this module does not read.
  public var otherProperties: [RawProperty]

  /// Says nothing of what is not given.
  public init(
    packet: [UInt8]? = nil, fullLength: UInt32? = nil, bufferID: UInt32? = nil, tableID: UInt8? = nil,
    cookie: UInt64? = nil, reason: PacketIn.Reason? = nil, metadata: Match? = nil, userdata: [UInt8]? = nil,
    continuation: [UInt8]? = nil, otherProperties: [RawProperty] = []
  ) {
    self.packet = packet
    self.fullLength = fullLength
    self.bufferID = bufferID
    self.tableID = tableID
    self.cookie = cookie
    self.reason = reason
    self.metadata = metadata
    self.userdata = userdata
    self.continuation = continuation
    self.otherProperties = otherProperties
  }

  /// The port by which the packet came; nil if the switch did not say.
  public var inPort: PortNumber? {
    self.metadata?[.inPort].map { PortNumber(UInt32(truncatingIfNeeded: $0.value)) }
  }
}

extension PacketInFormat: NamedNumber {
  static let names = [
    (standard, "standard"), (nxtPacketIn, "nxt_packet_in"), (nxtPacketIn2, "nxt_packet_in2"),
  ]

  /// Reads a name or a number.
  public init(from decoder: any Decoder) throws { self = try Self.decodeNamed(from: decoder) }
  /// Writes the name if there is one, or else the number.
  public func encode(to encoder: any Encoder) throws { try self.encodeNamed(to: encoder) }
}

extension NiciraPacketIn: FieldCodable {
  static let defaults = NiciraPacketIn()
  static let fields: [CodedField<NiciraPacketIn>] = [
    .field("packet", \.packet, as: HexBytes.self), .field("full_len", \.fullLength),
    .field("buffer_id", \.bufferID), .field("table_id", \.tableID),
    .field("cookie", \.cookie, as: HexNumber.self), .field("reason", \.reason), .field("metadata", \.metadata),
    .field("userdata", \.userdata, as: HexBytes.self), .field("continuation", \.continuation, as: HexBytes.self),
    .field("properties", \.otherProperties),
  ]
}

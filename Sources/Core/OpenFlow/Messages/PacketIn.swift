// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A packet that a switch sends to the controller (OpenFlow 1.3.5, 7.4.1).
public struct PacketIn: Sendable, Hashable {
  /// Where the switch keeps the packet; nil: nowhere.
  public var bufferID: UInt32?
  /// Length of the whole packet in bytes; `data` may be less.
  public var totalLength: UInt16
  /// Why it was sent.
  public var reason: Reason
  /// The table whose flow sent it.
  public var tableID: UInt8
  /// The cookie of that flow; `noCookie` if there is none.
  public var cookie: UInt64
  /// The packet's metadata: its input port at least.
  public var match: Match
  /// The packet from its Ethernet header on.
  public var data: [UInt8]

  /// The cookie of a packet that no flow sent.
  public static let noCookie: UInt64 = .max

  /// A packet for the controller.
  public init(
    bufferID: UInt32? = nil, totalLength: UInt16, reason: Reason, tableID: UInt8, cookie: UInt64, match: Match,
    data: [UInt8]
  ) {
    self.bufferID = bufferID
    self.totalLength = totalLength
    self.reason = reason
    self.tableID = tableID
    self.cookie = cookie
    self.match = match
    self.data = data
  }

  /// The port by which the packet came; nil if the switch did not say.
  public var inPort: PortNumber? {
    self.match[.inPort].map { PortNumber(UInt32(truncatingIfNeeded: $0.value)) }
  }

  /// OFPR_*
  public struct Reason: RawRepresentable, Sendable, Hashable {
    /// The number on the wire.
    public let rawValue: UInt8
    /// Takes any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// OFPR_NO_MATCH, OFPR_TABLE_MISS: no flow, or the table-miss flow.
    public static let tableMiss = Reason(rawValue: 0)
    /// OFPR_ACTION, OFPR_APPLY_ACTION: an output action of a flow.
    public static let action = Reason(rawValue: 1)
    /// OFPR_INVALID_TTL
    public static let invalidTTL = Reason(rawValue: 2)
    /// OFPR_ACTION_SET (1.5): an output action of the action set.
    public static let actionSet = Reason(rawValue: 3)
    /// OFPR_GROUP (1.5): an output action of a group's bucket.
    public static let group = Reason(rawValue: 4)
    /// OFPR_PACKET_OUT (1.5): an output action of a PACKET_OUT.
    public static let packetOut = Reason(rawValue: 5)
  }
}

extension PacketIn {
  init(reading reader: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    self.bufferID = BufferID.read(try reader.read(UInt32.self, "buffer id"))
    self.totalLength = try reader.read(UInt16.self, "packet's length")
    self.reason = Reason(rawValue: try reader.read(UInt8.self, "reason"))
    self.tableID = try reader.read(UInt8.self, "table")
    self.cookie = try reader.read(UInt64.self, "cookie")
    self.match = try Match(reading: &reader)
    try reader.skip(2)
    self.data = reader.readRest()
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    writer.write(try BufferID.wire(self.bufferID))
    writer.write(self.totalLength)
    writer.write(self.reason.rawValue)
    writer.write(self.tableID)
    writer.write(self.cookie)
    try self.match.write(to: &writer, version: version)
    writer.writeZeros(2)
    writer.writeBytes(self.data)
  }
}

extension PacketIn: FieldCodable {
  static let defaults = PacketIn(totalLength: 0, reason: .action, tableID: 0, cookie: 0, match: .any, data: [])
  static let fields: [CodedField<PacketIn>] = [
    .field("buffer_id", \.bufferID), .required("total_len", \.totalLength), .required("reason", \.reason),
    .required("table_id", \.tableID, as: TableName.self), .required("cookie", \.cookie, as: HexNumber.self),
    .field("match", \.match), .field("data", \.data, as: HexBytes.self),
  ]
}

extension PacketIn.Reason: NamedNumber {
  static let names = [
    (tableMiss, "table_miss"), (action, "apply_action"), (invalidTTL, "invalid_ttl"), (actionSet, "action_set"),
    (group, "group"), (packetOut, "packet_out"),
  ]

  /// Reads a name or a number.
  public init(from decoder: any Decoder) throws { self = try Self.decodeNamed(from: decoder) }
  /// Writes the name if there is one, or else the number.
  public func encode(to encoder: any Encoder) throws { try self.encodeNamed(to: encoder) }
}

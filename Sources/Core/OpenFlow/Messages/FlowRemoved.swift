// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A flow is gone (OpenFlow 1.3.5, 7.4.2; 1.5.1, 7.4.2). Sent for flows with the flag `sendFlowRemoved`.
public struct FlowRemoved: Sendable, Hashable {
  /// Why it is gone.
  public var reason: Reason
  /// The table that it was in.
  public var tableID: UInt8
  /// Its priority.
  public var priority: UInt16
  /// Its cookie.
  public var cookie: UInt64
  /// Its idle timeout in seconds; 0: none.
  public var idleTimeout: UInt16
  /// Its hard timeout in seconds; 0: none.
  public var hardTimeout: UInt16
  /// Its match.
  public var match: Match
  /// What it had counted.
  public var counters: FlowCounters

  /// A flow that is gone.
  public init(
    reason: Reason, tableID: UInt8, priority: UInt16, cookie: UInt64, idleTimeout: UInt16 = 0,
    hardTimeout: UInt16 = 0, match: Match, counters: FlowCounters = FlowCounters()
  ) {
    self.reason = reason
    self.tableID = tableID
    self.priority = priority
    self.cookie = cookie
    self.idleTimeout = idleTimeout
    self.hardTimeout = hardTimeout
    self.match = match
    self.counters = counters
  }

  /// OFPRR_*
  public struct Reason: RawRepresentable, Sendable, Hashable {
    /// The number on the wire.
    public let rawValue: UInt8
    /// Takes any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// OFPRR_IDLE_TIMEOUT: no packet came for too long.
    public static let idleTimeout = Reason(rawValue: 0)
    /// OFPRR_HARD_TIMEOUT: its time was over.
    public static let hardTimeout = Reason(rawValue: 1)
    /// OFPRR_DELETE: deleted by a FLOW_MOD.
    public static let delete = Reason(rawValue: 2)
    /// OFPRR_GROUP_DELETE: its group was deleted.
    public static let groupDelete = Reason(rawValue: 3)
    /// OFPRR_METER_DELETE (1.5): its meter was deleted.
    public static let meterDelete = Reason(rawValue: 4)
    /// OFPRR_EVICTION (1.5): it had to make room.
    public static let eviction = Reason(rawValue: 5)
  }
}

/// What a flow has counted. A number that the switch does not give (1.5) is 0.
public struct FlowCounters: Sendable, Hashable {
  /// How long it has been there, seconds.
  public var durationSeconds: UInt32
  /// Nanoseconds beyond `durationSeconds`.
  public var durationNanoseconds: UInt32
  /// Seconds since the last packet, if the switch says so (1.5 only; not sent in 1.3).
  public var idleSeconds: UInt32?
  /// Packets that it matched.
  public var packetCount: UInt64
  /// Bytes in those packets.
  public var byteCount: UInt64

  /// Nothing counted, unless said otherwise.
  public init(
    durationSeconds: UInt32 = 0, durationNanoseconds: UInt32 = 0, idleSeconds: UInt32? = nil,
    packetCount: UInt64 = 0, byteCount: UInt64 = 0
  ) {
    self.durationSeconds = durationSeconds
    self.durationNanoseconds = durationNanoseconds
    self.idleSeconds = idleSeconds
    self.packetCount = packetCount
    self.byteCount = byteCount
  }
}

/// 1.5 has the counters in a list of their own behind the match, and everything else in another order.
extension FlowRemoved {
  init(reading reader: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    switch version {
    case .v1_3:
      self.cookie = try reader.read(UInt64.self, "cookie")
      self.priority = try reader.read(UInt16.self, "priority")
      self.reason = Reason(rawValue: try reader.read(UInt8.self, "reason"))
      self.tableID = try reader.read(UInt8.self, "table")
      self.counters = FlowCounters(
        durationSeconds: try reader.read(UInt32.self, "duration"),
        durationNanoseconds: try reader.read(UInt32.self, "duration"))
      self.idleTimeout = try reader.read(UInt16.self, "idle timeout")
      self.hardTimeout = try reader.read(UInt16.self, "hard timeout")
      self.counters.packetCount = try reader.read(UInt64.self, "packet count")
      self.counters.byteCount = try reader.read(UInt64.self, "byte count")
      self.match = try Match(reading: &reader)
    case .v1_5:
      self.tableID = try reader.read(UInt8.self, "table")
      self.reason = Reason(rawValue: try reader.read(UInt8.self, "reason"))
      self.priority = try reader.read(UInt16.self, "priority")
      self.idleTimeout = try reader.read(UInt16.self, "idle timeout")
      self.hardTimeout = try reader.read(UInt16.self, "hard timeout")
      self.cookie = try reader.read(UInt64.self, "cookie")
      self.match = try Match(reading: &reader)
      self.counters = try FlowCounters(reading: &reader)
    }
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    switch version {
    case .v1_3:
      writer.write(self.cookie)
      writer.write(self.priority)
      writer.write(self.reason.rawValue)
      writer.write(self.tableID)
      writer.write(self.counters.durationSeconds)
      writer.write(self.counters.durationNanoseconds)
      writer.write(self.idleTimeout)
      writer.write(self.hardTimeout)
      writer.write(self.counters.packetCount)
      writer.write(self.counters.byteCount)
      try self.match.write(to: &writer, version: version)
    case .v1_5:
      writer.write(self.tableID)
      writer.write(self.reason.rawValue)
      writer.write(self.priority)
      writer.write(self.idleTimeout)
      writer.write(self.hardTimeout)
      writer.write(self.cookie)
      try self.match.write(to: &writer, version: version)
      try self.counters.write(to: &writer)
    }
  }
}

extension FlowRemoved: FieldCodable {
  static let defaults = FlowRemoved(reason: .idleTimeout, tableID: 0, priority: 0, cookie: 0, match: .any)
  static let fields: [CodedField<FlowRemoved>] = [
    .required("reason", \.reason), .required("table_id", \.tableID, as: TableName.self),
    .required("priority", \.priority), .field("cookie", \.cookie, as: HexNumber.self),
    .field("idle_timeout", \.idleTimeout), .field("hard_timeout", \.hardTimeout), .field("match", \.match),
    .field("stats", \.counters),
  ]
}

extension FlowRemoved.Reason: NamedNumber {
  static let names = [
    (idleTimeout, "idle_timeout"), (hardTimeout, "hard_timeout"), (delete, "delete"), (groupDelete, "group_delete"),
    (meterDelete, "meter_delete"), (eviction, "eviction"),
  ]

  /// Reads a name or a number.
  public init(from decoder: any Decoder) throws { self = try Self.decodeNamed(from: decoder) }
  /// Writes the name if there is one, or else the number.
  public func encode(to encoder: any Encoder) throws { try self.encodeNamed(to: encoder) }
}

extension FlowCounters: FieldCodable {
  static let defaults = FlowCounters()
  static let fields: [CodedField<FlowCounters>] = [
    .field("duration_sec", \.durationSeconds), .field("duration_nsec", \.durationNanoseconds),
    .field("idle_time", \.idleSeconds), .field("packet_count", \.packetCount), .field("byte_count", \.byteCount),
  ]
}

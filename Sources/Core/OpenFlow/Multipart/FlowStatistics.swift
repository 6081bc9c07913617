// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A flow as the switch has it, with its counters (OpenFlow 1.3.5, 7.3.5.2; 1.5.1, 7.3.5.2).
public struct FlowStatistics: Sendable, Hashable {
  /// The flow's table.
  public var tableID: UInt8
  /// Its priority.
  public var priority: UInt16
  /// Its cookie.
  public var cookie: UInt64
  /// Its idle timeout in seconds; 0: none.
  public var idleTimeout: UInt16
  /// Its hard timeout in seconds; 0: none.
  public var hardTimeout: UInt16
  /// How it was added.
  public var flags: FlowFlags
  /// Its importance; 0 in 1.3.
  public var importance: UInt16
  /// What packets it is for.
  public var match: Match
  /// What is done with them.
  public var instructions: [Instruction]
  /// What it has counted.
  public var counters: FlowCounters

  /// A flow.
  public init(
    tableID: UInt8, priority: UInt16, cookie: UInt64, idleTimeout: UInt16 = 0, hardTimeout: UInt16 = 0,
    flags: FlowFlags = [], importance: UInt16 = 0, match: Match, instructions: [Instruction],
    counters: FlowCounters = FlowCounters()
  ) {
    self.tableID = tableID
    self.priority = priority
    self.cookie = cookie
    self.idleTimeout = idleTimeout
    self.hardTimeout = hardTimeout
    self.flags = flags
    self.importance = importance
    self.match = match
    self.instructions = instructions
    self.counters = counters
  }
}

/// ofp_flow_stats in 1.3, ofp_flow_desc in 1.5, which has the counters in a list of their own behind the match.
extension FlowStatistics {
  /// Reads flows until nothing is left.
  static func list(
    reading reader: inout WireReader, version: ProtocolVersion
  ) throws(OpenFlowDecodingError) -> [FlowStatistics] {
    var flows: [FlowStatistics] = []
    while reader.remaining > 0 {
      let offset = reader.offset
      let length = Int(try reader.read(UInt16.self, "length of a flow"))
      guard length >= 32 else {
        throw .badLength(what: "flow", offset: offset, length: length, accepted: "32 or more")
      }
      var body = try reader.slice(length - 2, "flow")
      switch version {
      case .v1_3: flows.append(try FlowStatistics(readingOlder: &body, version: version))
      case .v1_5: flows.append(try FlowStatistics(readingNewer: &body, version: version))
      }
    }
    return flows
  }

  private init(readingOlder body: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    self.tableID = try body.read(UInt8.self, "table")
    try body.skip(1)
    self.counters = FlowCounters(
      durationSeconds: try body.read(UInt32.self, "duration"),
      durationNanoseconds: try body.read(UInt32.self, "duration"))
    self.priority = try body.read(UInt16.self, "priority")
    self.idleTimeout = try body.read(UInt16.self, "idle timeout")
    self.hardTimeout = try body.read(UInt16.self, "hard timeout")
    self.flags = FlowFlags(rawValue: try body.read(UInt16.self, "flow flags"))
    self.importance = 0
    try body.skip(4)
    self.cookie = try body.read(UInt64.self, "cookie")
    self.counters.packetCount = try body.read(UInt64.self, "packet count")
    self.counters.byteCount = try body.read(UInt64.self, "byte count")
    self.match = try Match(reading: &body)
    self.instructions = try Instruction.list(reading: &body, version: version)
  }

  private init(readingNewer body: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    try body.skip(2)
    self.tableID = try body.read(UInt8.self, "table")
    try body.skip(1)
    self.priority = try body.read(UInt16.self, "priority")
    self.idleTimeout = try body.read(UInt16.self, "idle timeout")
    self.hardTimeout = try body.read(UInt16.self, "hard timeout")
    self.flags = FlowFlags(rawValue: try body.read(UInt16.self, "flow flags"))
    self.importance = try body.read(UInt16.self, "importance")
    self.cookie = try body.read(UInt64.self, "cookie")
    self.match = try Match(reading: &body)
    self.counters = try FlowCounters(reading: &body)
    self.instructions = try Instruction.list(reading: &body, version: version)
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    let start = writer.count
    switch version {
    case .v1_3: try self.writeOlder(to: &writer, version: version)
    case .v1_5: try self.writeNewer(to: &writer, version: version)
    }
    try Instruction.write(self.instructions, to: &writer, version: version)
    try writer.patchLength(at: start, since: start, "flow")
  }

  private func writeOlder(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    guard self.importance == 0 else { throw .unsupported(what: "importance of a flow", version: version) }
    writer.writeZeros(2)
    writer.write(self.tableID)
    writer.writeZeros(1)
    writer.write(self.counters.durationSeconds)
    writer.write(self.counters.durationNanoseconds)
    writer.write(self.priority)
    writer.write(self.idleTimeout)
    writer.write(self.hardTimeout)
    writer.write(self.flags.rawValue)
    writer.writeZeros(4)
    writer.write(self.cookie)
    writer.write(self.counters.packetCount)
    writer.write(self.counters.byteCount)
    try self.match.write(to: &writer, version: version)
  }

  private func writeNewer(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    writer.writeZeros(4)
    writer.write(self.tableID)
    writer.writeZeros(1)
    writer.write(self.priority)
    writer.write(self.idleTimeout)
    writer.write(self.hardTimeout)
    writer.write(self.flags.rawValue)
    writer.write(self.importance)
    writer.write(self.cookie)
    try self.match.write(to: &writer, version: version)
    try self.counters.write(to: &writer)
  }
}

extension FlowStatistics: FieldCodable {
  static let defaults = FlowStatistics(tableID: 0, priority: 0, cookie: 0, match: .any, instructions: [])
  static let fields: [CodedField<FlowStatistics>] = [
    .required("table_id", \.tableID, as: TableName.self), .required("priority", \.priority),
    .field("cookie", \.cookie, as: HexNumber.self), .field("idle_timeout", \.idleTimeout),
    .field("hard_timeout", \.hardTimeout), .field("flags", \.flags), .field("importance", \.importance),
    .field("match", \.match), .field("instructions", \.instructions), .field("stats", \.counters),
  ]
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A flow's match and counters without its instructions: OFPMP_FLOW_STATS of OpenFlow 1.5 (1.5.1, 7.3.5), which 1.3
/// does not have. What both versions call by the number 1 is `FlowStatistics`.
public struct FlowSummary: Sendable, Hashable {
  /// The flow's table.
  public var tableID: UInt8
  /// Why the switch says it.
  public var reason: Reason
  /// The flow's priority.
  public var priority: UInt16
  /// What packets it is for.
  public var match: Match
  /// What it has counted.
  public var counters: FlowCounters

  /// A flow.
  public init(
    tableID: UInt8, reason: Reason = .request, priority: UInt16, match: Match,
    counters: FlowCounters = FlowCounters()
  ) {
    self.tableID = tableID
    self.reason = reason
    self.priority = priority
    self.match = match
    self.counters = counters
  }

  /// OFPFSR_*
  public struct Reason: RawRepresentable, Sendable, Hashable {
    /// The number on the wire.
    public let rawValue: UInt8
    /// Takes any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// OFPFSR_STATS_REQUEST: it was asked for.
    public static let request = Reason(rawValue: 0)
    /// OFPFSR_STAT_TRIGGER: a threshold of the flow's was reached.
    public static let trigger = Reason(rawValue: 1)
  }
}

extension FlowSummary {
  /// Reads flows until nothing is left.
  static func list(reading reader: inout WireReader) throws(OpenFlowDecodingError) -> [FlowSummary] {
    try reader.readEntries(minimum: 16, "flow's statistics") { (body) throws(OpenFlowDecodingError) in
      try body.skip(2)
      return FlowSummary(
        tableID: try body.read(UInt8.self, "table"), reason: Reason(rawValue: try body.read(UInt8.self, "reason")),
        priority: try body.read(UInt16.self, "priority"), match: try Match(reading: &body),
        counters: try FlowCounters(reading: &body))
    }
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    let start = writer.count
    writer.writeZeros(4)
    writer.write(self.tableID)
    writer.write(self.reason.rawValue)
    writer.write(self.priority)
    try self.match.write(to: &writer, version: version)
    try self.counters.write(to: &writer)
    try writer.patchLength(at: start, since: start, "flow's statistics")
  }
}

extension FlowSummary: FieldCodable {
  static let defaults = FlowSummary(tableID: 0, priority: 0, match: .any)
  static let fields: [CodedField<FlowSummary>] = [
    .required("table_id", \.tableID, as: TableName.self), .field("reason", \.reason),
    .required("priority", \.priority), .field("match", \.match), .field("stats", \.counters),
  ]
}

extension FlowSummary.Reason: NamedNumber {
  static let names = [(request, "stats_request"), (trigger, "stat_trigger")]

  /// Reads a name or a number.
  public init(from decoder: any Decoder) throws { self = try Self.decodeNamed(from: decoder) }
  /// Writes the name if there is one, or else the number.
  public func encode(to encoder: any Encoder) throws { try self.encodeNamed(to: encoder) }
}

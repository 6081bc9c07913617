// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What several flows have counted together (OpenFlow 1.3.5, 7.3.5.3; 1.5.1, 7.3.5).
public struct AggregateStatistics: Sendable, Hashable {
  /// Packets that they matched.
  public var packetCount: UInt64
  /// Bytes in those packets.
  public var byteCount: UInt64
  /// How many flows they are.
  public var flowCount: UInt32

  /// Counters of several flows.
  public init(packetCount: UInt64 = 0, byteCount: UInt64 = 0, flowCount: UInt32 = 0) {
    self.packetCount = packetCount
    self.byteCount = byteCount
    self.flowCount = flowCount
  }
}

extension AggregateStatistics {
  init(reading reader: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    var counters = AggregateStatistics()
    switch version {
    case .v1_3:
      counters.packetCount = try reader.read(UInt64.self, "packet count")
      counters.byteCount = try reader.read(UInt64.self, "byte count")
      counters.flowCount = try reader.read(UInt32.self, "flow count")
      try reader.skip(4)
    case .v1_5:
      try StatisticsList.read(from: &reader) { (number, body) throws(OpenFlowDecodingError) in
        switch number {
        case StatisticsList.Number.flows: counters.flowCount = try body.read(UInt32.self, "flow count")
        case StatisticsList.Number.packets: counters.packetCount = try body.read(UInt64.self, "packet count")
        case StatisticsList.Number.bytes: counters.byteCount = try body.read(UInt64.self, "byte count")
        default: break
        }
      }
    }
    self = counters
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    switch version {
    case .v1_3:
      writer.write(self.packetCount)
      writer.write(self.byteCount)
      writer.write(self.flowCount)
      writer.writeZeros(4)
    case .v1_5:
      try StatisticsList.write(to: &writer) { writer in
        StatisticsList.writeHeader(to: &writer, StatisticsList.Number.packets)
        writer.write(self.packetCount)
        StatisticsList.writeHeader(to: &writer, StatisticsList.Number.bytes)
        writer.write(self.byteCount)
        StatisticsList.writeHeader(to: &writer, StatisticsList.Number.flows, byteCount: 4)
        writer.write(self.flowCount)
      }
    }
  }
}

extension AggregateStatistics: FieldCodable {
  static let defaults = AggregateStatistics()
  static let fields: [CodedField<AggregateStatistics>] = [
    .required("packet_count", \.packetCount), .required("byte_count", \.byteCount),
    .required("flow_count", \.flowCount),
  ]
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A flow's counters in 1.5: a list of statistics.
extension FlowCounters {
  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    var counters = FlowCounters()
    try StatisticsList.read(from: &reader) { (number, body) throws(OpenFlowDecodingError) in
      switch number {
      case StatisticsList.Number.duration:
        counters.durationSeconds = try body.read(UInt32.self, "duration")
        counters.durationNanoseconds = try body.read(UInt32.self, "duration")
      case StatisticsList.Number.idleTime: counters.idleSeconds = try body.read(UInt32.self, "idle time")
      case StatisticsList.Number.packets: counters.packetCount = try body.read(UInt64.self, "packet count")
      case StatisticsList.Number.bytes: counters.byteCount = try body.read(UInt64.self, "byte count")
      default: break
      }
    }
    self = counters
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    try StatisticsList.write(to: &writer) { writer in
      StatisticsList.writeHeader(to: &writer, StatisticsList.Number.duration)
      writer.write(self.durationSeconds)
      writer.write(self.durationNanoseconds)
      if let idleSeconds {
        StatisticsList.writeHeader(to: &writer, StatisticsList.Number.idleTime)
        writer.write(idleSeconds)
        writer.writeZeros(4)
      }
      StatisticsList.writeHeader(to: &writer, StatisticsList.Number.packets)
      writer.write(self.packetCount)
      StatisticsList.writeHeader(to: &writer, StatisticsList.Number.bytes)
      writer.write(self.byteCount)
    }
  }
}

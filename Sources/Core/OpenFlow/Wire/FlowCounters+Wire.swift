// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Counters in 1.5: a list of statistics, each with a header like that of a match field (OpenFlow 1.5.1, 7.2.4).
extension FlowCounters {
  private enum Number {
    static let duration: UInt8 = 0
    static let idleTime: UInt8 = 1
    static let packets: UInt8 = 4
    static let bytes: UInt8 = 5
  }

  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.init()
    let offset = reader.offset
    try reader.skip(2)
    let length = Int(try reader.read(UInt16.self, "length of statistics"))
    guard length >= 4 else {
      throw .badLength(what: "statistics", offset: offset, length: length, accepted: "4 or more")
    }
    var list = try reader.slice(length - 4, "statistics")
    reader.skipPadding(after: length)
    while list.remaining > 0 {
      let header = try list.read(UInt32.self, "statistic")
      var body = try list.slice(Int(header & 0xff), "statistic")
      guard header >> 16 == UInt32(OXMClass.statistics) else { continue }
      switch UInt8(truncatingIfNeeded: header >> 9) & 0x7f {
      case Number.duration:
        self.durationSeconds = try body.read(UInt32.self, "duration")
        self.durationNanoseconds = try body.read(UInt32.self, "duration")
      case Number.idleTime: self.idleSeconds = try body.read(UInt32.self, "idle time")
      case Number.packets: self.packetCount = try body.read(UInt64.self, "packet count")
      case Number.bytes: self.byteCount = try body.read(UInt64.self, "byte count")
      default: break
      }
    }
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    let start = writer.count
    writer.writeZeros(4)
    Self.writeHeader(to: &writer, Number.duration)
    writer.write(self.durationSeconds)
    writer.write(self.durationNanoseconds)
    if let idleSeconds {
      Self.writeHeader(to: &writer, Number.idleTime)
      writer.write(idleSeconds)
      writer.writeZeros(4)
    }
    Self.writeHeader(to: &writer, Number.packets)
    writer.write(self.packetCount)
    Self.writeHeader(to: &writer, Number.bytes)
    writer.write(self.byteCount)
    try writer.patchLength(at: start + 2, since: start, "statistics")
    writer.writePadding(since: start)
  }

  private static func writeHeader(to writer: inout WireWriter, _ number: UInt8) {
    writer.write(UInt32(OXMClass.statistics) << 16 | UInt32(number) << 9 | 8)
  }
}

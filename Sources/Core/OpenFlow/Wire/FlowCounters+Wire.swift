// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Counters in 1.5: a list of statistics, each with a header like that of a match field (OpenFlow 1.5.1, 7.2.4).
extension FlowCounters {
  private enum Number {
    static let duration: UInt8 = 0
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
      case Number.packets: self.packetCount = try body.read(UInt64.self, "packet count")
      case Number.bytes: self.byteCount = try body.read(UInt64.self, "byte count")
      default: break
      }
    }
  }

  func write(to buffer: inout ByteBuffer) throws(OpenFlowEncodingError) {
    let start = buffer.writerIndex
    buffer.writeZeros(4)
    Self.writeHeader(to: &buffer, Number.duration)
    buffer.writeInteger(self.durationSeconds)
    buffer.writeInteger(self.durationNanoseconds)
    Self.writeHeader(to: &buffer, Number.packets)
    buffer.writeInteger(self.packetCount)
    Self.writeHeader(to: &buffer, Number.bytes)
    buffer.writeInteger(self.byteCount)
    try buffer.patchLength(at: start + 2, since: start, "statistics")
    buffer.writePadding(since: start)
  }

  private static func writeHeader(to buffer: inout ByteBuffer, _ number: UInt8) {
    buffer.writeInteger(UInt32(OXMClass.statistics) << 16 | UInt32(number) << 9 | 8)
  }
}

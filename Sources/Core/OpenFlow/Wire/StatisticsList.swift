// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Counters in 1.5 (OXS): a list of statistics, each with a header like that of a match field
/// (OpenFlow 1.5.1, 7.2.4).
enum StatisticsList {
  /// OFPXST_OFB_*
  enum Number {
    static let duration: UInt8 = 0
    static let idleTime: UInt8 = 1
    static let flows: UInt8 = 3
    static let packets: UInt8 = 4
    static let bytes: UInt8 = 5
  }

  /// Hands each statistic of OpenFlow's own class to `visit`, and passes over all others.
  static func read(
    from reader: inout WireReader,
    _ visit: (_ number: UInt8, _ body: inout WireReader) throws(OpenFlowDecodingError) -> Void
  ) throws(OpenFlowDecodingError) {
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
      try visit(UInt8(truncatingIfNeeded: header >> 9) & 0x7f, &body)
    }
  }

  /// Writes a list whose statistics `writeAll` writes.
  static func write(
    to writer: inout WireWriter, _ writeAll: (inout WireWriter) -> Void
  ) throws(OpenFlowEncodingError) {
    let start = writer.count
    writer.writeZeros(4)
    writeAll(&writer)
    try writer.patchLength(at: start + 2, since: start, "statistics")
    writer.writePadding(since: start)
  }

  /// Writes what stands before a statistic of `byteCount` bytes.
  static func writeHeader(to writer: inout WireWriter, _ number: UInt8, byteCount: UInt32 = 8) {
    writer.write(UInt32(OXMClass.statistics) << 16 | UInt32(number) << 9 | byteCount)
  }
}

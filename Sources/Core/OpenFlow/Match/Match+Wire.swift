// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A match on the wire: type 1 (OFPMT_OXM), length without padding, fields, padding to 8 bytes
/// (OpenFlow 1.3.5, 7.2.3.1).
extension Match {
  private static let oxmType: UInt16 = 1
  /// More fields than any switch has; the time to read a match grows with their square.
  private static let maximumFields = 256

  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    let offset = reader.offset
    let type = try reader.read(UInt16.self, "match type")
    guard type == Self.oxmType else {
      throw .badValue(what: "match type", offset: offset, value: UInt64(type), accepted: "1 (OXM)")
    }
    let length = Int(try reader.read(UInt16.self, "match length"))
    guard length >= 4 else {
      throw .badLength(what: "match", offset: offset, length: length, accepted: "4 or more")
    }
    var fields = try reader.slice(length - 4, "match")
    try reader.skip(paddingTo8(length), "match padding")
    try self.init(readingFieldsOf: &fields)
  }

  /// Reads fields until nothing is left, without the type, length and padding around them.
  init(readingFieldsOf fields: inout WireReader) throws(OpenFlowDecodingError) {
    self.init()
    // A field takes some 8 bytes. One allocation suffices for nearly all matches.
    if fields.remaining > 0 { self.reserveCapacity(min(fields.remaining / 8 + 1, 16)) }
    while fields.remaining > 0 {
      let offset = fields.offset
      let entry = try MatchEntry(reading: &fields)
      if let registers = entry.field.registers {
        // Open vSwitch reads registers back in pairs over 1.5.
        for part in entry.parts(registers) { try self.insertOnce(part, at: offset) }
      } else {
        try self.insertOnce(entry, at: offset)
      }
    }
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    let start = writer.count
    writer.write(UInt32(Self.oxmType) << 16)
    try self.writeFields(to: &writer, version: version)
    try writer.patchLength(at: start + 2, since: start, "match")
    writer.writePadding(since: start)
  }

  /// Writes the fields without what is around them.
  func writeFields(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    // By index: what is iterated over is copied first.
    for index in self.entries.indices { try self.entries[index].write(to: &writer, version: version) }
  }

  private mutating func insertOnce(_ entry: MatchEntry, at offset: Int) throws(OpenFlowDecodingError) {
    guard !self.entries.contains(where: { $0.field.isSameType(as: entry.field) }) else {
      throw .badField(
        oxmClass: entry.field.oxmClass, number: entry.field.number, offset: offset,
        problem: "(\(entry.field)) stands there twice")
    }
    guard self.entries.count < Self.maximumFields else {
      throw .badField(
        oxmClass: entry.field.oxmClass, number: entry.field.number, offset: offset,
        problem: "is one too many: a match can have \(Self.maximumFields)")
    }
    self.insert(entry)
  }
}

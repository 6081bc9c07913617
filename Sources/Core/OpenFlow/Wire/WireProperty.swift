// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A property on the wire: type, length without padding, body, padding to 8 bytes (OpenFlow 1.5.1, 7.2.1.2).
struct WireProperty {
  var type: UInt16
  /// Where the property begins in its message.
  var offset: Int
  var body: WireReader

  /// Reads the next property; nil if nothing is left.
  init?(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    guard reader.remaining > 0 else { return nil }
    self.offset = reader.offset
    self.type = try reader.read(UInt16.self, "property type")
    let length = Int(try reader.read(UInt16.self, "property length"))
    guard length >= 4 else {
      throw .badLength(what: "property", offset: self.offset, length: length, accepted: "4 or more")
    }
    self.body = try reader.slice(length - 4, "property")
    reader.skipPadding(after: length)
  }

  func unknown(_ what: String, accepted: String) -> OpenFlowDecodingError {
    .badValue(what: what, offset: self.offset, value: UInt64(self.type), accepted: accepted)
  }

  /// The property as it is.
  mutating func raw() -> RawProperty { RawProperty(type: self.type, body: self.body.readRest()) }

  /// Reads properties as they are until nothing is left.
  static func rawList(reading reader: inout WireReader) throws(OpenFlowDecodingError) -> [RawProperty] {
    var properties: [RawProperty] = []
    while var property = try WireProperty(reading: &reader) { properties.append(property.raw()) }
    return properties
  }

  /// Writes a property whose body is one integer of at most 16 bytes.
  static func write(to writer: inout WireWriter, type: UInt16, _ value: some WireInteger) {
    let start = writer.count
    // Wherever the specification has a property of 16 bits, two bytes of padding belong to the body.
    let byteCount = value.bitWidth == 16 ? 4 : value.bitWidth / 8
    writer.write(UInt32(type) << 16 | UInt32(4 + byteCount))
    writer.write(value)
    writer.writePadding(since: start)
  }

  /// Writes a property as it is.
  static func write(to writer: inout WireWriter, _ property: RawProperty) throws(OpenFlowEncodingError) {
    let start = writer.count
    writer.write(UInt32(property.type) << 16)
    writer.writeBytes(property.body)
    try writer.patchLength(at: start + 2, since: start, "property")
    writer.writePadding(since: start)
  }
}

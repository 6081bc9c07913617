// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What stands before a field's value on the wire (OpenFlow 1.3.5, 7.2.3.2):
///
///     |31            16|15      9|8      |7        0|
///     | class          | number  | mask? | length   |
///
/// followed by the experimenter's id, which `length` counts, if the class is 0xffff.
struct OXMHeader {
  var oxmClass: UInt16
  var number: UInt8
  var hasMask: Bool
  var experimenter: UInt32
  /// Bytes of value and mask.
  var payloadLength: Int
  /// Where the header stands in its message.
  var offset: Int

  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.offset = reader.offset
    let word = try reader.read(UInt32.self, "match field")
    self.oxmClass = UInt16(truncatingIfNeeded: word >> 16)
    self.number = UInt8(truncatingIfNeeded: word >> 9) & 0x7f
    self.hasMask = word & 0x100 != 0
    self.payloadLength = Int(word & 0xff)
    self.experimenter = 0
    if self.oxmClass == OXMClass.experimenter {
      guard self.payloadLength >= 4 else { throw self.bad("is too short for its experimenter's id") }
      self.experimenter = try reader.read(UInt32.self, "match field's experimenter")
      self.payloadLength -= 4
    }
  }

  /// The field that the header names, which must be one that this module can hold.
  func field() throws(OpenFlowDecodingError) -> MatchField {
    guard !self.hasMask || self.payloadLength % 2 == 0 else {
      throw self.bad("has \(self.payloadLength) bytes for value and mask, which must be an even number")
    }
    let width = self.hasMask ? self.payloadLength / 2 : self.payloadLength
    if let known = MatchField.known(
      oxmClass: self.oxmClass, number: self.number, experimenter: self.experimenter)
    {
      guard width == known.byteCount else {
        throw self.bad("(\(known)) has a value of \(width) bytes, but it must have \(known.byteCount)")
      }
      return known
    }
    guard
      let field = MatchField(
        oxmClass: self.oxmClass, number: self.number, experimenter: self.experimenter, byteCount: width)
    else { throw self.bad("has a value of \(width) bytes, but 1 to 16 can be held") }
    return field
  }

  func bad(_ problem: String) -> OpenFlowDecodingError {
    .badField(oxmClass: self.oxmClass, number: self.number, offset: self.offset, problem: problem)
  }
}

extension MatchField {
  /// Writes the header of this field.
  func writeHeader(to writer: inout WireWriter, hasMask: Bool, version: ProtocolVersion) {
    let wire = self.wireIdentity(version)
    let isExperimenter = wire.oxmClass == OXMClass.experimenter
    let length = (hasMask ? 2 * self.byteCount : self.byteCount) + (isExperimenter ? 4 : 0)
    writer.write(
      UInt32(wire.oxmClass) << 16 | UInt32(wire.number) << 9 | (hasMask ? 0x100 : 0) | UInt32(length))
    if isExperimenter { writer.write(wire.experimenter) }
  }
}

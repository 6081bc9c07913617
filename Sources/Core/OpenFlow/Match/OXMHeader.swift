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
    if let field = MatchField(
      oxmClass: self.oxmClass, number: self.number, experimenter: self.experimenter, byteCount: width)
    {
      return field
    }
    guard
      let known = MatchField.known(oxmClass: self.oxmClass, number: self.number, experimenter: self.experimenter)
    else { throw self.bad("has no value") }
    let accepted = known.hasVariableWidth ? "at most \(MatchField.tunnelMetadataBytes)" : "\(known.byteCount)"
    throw self.bad("(\(known)) has a value of \(width) bytes, but it must have \(accepted)")
  }

  func bad(_ problem: String) -> OpenFlowDecodingError {
    .badField(oxmClass: self.oxmClass, number: self.number, offset: self.offset, problem: problem)
  }
}

extension MatchField {
  /// Writes the header of this field.
  ///
  /// - Throws: if value and mask have more bytes than a header can say: 255, the experimenter's id included.
  func writeHeader(
    to writer: inout WireWriter, hasMask: Bool, version: ProtocolVersion
  ) throws(OpenFlowEncodingError) {
    let wire = self.wireIdentity(version)
    let isExperimenter = wire.oxmClass == OXMClass.experimenter
    let length = (hasMask ? 2 * self.byteCount : self.byteCount) + (isExperimenter ? 4 : 0)
    guard length <= 255 else { throw .tooLong(what: "field \(self) with its mask", length: length, maximum: 255) }
    writer.write(
      UInt32(wire.oxmClass) << 16 | UInt32(wire.number) << 9 | (hasMask ? 0x100 : 0) | UInt32(length))
    if isExperimenter { writer.write(wire.experimenter) }
  }

  /// Writes the header in the four bytes that some of Nicira's actions have for it.
  func writeShortHeader(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    guard self.oxmClass != OXMClass.experimenter else {
      throw .invalid(
        what: "field \(self)", problem: "is an experimenter's, whose name is too long for this action's field")
    }
    writer.write(UInt32(self.oxmClass) << 16 | UInt32(self.number) << 9 | UInt32(self.byteCount))
  }
}

extension OXMHeader {
  /// Reads the header of a field from the four bytes that some of Nicira's actions have for it.
  static func short(_ reader: inout WireReader) throws(OpenFlowDecodingError) -> MatchField {
    var ahead = reader
    let isExperimenter = try ahead.read(UInt16.self, "field") == OXMClass.experimenter
    guard !isExperimenter else {
      throw .badField(
        oxmClass: OXMClass.experimenter, number: 0, offset: reader.offset,
        problem: "is an experimenter's, whose name is too long for this action's field")
    }
    return try OXMHeader(reading: &reader).field()
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension MatchEntry {
  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    let header = try OXMHeader(reading: &reader)
    let field = try header.field()
    guard !field.isWide else {
      self = try MatchEntry(reading: &reader, field, header)
      return
    }
    let value = try reader.readNumber(byteCount: field.byteCount, "match field's value")
    guard value & ~field.fullMask == 0 else {
      throw header.bad("(\(field)) has a value of more than \(field.bitCount) bits")
    }
    var mask: UInt128?
    if header.hasMask {
      let bits = try reader.readNumber(byteCount: field.byteCount, "match field's mask")
      guard field.maskable || bits & field.fullMask == field.fullMask else {
        throw header.bad("(\(field)) has a mask, but it can only be matched as a whole")
      }
      mask = bits
    }
    self.init(field, value, mask: mask)
  }

  /// Reads the value, and the mask if there is one, of a field with more than 128 bits.
  private init(
    reading reader: inout WireReader, _ field: MatchField, _ header: OXMHeader
  ) throws(OpenFlowDecodingError) {
    let value = try reader.readBytes(field.byteCount, "match field's value")
    let mask = header.hasMask ? try reader.readBytes(field.byteCount, "match field's mask") : nil
    guard let entry = MatchEntry(field, bytes: value, mask: mask) else { throw header.bad("has another width") }
    self = entry
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    guard self.mask == nil || self.field.maskable else {
      throw .invalid(what: "field \(self.field)", problem: "has a mask, but it can only be matched as a whole")
    }
    try self.field.writeHeader(to: &writer, hasMask: self.mask != nil, version: version)
    if let wide = self.wide {
      writer.writeBytes(wide.value)
      if let mask = wide.mask { writer.writeBytes(mask) }
    } else {
      let byteCount = self.field.byteCount
      writer.writeNumber(self.value, byteCount: byteCount)
      if let mask = self.mask { writer.writeNumber(mask, byteCount: byteCount) }
    }
  }
}

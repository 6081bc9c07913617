// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension MatchEntry {
  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    let header = try OXMHeader(reading: &reader)
    let field = try header.field()
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

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    guard self.mask == nil || self.field.maskable else {
      throw .invalid(what: "field \(self.field)", problem: "has a mask, but it can only be matched as a whole")
    }
    self.field.writeHeader(to: &writer, hasMask: self.mask != nil, version: version)
    let byteCount = self.field.byteCount
    writer.writeNumber(self.value, byteCount: byteCount)
    if let mask = self.mask { writer.writeNumber(mask, byteCount: byteCount) }
  }
}

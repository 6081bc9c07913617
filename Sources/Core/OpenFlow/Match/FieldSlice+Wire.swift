// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A slice as Nicira's actions write it: six bits and more of offset and six bits of count, in one number.
extension FieldSlice {
  /// Reads from `word` (offset << 6 | count - 1) and from the field's header.
  init(offsetAndCount word: UInt16, field: MatchField, at offset: Int) throws(OpenFlowDecodingError) {
    self.init(field, offset: word >> 6, bitCount: (word & 0x3f) + 1)
    try self.check(at: offset)
  }

  /// offset << 6 | count - 1, for a count of at most 64.
  var offsetAndCount: UInt16 { self.offset << 6 | (self.bitCount - 1) & 0x3f }

  /// Makes sure that the slice lies within its field.
  func check(at offset: Int) throws(OpenFlowDecodingError) {
    guard self.isValid else {
      throw .badField(
        oxmClass: self.field.oxmClass, number: self.field.number, offset: offset,
        problem: "(\(self.field)) has no bits \(self.offset) to \(Int(self.offset) + Int(self.bitCount) - 1)")
    }
  }

  /// Makes sure that the slice lies within its field.
  func check() throws(OpenFlowEncodingError) {
    guard self.isValid else {
      throw .invalid(
        what: "field \(self.field)",
        problem: "has \(self.field.bitCount) bits, so no \(self.bitCount) bits from bit \(self.offset)")
    }
  }
}

extension FieldSlice {
  /// offset << 6 | count - 1 of a slice that is within its field, in six bits and ten; otherwise an error.
  func checkedOffsetAndCount(_ what: String) throws(OpenFlowEncodingError) -> UInt16 {
    try self.check()
    guard self.bitCount <= 64, self.offset < 1 << 10 else {
      throw .invalid(what: what, problem: "names \(self), but can name at most 64 bits, the first below 1024")
    }
    return self.offsetAndCount
  }
}

extension FieldSlice {
  /// Makes sure that the slice is one bit of its field.
  func checkIsOneBit(_ what: String) throws(OpenFlowEncodingError) {
    try self.check()
    guard self.bitCount == 1 else {
      throw .invalid(what: what, problem: "goes to \(self), but it must be one bit")
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// What every structure is written with. Lengths are written as 0 first and patched when they are known.
extension ByteBuffer {
  /// Writes `count` zero bytes.
  mutating func writeZeros(_ count: Int) {
    switch count {
    case 0: break
    case 1: self.writeInteger(0 as UInt8)
    case 2: self.writeInteger(0 as UInt16)
    case 4: self.writeInteger(0 as UInt32)
    default: self.writeRepeatingByte(0, count: count)
    }
  }

  /// Writes zeros until a multiple of 8 bytes has been written since `start`.
  mutating func writePadding(since start: Int) {
    self.writeZeros(paddingTo8(self.writerIndex - start))
  }

  /// Writes at `index` how many bytes there are since `start`.
  mutating func patchLength(
    at index: Int, since start: Int, _ what: StaticString
  ) throws(OpenFlowEncodingError) {
    let length = self.writerIndex - start
    guard let value = UInt16(exactly: length) else {
      throw .tooLong(what: "\(what)", length: length, maximum: Int(UInt16.max))
    }
    self.setInteger(value, at: index)
  }

  /// Writes the low `byteCount` bytes of a number.
  mutating func writeNumber(_ value: UInt128, byteCount: Int) {
    switch byteCount {
    case 1: self.writeInteger(UInt8(truncatingIfNeeded: value))
    case 2: self.writeInteger(UInt16(truncatingIfNeeded: value))
    case 4: self.writeInteger(UInt32(truncatingIfNeeded: value))
    case 6:
      self.writeInteger(UInt16(truncatingIfNeeded: value >> 32))
      self.writeInteger(UInt32(truncatingIfNeeded: value))
    case 8: self.writeInteger(UInt64(truncatingIfNeeded: value))
    case 16:
      self.writeInteger(UInt64(truncatingIfNeeded: value >> 64))
      self.writeInteger(UInt64(truncatingIfNeeded: value))
    default:
      for index in stride(from: byteCount - 1, through: 0, by: -1) {
        self.writeInteger(UInt8(truncatingIfNeeded: value >> UInt128(8 * index)))
      }
    }
  }

  /// Writes a text into a field of `width` bytes that ends with a zero at least.
  mutating func writeText(_ text: String, width: Int, _ what: StaticString) throws(OpenFlowEncodingError) {
    let count = text.utf8.count
    guard count < width else { throw .tooLong(what: "\(what) '\(text)'", length: count, maximum: width - 1) }
    self.writeString(text)
    self.writeZeros(width - count)
  }
}

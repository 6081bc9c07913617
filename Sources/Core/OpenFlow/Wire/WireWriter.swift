// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Writes big-endian values into a message, from front to back. Lengths are written as 0 first and patched when they
/// are known.
///
/// It writes into bytes that it is given. If they are too few, it goes on counting without writing, so that `count`
/// says in the end how many are needed. A writer must not outlive its bytes.
struct WireWriter {
  private let bytes: UnsafeMutableRawBufferPointer
  /// How many bytes the message has so far, whether they were written or only counted.
  private(set) var count = 0

  init(_ bytes: UnsafeMutableRawBufferPointer) {
    self.bytes = bytes
  }

  /// Writes an integer.
  mutating func write<Value: WireInteger>(_ value: Value) {
    let end = self.count + MemoryLayout<Value>.size
    if end <= self.bytes.count {
      self.bytes.storeBytes(of: value.bigEndian, toByteOffset: self.count, as: Value.self)
    }
    self.count = end
  }

  /// Writes the low `byteCount` bytes of a number.
  mutating func writeNumber(_ value: UInt128, byteCount: Int) {
    switch byteCount {
    case 1: self.write(UInt8(truncatingIfNeeded: value))
    case 2: self.write(UInt16(truncatingIfNeeded: value))
    case 4: self.write(UInt32(truncatingIfNeeded: value))
    case 6:
      self.write(UInt16(truncatingIfNeeded: value >> 32))
      self.write(UInt32(truncatingIfNeeded: value))
    case 8: self.write(UInt64(truncatingIfNeeded: value))
    case 16: self.write(value)
    default:
      for index in stride(from: byteCount - 1, through: 0, by: -1) {
        self.write(UInt8(truncatingIfNeeded: value >> UInt128(8 * index)))
      }
    }
  }

  /// Writes bytes as they are.
  mutating func writeBytes(_ source: [UInt8]) {
    source.withUnsafeBytes { self.append($0) }
  }

  /// Writes a text into a field of `width` bytes that ends with a zero at least.
  mutating func writeText(_ text: String, width: Int, _ what: StaticString) throws(OpenFlowEncodingError) {
    let bytes = [UInt8](text.utf8)
    guard bytes.count < width else {
      throw .tooLong(what: "\(what) '\(text)'", length: bytes.count, maximum: width - 1)
    }
    self.writeBytes(bytes)
    self.writeZeros(width - bytes.count)
  }

  /// Writes `count` zero bytes.
  mutating func writeZeros(_ count: Int) {
    let end = self.count + count
    if end <= self.bytes.count {
      for index in self.count..<end { self.bytes[index] = 0 }
    }
    self.count = end
  }

  /// Writes zeros until a multiple of 8 bytes has been written since `start`.
  mutating func writePadding(since start: Int) {
    self.writeZeros(paddingTo8(self.count - start))
  }

  /// Writes at `index` how many bytes there are since `start`.
  mutating func patchLength(
    at index: Int, since start: Int, _ what: StaticString
  ) throws(OpenFlowEncodingError) {
    let length = self.count - start
    guard let value = UInt16(exactly: length) else {
      throw .tooLong(what: "\(what)", length: length, maximum: Int(UInt16.max))
    }
    guard index + 2 <= self.bytes.count else { return }
    self.bytes.storeBytes(of: value.bigEndian, toByteOffset: index, as: UInt16.self)
  }

  private mutating func append(_ source: UnsafeRawBufferPointer) {
    let end = self.count + source.count
    if end <= self.bytes.count {
      UnsafeMutableRawBufferPointer(rebasing: self.bytes[self.count..<end]).copyMemory(from: source)
    }
    self.count = end
  }
}

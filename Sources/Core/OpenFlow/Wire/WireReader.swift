// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Reads big-endian values from a message, from front to back, and never past the end of what encloses them.
///
/// A reader for a nested structure (`slice`) keeps counting offsets from the first byte of the message, so that every
/// error says where in the message it is. A reader must not outlive the bytes that it was made for.
struct WireReader {
  private let bytes: UnsafeRawBufferPointer
  /// Where the next byte is, counted from the message's first.
  private(set) var offset: Int
  private let end: Int

  /// Reads all of `bytes`, which begin with the message's first.
  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    self.offset = 0
    self.end = bytes.count
  }

  private init(_ enclosing: WireReader, length: Int) {
    self.bytes = enclosing.bytes
    self.offset = enclosing.offset
    self.end = enclosing.offset + length
  }

  /// How many bytes are left.
  var remaining: Int { self.end - self.offset }

  /// Reads an integer.
  mutating func read<Value: WireInteger>(
    _ type: Value.Type = Value.self, _ what: StaticString
  ) throws(OpenFlowDecodingError) -> Value {
    let size = MemoryLayout<Value>.size
    guard self.remaining >= size else { throw self.truncated(what, needed: size) }
    // `loadUnaligned` checks nothing in release builds: the guard above does.
    let value = Value(bigEndian: self.bytes.loadUnaligned(fromByteOffset: self.offset, as: type))
    self.offset += size
    return value
  }

  /// Reads an unsigned number of 1 to 16 bytes.
  mutating func readNumber(byteCount: Int, _ what: StaticString) throws(OpenFlowDecodingError) -> UInt128 {
    switch byteCount {
    case 1: return UInt128(try self.read(UInt8.self, what))
    case 2: return UInt128(try self.read(UInt16.self, what))
    case 4: return UInt128(try self.read(UInt32.self, what))
    case 6:
      let high = try self.read(UInt16.self, what)
      return UInt128(UInt64(high) << 32 | UInt64(try self.read(UInt32.self, what)))
    case 8: return UInt128(try self.read(UInt64.self, what))
    case 16: return try self.read(UInt128.self, what)
    default:
      var value: UInt128 = 0
      for _ in 0..<byteCount { value = value << 8 | UInt128(try self.read(UInt8.self, what)) }
      return value
    }
  }

  /// Reads `count` bytes.
  mutating func readBytes(_ count: Int, _ what: StaticString) throws(OpenFlowDecodingError) -> [UInt8] {
    guard self.remaining >= count else { throw self.truncated(what, needed: count) }
    let value = [UInt8](self.bytes[self.offset..<(self.offset + count)])
    self.offset += count
    return value
  }

  /// Reads all that is left.
  mutating func readRest() -> [UInt8] {
    let value = [UInt8](self.bytes[self.offset..<self.end])
    self.offset = self.end
    return value
  }

  /// Reads a text in a field of `width` bytes that ends at its first zero. What is not UTF-8 is replaced.
  mutating func readText(width: Int, _ what: StaticString) throws(OpenFlowDecodingError) -> String {
    let field = try self.readBytes(width, what)
    return String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
  }

  /// Passes over padding.
  mutating func skip(_ count: Int, _ what: StaticString = "padding") throws(OpenFlowDecodingError) {
    guard self.remaining >= count else { throw self.truncated(what, needed: count) }
    self.offset += count
  }

  /// Passes over the padding that makes `length` a multiple of 8, as far as it is there: the last structure of
  /// a message may come without.
  mutating func skipPadding(after length: Int) {
    self.offset += min(self.remaining, paddingTo8(length))
  }

  /// A reader for the next `length` bytes, which this one passes over.
  mutating func slice(_ length: Int, _ what: StaticString) throws(OpenFlowDecodingError) -> WireReader {
    guard self.remaining >= length else { throw self.truncated(what, needed: length) }
    let inner = WireReader(self, length: length)
    self.offset += length
    return inner
  }

  /// Makes sure that nothing is left.
  func expectEnd(_ what: StaticString) throws(OpenFlowDecodingError) {
    guard self.remaining == 0 else {
      throw .badLength(
        what: "rest of the \(what)", offset: self.offset, length: self.remaining, accepted: "empty")
    }
  }

  private func truncated(_ what: StaticString, needed: Int) -> OpenFlowDecodingError {
    .truncated(what: "\(what)", offset: self.offset, needed: needed, available: self.remaining)
  }
}

/// How many bytes make `length` a multiple of 8.
func paddingTo8(_ length: Int) -> Int { (8 - length & 7) & 7 }

/// An integer that can be copied byte by byte.
typealias WireInteger = FixedWidthInteger & BitwiseCopyable

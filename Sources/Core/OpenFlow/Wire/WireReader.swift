// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Reads big-endian values from a message, from front to back, and never past the end of what encloses them.
///
/// A reader for a nested structure (`slice`) keeps counting offsets from the first byte of the message, so that every
/// error says where in the message it is.
struct WireReader {
  private let bytes: ByteBuffer
  private let start: Int
  private var position: Int
  private let end: Int

  /// Reads all that is readable in `bytes`.
  init(_ bytes: ByteBuffer) {
    self.bytes = bytes
    self.start = bytes.readerIndex
    self.position = bytes.readerIndex
    self.end = bytes.writerIndex
  }

  private init(_ enclosing: WireReader, length: Int) {
    self.bytes = enclosing.bytes
    self.start = enclosing.start
    self.position = enclosing.position
    self.end = enclosing.position + length
  }

  /// Where the next byte is, counted from the message's first.
  var offset: Int { self.position - self.start }

  /// How many bytes are left.
  var remaining: Int { self.end - self.position }

  /// Reads an integer.
  mutating func read<Value: FixedWidthInteger>(
    _ type: Value.Type = Value.self, _ what: StaticString
  ) throws(OpenFlowDecodingError) -> Value {
    let size = MemoryLayout<Value>.size
    guard self.remaining >= size, let value = self.bytes.getInteger(at: self.position, as: type) else {
      throw self.truncated(what, needed: size)
    }
    self.position += size
    return value
  }

  /// Reads an unsigned number of 1 to 16 bytes.
  mutating func readNumber(byteCount: Int, _ what: StaticString) throws(OpenFlowDecodingError) -> UInt128 {
    switch byteCount {
    case 1: return UInt128(try self.read(UInt8.self, what))
    case 2: return UInt128(try self.read(UInt16.self, what))
    case 4: return UInt128(try self.read(UInt32.self, what))
    case 8: return UInt128(try self.read(UInt64.self, what))
    default:
      var value: UInt128 = 0
      for _ in 0..<byteCount { value = value << 8 | UInt128(try self.read(UInt8.self, what)) }
      return value
    }
  }

  /// Reads `count` bytes.
  mutating func readBytes(_ count: Int, _ what: StaticString) throws(OpenFlowDecodingError) -> [UInt8] {
    guard count >= 0, self.remaining >= count, let value = self.bytes.getBytes(at: self.position, length: count)
    else { throw self.truncated(what, needed: count) }
    self.position += count
    return value
  }

  /// Reads all that is left.
  mutating func readRest() -> [UInt8] {
    let value = self.bytes.getBytes(at: self.position, length: self.remaining) ?? []
    self.position = self.end
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
    self.position += count
  }

  /// Passes over the padding that makes `length` a multiple of 8, as far as it is there: the last structure of
  /// a message may come without.
  mutating func skipPadding(after length: Int) {
    self.position += min(self.remaining, paddingTo8(length))
  }

  /// A reader for the next `length` bytes, which this one passes over.
  mutating func slice(_ length: Int, _ what: StaticString) throws(OpenFlowDecodingError) -> WireReader {
    guard length >= 0, self.remaining >= length else { throw self.truncated(what, needed: length) }
    let inner = WireReader(self, length: length)
    self.position += length
    return inner
  }

  /// Makes sure that nothing is left but fewer bytes than `padding`.
  func expectEnd(_ what: StaticString, padding: Int = 1) throws(OpenFlowDecodingError) {
    guard self.remaining < padding else {
      throw .badLength(
        what: "\(what)", offset: self.offset, length: self.remaining, accepted: "followed by nothing more")
    }
  }

  private func truncated(_ what: StaticString, needed: Int) -> OpenFlowDecodingError {
    .truncated(what: "\(what)", offset: self.offset, needed: needed, available: self.remaining)
  }
}

/// How many bytes make `length` a multiple of 8.
func paddingTo8(_ length: Int) -> Int { (8 - length % 8) % 8 }

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import ServiceModel

/// Reads a datagram's fields in order; says where the datagram is wrong instead of trapping.
struct FieldReader {
  private var bytes: ByteBuffer
  /// Where the bytes begin in the datagram.
  private let start: Int

  init(_ bytes: ByteBuffer, startingAt start: Int = 0) {
    self.bytes = bytes.slice()
    self.start = start
  }

  /// Bytes from the start of the datagram to the next field.
  var offset: Int { self.start + self.bytes.readerIndex }
  var isAtEnd: Bool { self.bytes.readableBytes == 0 }

  mutating func read<Number: FixedWidthInteger>(_ type: Number.Type) throws(HeartbeatError) -> Number {
    guard let value = self.bytes.readInteger(as: type) else {
      throw .truncated(at: self.start + self.bytes.writerIndex)
    }
    return value
  }

  /// A length of one byte and a name.
  mutating func readName<Text: Name>(_ type: Text.Type = RegionName.self) throws(HeartbeatError) -> Text {
    let length = Int(try self.read(UInt8.self))
    let at = self.offset
    guard let text = self.bytes.readString(length: length) else {
      throw .truncated(at: self.start + self.bytes.writerIndex)
    }
    guard let name = Text(text) else { throw .malformed(at: at) }
    return name
  }

  /// Microseconds as `writeAge` writes them.
  mutating func readAge() throws(HeartbeatError) -> Duration? {
    let microseconds = try self.read(UInt32.self)
    return microseconds == ByteBuffer.noAge ? nil : .microseconds(Int64(microseconds))
  }

  /// A type, a length and as many bytes.
  mutating func readTypeLengthValue() throws(HeartbeatError) -> (type: UInt16, value: FieldReader) {
    let type = try self.read(UInt16.self)
    let length = Int(try self.read(UInt16.self))
    let at = self.offset
    guard let value = self.bytes.readSlice(length: length) else {
      throw .truncated(at: self.start + self.bytes.writerIndex)
    }
    return (type, FieldReader(value, startingAt: at))
  }
}

extension ByteBuffer {
  fileprivate static let noAge = UInt32.max

  mutating func writeName(_ name: some Name) {
    self.writeInteger(UInt8(truncatingIfNeeded: name.text.utf8.count))
    self.writeString(name.text)
  }

  /// Whole microseconds, 0 to 71 minutes; what is longer is written as that.
  mutating func writeAge(_ age: Duration?) {
    guard let age else {
      self.writeInteger(Self.noAge)
      return
    }
    let microseconds = max(0, age.nanoseconds / 1_000)
    self.writeInteger(UInt32(min(microseconds, Int64(Self.noAge - 1))))
  }

  /// A type, a length of two bytes and what `value` writes.
  mutating func writeTypeLengthValue(_ type: UInt16, value: (inout ByteBuffer) -> Void) {
    self.writeInteger(type)
    let lengthIndex = self.writerIndex
    self.writeInteger(UInt16(0))
    value(&self)
    // What is too long for its length is too long for a datagram, which is checked before it is sent.
    self.setInteger(UInt16(truncatingIfNeeded: self.writerIndex - lengthIndex - 2), at: lengthIndex)
  }
}

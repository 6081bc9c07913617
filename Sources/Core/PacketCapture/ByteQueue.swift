// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Bytes of a file as they arrive: put in behind, taken out in front. It holds what one packet or block needs, no more,
/// if its user takes packets out before it puts more in.
struct ByteQueue: Sendable {
  private var bytes: [UInt8] = []
  private var head = 0
  /// Where in the file the next byte is.
  private(set) var offset = 0
  /// Still to be dropped when it arrives.
  private var toSkip = 0

  var count: Int { self.bytes.count - self.head }

  /// Whether something that is to be passed over has not arrived yet.
  var isSkipping: Bool { self.toSkip > 0 }

  mutating func append(_ new: some Sequence<UInt8>) {
    if self.head > 0, self.head >= self.count {
      self.bytes.removeSubrange(..<self.head)
      self.head = 0
    }
    self.bytes.append(contentsOf: new)
    self.skip(0)
  }

  /// Passes over `count` bytes, those included that have not arrived yet.
  mutating func skip(_ count: Int) {
    self.toSkip += count
    let now = min(self.toSkip, self.count)
    self.head += now
    self.offset += now
    self.toSkip -= now
  }

  /// The next `count` bytes, which are taken out; nil if they have not all arrived.
  mutating func take(_ count: Int) -> [UInt8]? {
    guard !self.isSkipping, self.count >= count else { return nil }
    defer { self.skip(count) }
    return [UInt8](self.bytes[self.head..<(self.head + count)])
  }

  /// The number `index` bytes further on, which stays; nil if it has not arrived.
  func peek<Value: FixedWidthInteger & UnsignedInteger>(
    _ type: Value.Type = Value.self, at index: Int = 0, _ order: ByteOrder
  ) -> Value? {
    guard !self.isSkipping else { return nil }
    return order.read(type, in: self.bytes[self.head...], at: index)
  }
}

/// Which byte of a number comes first.
enum ByteOrder: Sendable {
  case big, little

  /// The number that begins `index` bytes behind the start of `bytes`; nil if it does not fit.
  func read<Value: FixedWidthInteger & UnsignedInteger>(
    _ type: Value.Type = Value.self, in bytes: ArraySlice<UInt8>, at index: Int
  ) -> Value? {
    let size = Value.bitWidth / 8
    guard index >= 0, bytes.count - index >= size else { return nil }
    var value: Value = 0
    for position in 0..<size {
      let byte = bytes[bytes.startIndex + index + (self == .big ? position : size - 1 - position)]
      value = value << 8 | Value(byte)
    }
    return value
  }
}

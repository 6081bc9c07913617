// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing

/// Reads network byte order from front to back; nil as soon as there is not enough.
struct ByteReader {
  private let bytes: [UInt8]
  private var index = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  private mutating func integer(octets: Int) -> UInt64? {
    guard self.bytes.count - self.index >= octets else { return nil }
    var value: UInt64 = 0
    for _ in 0..<octets {
      value = value << 8 | UInt64(self.bytes[self.index])
      self.index += 1
    }
    return value
  }

  mutating func uint8() -> UInt8? { self.integer(octets: 1).map { UInt8($0) } }
  mutating func uint16() -> UInt16? { self.integer(octets: 2).map { UInt16($0) } }
  mutating func uint32() -> UInt32? { self.integer(octets: 4).map { UInt32($0) } }
  mutating func uint64() -> UInt64? { self.integer(octets: 8) }
  mutating func mac() -> MACAddress? { self.integer(octets: 6).map { MACAddress(rawValue: $0) } }
  mutating func ipv4() -> IPv4Address? { self.uint32().map { IPv4Address(rawValue: $0) } }

  mutating func ipv6() -> IPv6Address? {
    guard let high = self.uint64(), let low = self.uint64() else { return nil }
    return IPv6Address(rawValue: UInt128(high) << 64 | UInt128(low))
  }

  mutating func skip(_ octets: Int) -> Bool {
    guard octets >= 0, self.bytes.count - self.index >= octets else { return false }
    self.index += octets
    return true
  }

  /// The next `count` bytes.
  mutating func octets(_ count: Int) -> [UInt8]? {
    let start = self.index
    guard self.skip(count) else { return nil }
    return Array(self.bytes[start..<self.index])
  }

  /// What has not been read yet.
  func rest() -> [UInt8] { Array(self.bytes[self.index...]) }
}

func bigEndian<Integer: FixedWidthInteger & UnsignedInteger>(_ value: Integer) -> [UInt8] {
  let octets = Integer.bitWidth / 8
  return (0..<octets).map { UInt8(truncatingIfNeeded: value >> (8 * (octets - 1 - $0))) }
}

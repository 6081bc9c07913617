// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// An IPv4 address.
public struct IPv4Address: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The address as a number, first octet highest.
  public let rawValue: UInt32

  /// Takes any number.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Reads dotted decimal, four octets without leading zeros (RFC 6943, 3.1.1); nil for anything else.
  public init?(_ text: some StringProtocol) {
    var value: UInt32 = 0
    var points = 0
    var octet: UInt32?
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "."):
        guard points < 3, let whole = octet else { return nil }
        value = value << 8 | whole
        points += 1
        octet = nil
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let next = (octet ?? 0) * 10 + UInt32(byte - UInt8(ascii: "0"))
        guard octet != 0, next <= 255 else { return nil }
        octet = next
      default: return nil
      }
    }
    guard points == 3, let octet else { return nil }
    value = value << 8 | octet
    self.rawValue = value
  }

  /// 224.0.0.0/4
  public var isMulticast: Bool { self.rawValue >> 28 == 0xe }
  /// 127.0.0.0/8
  public var isLoopback: Bool { self.rawValue >> 24 == 127 }
  /// 0.0.0.0
  public var isUnspecified: Bool { self.rawValue == 0 }

  /// The four octets in the order of the wire.
  public var octets: [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: self.rawValue >> (24 - 8 * $0)) }
  }

  /// Dotted decimal.
  public var description: String {
    self.octets.map { String($0) }.joined(separator: ".")
  }

  /// By number, first octet highest.
  public static func < (a: IPv4Address, b: IPv4Address) -> Bool { a.rawValue < b.rawValue }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A 48-bit IEEE 802 MAC address.
public struct MACAddress: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The address in the low 48 bits, first octet highest. The high 16 bits are always zero.
  public let rawValue: UInt64

  /// Takes the low 48 bits of `rawValue`.
  public init(rawValue: UInt64) {
    self.rawValue = rawValue & 0xffff_ffff_ffff
  }

  /// Reads `aa:bb:cc:dd:ee:ff`; nil for anything else.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 6 else { return nil }
    var value: UInt64 = 0
    for part in parts {
      guard part.utf8.count == 2, part.utf8.allSatisfy(isHexDigit), let octet = UInt8(part, radix: 16) else {
        return nil
      }
      value = value << 8 | UInt64(octet)
    }
    self.rawValue = value
  }

  /// ff:ff:ff:ff:ff:ff
  public static let broadcast = MACAddress(rawValue: 0xffff_ffff_ffff)

  /// True for group addresses, broadcast included: the lowest bit of the first octet (IEEE 802, 8.2.2).
  public var isMulticast: Bool { self.rawValue & 0x0100_0000_0000 != 0 }

  /// The six octets in the order of the wire.
  public var octets: [UInt8] {
    (0..<6).map { UInt8(truncatingIfNeeded: self.rawValue >> (40 - 8 * $0)) }
  }

  /// `aa:bb:cc:dd:ee:ff`, in lower case.
  public var description: String {
    self.octets.map { hexOctet($0) }.joined(separator: ":")
  }

  /// By number, first octet highest.
  public static func < (a: MACAddress, b: MACAddress) -> Bool { a.rawValue < b.rawValue }
}

/// Two lower-case hexadecimal digits.
@usableFromInline
func hexOctet(_ octet: UInt8) -> String {
  let text = String(octet, radix: 16)
  return octet < 16 ? "0" + text : text
}

func isHexDigit(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
    UInt8(ascii: "A")...UInt8(ascii: "F"):
    true
  default: false
  }
}

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
    guard let value = colonSeparated(text, octets: 6) else { return nil }
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

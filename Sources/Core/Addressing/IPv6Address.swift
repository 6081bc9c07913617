// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// An IPv6 address, without a zone: what `fe80::1%eth0` names is known on one machine only.
public struct IPv6Address: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The address as a number, first octet highest.
  public let rawValue: UInt128

  /// Takes any number.
  public init(rawValue: UInt128) {
    self.rawValue = rawValue
  }

  /// Reads any form of RFC 4291, 2.2, in upper or lower case; nil for anything else, a zone (RFC 4007, 11) included.
  public init?(_ text: some StringProtocol) {
    // The longest is `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`.
    guard text.utf8.count <= 45, let value = number(Array(text.utf8)) else { return nil }
    self.rawValue = value
  }

  /// ff00::/8
  public var isMulticast: Bool { self.rawValue >> 120 == 0xff }
  /// ::1
  public var isLoopback: Bool { self.rawValue == 1 }
  /// ::
  public var isUnspecified: Bool { self.rawValue == 0 }
  /// fe80::/10
  public var isLinkLocal: Bool { self.rawValue >> 118 == 0x3fa }
  /// ::ffff:0:0/96, which stands for an IPv4 address within a program (RFC 4291, 2.5.5.2).
  public var isIPv4Mapped: Bool { self.rawValue >> 32 == 0xffff }

  /// ::
  public static let unspecified = IPv6Address(rawValue: 0)
  /// ff02::1, every machine on the link (RFC 4291, 2.7.1).
  public static let allNodes = IPv6Address(rawValue: 0xff02 << 112 | 1)

  /// Where machines ask on the link for the MAC address of this one: ff02::1:ff00:0/104 and the last 24 bits
  /// (RFC 4291, 2.7.1).
  public var solicitedNode: IPv6Address {
    IPv6Address(rawValue: 0xff02 << 112 | 0x1_ff00_0000 | self.rawValue & 0xff_ffff)
  }

  /// The sixteen octets in the order of the wire.
  public var octets: [UInt8] {
    (0..<16).map { UInt8(truncatingIfNeeded: self.rawValue >> UInt128(120 - 8 * $0)) }
  }

  /// The one form of RFC 5952, `2001:db8::1`; an IPv4-mapped address ends with its IPv4 address.
  public var description: String {
    if self.isIPv4Mapped { return "::ffff:\(IPv4Address(rawValue: UInt32(truncatingIfNeeded: self.rawValue)))" }
    let groups = (0..<8).map { UInt16(truncatingIfNeeded: self.rawValue >> UInt128(112 - 16 * $0)) }
    guard let zeros = longestRunOfZeros(groups) else { return join(groups[...]) }
    return join(groups[..<zeros.lowerBound]) + "::" + join(groups[zeros.upperBound...])
  }

  /// By number, first octet highest.
  public static func < (a: IPv6Address, b: IPv6Address) -> Bool { a.rawValue < b.rawValue }
}

private func join(_ groups: ArraySlice<UInt16>) -> String {
  groups.map { String($0, radix: 16) }.joined(separator: ":")
}

/// The first of the longest runs of two or more zeros (RFC 5952, 4.2).
private func longestRunOfZeros(_ groups: [UInt16]) -> Range<Int>? {
  var longest: Range<Int>?
  var start = 0
  for end in 0...groups.count where end == groups.count || groups[end] != 0 {
    if end - start > max(longest?.count ?? 0, 1) { longest = start..<end }
    start = end + 1
  }
  return longest
}

/// The address that a text says; nil if it says none.
private func number(_ text: [UInt8]) -> UInt128? {
  func value(_ groups: [UInt16]) -> UInt128 { groups.reduce(0) { $0 << 16 | UInt128($1) } }
  let colon = UInt8(ascii: ":")
  guard let gap = text.indices.dropLast().first(where: { text[$0] == colon && text[$0 + 1] == colon }) else {
    guard let groups = groups(text[...]), groups.count == 8 else { return nil }
    return value(groups)
  }
  guard let before = groups(text[..<gap], mayEndInIPv4: false), let after = groups(text[(gap + 2)...]),
    before.count + after.count < 8
  else { return nil }
  return value(before + [UInt16](repeating: 0, count: 8 - before.count - after.count) + after)
}

/// Groups of 1 to 4 hexadecimal digits between colons, the last of which may be an IPv4 address, which is two.
private func groups(_ text: ArraySlice<UInt8>, mayEndInIPv4: Bool = true) -> [UInt16]? {
  if text.isEmpty { return [] }
  var groups: [UInt16] = []
  let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
  for (index, part) in parts.enumerated() {
    let digits = String(decoding: part, as: UTF8.self)
    if mayEndInIPv4, index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
      guard let address = IPv4Address(digits) else { return nil }
      groups += [UInt16(truncatingIfNeeded: address.rawValue >> 16), UInt16(truncatingIfNeeded: address.rawValue)]
    } else {
      guard (1...4).contains(part.count), part.allSatisfy(isHexDigit), let group = UInt16(digits, radix: 16) else {
        return nil
      }
      groups.append(group)
    }
  }
  return groups
}

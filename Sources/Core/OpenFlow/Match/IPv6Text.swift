// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing

/// IPv6 addresses as text: written in the one form of RFC 5952, read in any of RFC 4291, 2.2.
enum IPv6Text {
  /// `2001:db8::1`; an IPv4-mapped address with its last 32 bits as an IPv4 address.
  static func string(_ address: UInt128) -> String {
    if address >> 32 == 0xffff { return "::ffff:\(IPv4Address(rawValue: UInt32(truncatingIfNeeded: address)))" }
    let groups = (0..<8).map { UInt16(truncatingIfNeeded: address >> UInt128(112 - 16 * $0)) }
    guard let zeros = Self.longestRunOfZeros(groups) else { return Self.join(groups[...]) }
    return Self.join(groups[..<zeros.lowerBound]) + "::" + Self.join(groups[zeros.upperBound...])
  }

  private static func join(_ groups: ArraySlice<UInt16>) -> String {
    groups.map { String($0, radix: 16) }.joined(separator: ":")
  }

  /// The first of the longest runs of two or more zeros (RFC 5952, 4.2).
  private static func longestRunOfZeros(_ groups: [UInt16]) -> Range<Int>? {
    var longest: Range<Int>?
    var start = 0
    for end in 0...groups.count where end == groups.count || groups[end] != 0 {
      if end - start > max(longest?.count ?? 0, 1) { longest = start..<end }
      start = end + 1
    }
    return longest
  }

  /// The address that a text says; nil if it says none.
  static func value(_ text: some StringProtocol) -> UInt128? {
    let text = Array(text.utf8)
    guard let gap = Self.gap(text) else {
      guard let groups = Self.groups(text[...]), groups.count == 8 else { return nil }
      return Self.number(groups)
    }
    guard let before = Self.groups(text[..<gap], mayEndInIPv4: false), let after = Self.groups(text[(gap + 2)...]),
      before.count + after.count < 8
    else { return nil }
    return Self.number(before + [UInt16](repeating: 0, count: 8 - before.count - after.count) + after)
  }

  /// Where the first `::` is.
  private static func gap(_ text: [UInt8]) -> Int? {
    text.indices.dropLast().first { text[$0] == UInt8(ascii: ":") && text[$0 + 1] == UInt8(ascii: ":") }
  }

  private static func number(_ groups: [UInt16]) -> UInt128 { groups.reduce(0) { $0 << 16 | UInt128($1) } }

  /// Groups of 1 to 4 hexadecimal digits between colons, the last of which may be an IPv4 address, which is two.
  private static func groups(_ text: ArraySlice<UInt8>, mayEndInIPv4: Bool = true) -> [UInt16]? {
    if text.isEmpty { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      let part = String(decoding: part, as: UTF8.self)
      if mayEndInIPv4, index == parts.count - 1, part.contains(".") {
        guard let address = IPv4Address(part) else { return nil }
        groups += [UInt16(truncatingIfNeeded: address.rawValue >> 16), UInt16(truncatingIfNeeded: address.rawValue)]
      } else {
        guard (1...4).contains(part.utf8.count), part.first != "+", part.first != "-",
          let group = UInt16(part, radix: 16)
        else { return nil }
        groups.append(group)
      }
    }
    return groups
  }
}

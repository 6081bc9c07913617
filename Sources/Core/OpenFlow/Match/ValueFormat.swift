// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing

/// How people write a field's values. What is written so is read back as the same value.
enum ValueFormat: UInt8, Sendable {
  /// `80`; with a mask in hexadecimal, `0x50/0xfff0`
  case decimal
  /// `0x1f`
  case hexadecimal
  /// `0x0800`
  case etherType
  /// `7`, `LOCAL`
  case port
  /// `aa:bb:cc:dd:ee:ff`
  case mac
  /// `192.0.2.1`; a mask may also be read as the number of its leading ones.
  case ipv4
  /// `2001:db8::1`; a mask may also be read as the number of its leading ones.
  case ipv6
  /// `+trk-rpl`
  case conntrackState
  /// `no`, `yes`, `first`, `later`, `not_later`
  case fragment
  /// `(1,0x894f)`
  case packetType
  /// Every byte of the field as two hexadecimal digits.
  case bytes

  /// What is accepted, for errors.
  var accepted: String {
    switch self {
    case .decimal, .hexadecimal, .etherType: "a number, or \"NUMBER/MASK\""
    case .port: "a port's number, or its reserved name"
    case .mac: "a MAC address, or \"MAC/MASK\""
    case .ipv4: "an IPv4 address, or \"ADDRESS/MASK\""
    case .ipv6: "an IPv6 address, or \"ADDRESS/MASK\""
    case .conntrackState: "states each with a + or -, as in \"+trk-new\", or \"NUMBER/MASK\""
    case .fragment: "no, yes, first, later or not_later"
    case .packetType: "\"(NAMESPACE,TYPE)\""
    case .bytes: "hexadecimal digits, two for each byte, or \"DIGITS/DIGITS\""
    }
  }

  /// A value, or a mask, as text; `conntrackState`, `fragment` and `bytes` are numbers here.
  func text(_ value: UInt128, masked: Bool) -> String {
    switch self {
    case .decimal: masked ? Hexadecimal.number(value) : "\(value)"
    case .hexadecimal, .conntrackState, .fragment, .bytes: Hexadecimal.number(value)
    case .etherType: Hexadecimal.number(value, digits: 4)
    case .port: "\(PortNumber(UInt32(truncatingIfNeeded: value)))"
    case .mac: "\(MACAddress(rawValue: UInt64(truncatingIfNeeded: value)))"
    case .ipv4: "\(IPv4Address(rawValue: UInt32(truncatingIfNeeded: value)))"
    case .ipv6: "\(IPv6Address(rawValue: value))"
    case .packetType: "(\(UInt32(truncatingIfNeeded: value) >> 16),\(Hexadecimal.number(value & 0xffff)))"
    }
  }

  /// The value that a text says; nil if it says none.
  func value(_ text: Substring) -> UInt128? {
    switch self {
    case .decimal, .hexadecimal, .etherType, .conntrackState, .fragment, .bytes: Hexadecimal.anyNumber(text)
    case .port: PortNumber.named(text.lowercased()).map { UInt128($0.rawValue) } ?? Hexadecimal.anyNumber(text)
    case .mac: MACAddress(text).map { UInt128($0.rawValue) }
    case .ipv4: IPv4Address(text).map { UInt128($0.rawValue) }
    case .ipv6: IPv6Address(text)?.rawValue
    case .packetType: Self.packetType(text)
    }
  }

  /// The mask that a text says; nil if it says none.
  func mask(_ text: Substring, bitCount: UInt16) -> UInt128? {
    if self == .ipv4 || self == .ipv6, let bits = UInt16(text), text.first != "+", bits <= bitCount {
      return bits == 0 ? 0 : UInt128.max << UInt128(bitCount - bits) & (UInt128.max >> UInt128(128 - bitCount))
    }
    return self.value(text)
  }

  private static func packetType(_ text: Substring) -> UInt128? {
    guard text.first == "(", text.last == ")" else { return Hexadecimal.anyNumber(text) }
    let parts = text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 2, let space = Hexadecimal.anyNumber(parts[0]), let type = Hexadecimal.anyNumber(parts[1]),
      space <= 0xffff, type <= 0xffff
    else { return nil }
    return space << 16 | type
  }
}

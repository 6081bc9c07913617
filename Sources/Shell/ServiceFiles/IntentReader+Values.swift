// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceModel

extension IntentReader {
  /// Reads a scalar with `read`; what that refuses is reported as `code`: "'port' is 'x', which is no port".
  mutating func read<Value>(
    _ value: YAMLValue?, _ code: ErrorCode, no what: String, accepted: String, _ read: (String) -> Value?
  ) -> Located<Value>? {
    guard let value, let (text, _) = self.scalar(value) else { return nil }
    guard let result = read(text) else {
      self.report.add(
        code, at: value.location, "\(value.label) is '\(excerpt(text))', which is no \(what)",
        hint: "accepted: \(accepted)")
      return nil
    }
    return Located(result, at: value.location)
  }

  mutating func name<N: Name>(_ value: YAMLValue?, as type: N.Type = N.self) -> Located<N>? {
    self.read(value, .invalidName, no: "name", accepted: N.accepted) { N($0) }
  }

  mutating func number(_ value: YAMLValue?, in range: ClosedRange<Int>) -> Located<Int>? {
    let span = "\(range.lowerBound)…\(range.upperBound)"
    let number = self.read(value, .invalidNumber, no: "whole number", accepted: span) {
      wholeNumber($0)
    }
    guard let number, !range.contains(number.value), let value else { return number }
    self.reportOutOfRange(value, accepted: span)
    return nil
  }

  mutating func oneOf(_ numbers: [Int], _ value: YAMLValue?, no what: String) -> Located<Int>? {
    self.read(value, .outOfRange, no: what, accepted: numbers.map(String.init).joined(separator: ", ")) { text in
      wholeNumber(text).flatMap { numbers.contains($0) ? $0 : nil }
    }
  }

  /// A TCP port, 1…65535.
  mutating func port(_ value: YAMLValue?) -> Located<UInt16>? {
    self.number(value, in: 1...65535).map { Located(UInt16($0.value), at: $0.location) }
  }

  mutating func duration(_ value: YAMLValue?, in range: ClosedRange<Duration>) -> Located<Duration>? {
    guard let value, let (text, _) = self.scalar(value) else { return nil }
    let span = DurationText.span(range)
    switch DurationText.read(text) {
    case .duration(let duration) where range.contains(duration):
      return Located(duration, at: value.location)
    case .duration:
      self.reportOutOfRange(value, accepted: span)
    case .withoutUnit:
      self.report.add(
        .invalidDuration, at: value.location, "\(value.label) is '\(text)', which has no unit",
        hint: "did you mean '\(text)ms'? accepted: \(span)")
    case .invalid:
      self.report.add(
        .invalidDuration, at: value.location, "\(value.label) is '\(excerpt(text))', which is no duration",
        hint: "accepted: \(DurationText.accepted); \(span)")
    }
    return nil
  }

  mutating func choice<Choice>(_ value: YAMLValue?, of type: Choice.Type = Choice.self) -> Choice?
  where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
    guard let value, let (text, _) = self.scalar(value) else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    self.report.add(
      .unknownValue, at: value.location, "\(value.label) cannot be '\(excerpt(text))'",
      hint: hint(for: text, accepted: Choice.allCases.map(\.rawValue)))
    return nil
  }

  mutating func locatedChoice<Choice>(_ value: YAMLValue?, of type: Choice.Type = Choice.self) -> Located<Choice>?
  where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
    self.choice(value, of: type).flatMap { choice in value.map { Located(choice, at: $0.location) } }
  }

  /// An IPv4 address that a machine on a network can have.
  mutating func address(_ value: YAMLValue?) -> Located<IPv4Address>? {
    let address = self.read(value, .invalidAddress, no: "IPv4 address", accepted: Self.ipv4) { IPv4Address($0) }
    return self.usable(address.map { Located(.v4($0.value), at: $0.location) }, value).flatMap { usable in
      usable.value.ipv4.map { Located($0, at: usable.location) }
    }
  }

  /// An IPv6 address that a machine on a network can have.
  mutating func ipv6Address(_ value: YAMLValue?) -> Located<IPv6Address>? {
    let address = self.read(value, .invalidAddress, no: "IPv6 address", accepted: Self.ipv6) { IPv6Address($0) }
    return self.usable(address.map { Located(.v6($0.value), at: $0.location) }, value).flatMap { usable in
      usable.value.ipv6.map { Located($0, at: usable.location) }
    }
  }

  /// An address of either family that a machine on a network can have.
  mutating func ipAddress(_ value: YAMLValue?) -> Located<IPAddress>? {
    let address = self.read(
      value, .invalidAddress, no: "IP address", accepted: "\(Self.ipv4); or \(Self.ipv6)"
    ) { IPAddress($0) }
    return self.usable(address, value)
  }

  private static let ipv4 = "four numbers 0…255 without leading zeros, like 192.0.2.1"
  private static let ipv6 = "an IPv6 address without a zone, like 2001:db8::1"

  private mutating func usable(_ address: Located<IPAddress>?, _ value: YAMLValue?) -> Located<IPAddress>? {
    guard let address, let value, let kind = unusableKind(address.value) else { return address }
    let accepted =
      switch address.value {
      case .v4: "1.0.0.0 … 223.255.255.255 without 127.0.0.0/8"
      case .v6: "a global or a unique local address (RFC 4291, 2.5.4; RFC 4193)"
      }
    self.report.add(
      .unusableAddress, at: address.location, "\(value.label) is \(address.value), \(kind)",
      hint: "accepted: what one machine on a network can have, \(accepted)")
    return nil
  }

  mutating func mac(_ value: YAMLValue?) -> Located<MACAddress>? {
    self.read(
      value, .invalidMAC, no: "MAC address of one machine",
      accepted: "six octets like 0a:49:ac:14:7e:64, the first one even, not all zero"
    ) { MACAddress($0).flatMap { $0.isMulticast || $0.rawValue == 0 ? nil : $0 } }
  }

  mutating func datapath(_ value: YAMLValue?) -> Located<DatapathID>? {
    self.read(
      value, .invalidDatapath, no: "datapath id",
      accepted: "eight octets like 00:00:50:3e:aa:dc:be:04, or 1 to 16 hexadecimal digits"
    ) { DatapathID($0) }
  }

  /// Where this machine listens: any own address, or 0.0.0.0; port 0 lets the system choose.
  mutating func listeningEndpoint(_ value: YAMLValue?) -> Located<SocketEndpoint>? {
    self.read(
      value, .invalidEndpoint, no: "place to listen",
      accepted: "ADDRESS:PORT like 127.0.0.1:8080; 0.0.0.0 is all addresses"
    ) { SocketEndpoint($0).flatMap { $0.address.isMulticast || $0.address.family == .v6 ? nil : $0 } }
  }

  /// Where another machine listens.
  mutating func remoteEndpoint(_ value: YAMLValue?) -> Located<SocketEndpoint>? {
    self.read(
      value, .invalidEndpoint, no: "endpoint of a machine", accepted: "ADDRESS:PORT like 10.0.0.11:6655, port 1…65535"
    ) { text in
      SocketEndpoint(text).flatMap {
        $0.address.isMulticast || $0.address.isUnspecified || $0.address.family == .v6 || $0.port == 0 ? nil : $0
      }
    }
  }

  /// A number without quotes is a port's number, everything else its name.
  mutating func switchPort(_ value: YAMLValue?) -> Located<PortReference>? {
    guard let value, let (text, isPlain) = self.scalar(value) else { return nil }
    let port: PortReference? =
      if isPlain, let number = wholeNumber(text) {
        UInt32(exactly: number).flatMap { (1...PortReference.largestNumber).contains($0) ? .number($0) : nil }
      } else if (1...PortReference.longestName).contains(text.utf8.count), text.utf8.allSatisfy(isVisible) {
        .name(text)
      } else {
        nil
      }
    guard let port else {
      self.report.add(
        .invalidPort, at: value.location, "\(value.label) is '\(excerpt(text))', which is no port of a switch",
        hint: "accepted: a number 1…\(PortReference.largestNumber), or a name of 1 to \(PortReference.longestName) "
          + "visible ASCII characters")
      return nil
    }
    return Located(port, at: value.location)
  }

  private mutating func reportOutOfRange(_ value: YAMLValue, accepted: String) {
    guard let (text, _) = self.scalar(value) else { return }
    self.report.add(
      .outOfRange, at: value.location, "\(value.label) is \(excerpt(text)), which is out of range",
      hint: "accepted: \(accepted)")
  }
}

extension PortReference {
  /// OFPP_MAX (OpenFlow 1.3.5, 7.2.1): larger numbers are reserved.
  static let largestNumber: UInt32 = 0xffff_ff00
  /// OFP_MAX_PORT_NAME_LEN without its NUL (OpenFlow 1.3.5, 7.2.1).
  static let longestName = 15
}

/// Decimal, without leading zeros; what is too large for an `Int` becomes the largest or smallest.
func wholeNumber(_ text: String) -> Int? {
  let digits = text.hasPrefix("-") ? text.utf8.dropFirst() : text.utf8[...]
  guard let first = digits.first, digits.allSatisfy(isDigit), digits.count == 1 || first != UInt8(ascii: "0") else {
    return nil
  }
  return Int(text) ?? (text.hasPrefix("-") ? Int.min : Int.max)
}

/// Printable ASCII without the space.
func isVisible(_ byte: UInt8) -> Bool { (0x21...0x7e).contains(byte) }

private func unusableKind(_ address: IPAddress) -> String? {
  if address.isUnspecified { return "the unspecified address" }
  if address.isLoopback { return "a loopback address" }
  if address.isMulticast { return "a multicast address" }
  switch address {
  case .v4(let address):
    switch address.rawValue >> 24 {
    case 0: return "an address of \"this network\" (RFC 1122, 3.2.1.3)"
    case 240...255: return "a reserved address"
    default: return nil
    }
  case .v6(let address):
    if address.isLinkLocal { return "a link-local address, which is known on one link only" }
    if address.isIPv4Mapped { return "an IPv4 address in the form that programs use for it" }
    // What is not global unicast lies in ::/8 or is deprecated (RFC 4291, 2.4, 2.5.5.1 and 2.5.7).
    if address.rawValue >> 120 == 0 { return "a reserved address" }
    if address.rawValue >> 118 == 0x3fb { return "a site-local address, which is no longer used (RFC 3879)" }
    return nil
  }
}

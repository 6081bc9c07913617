// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// An address of either family.
public enum IPAddress: Sendable, Hashable {
  /// An IPv4 address.
  case v4(IPv4Address)
  /// An IPv6 address.
  case v6(IPv6Address)

  /// The version of the Internet Protocol that an address belongs to.
  public enum Family: UInt8, Sendable, Hashable, CaseIterable, Comparable, CustomStringConvertible {
    /// IPv4
    case v4 = 4
    /// IPv6
    case v6 = 6

    /// `IPv4` or `IPv6`
    public var description: String { "IPv\(self.rawValue)" }

    /// The older one first.
    public static func < (a: Family, b: Family) -> Bool { a.rawValue < b.rawValue }
  }

  /// An IPv4 address.
  public init(_ address: IPv4Address) { self = .v4(address) }

  /// An IPv6 address.
  public init(_ address: IPv6Address) { self = .v6(address) }

  /// Reads either family's text; nil for anything else.
  public init?(_ text: some StringProtocol) {
    if let address = IPv4Address(text) {
      self = .v4(address)
    } else if let address = IPv6Address(text) {
      self = .v6(address)
    } else {
      return nil
    }
  }

  /// Which of the two it is.
  public var family: Family {
    switch self {
    case .v4: .v4
    case .v6: .v6
    }
  }

  /// The IPv4 address; nil if it is none.
  public var ipv4: IPv4Address? { if case .v4(let address) = self { address } else { nil } }

  /// The IPv6 address; nil if it is none.
  public var ipv6: IPv6Address? { if case .v6(let address) = self { address } else { nil } }

  /// Whether it names a group of machines.
  public var isMulticast: Bool {
    switch self {
    case .v4(let address): address.isMulticast
    case .v6(let address): address.isMulticast
    }
  }

  /// Whether it names the machine itself.
  public var isLoopback: Bool {
    switch self {
    case .v4(let address): address.isLoopback
    case .v6(let address): address.isLoopback
    }
  }

  /// 0.0.0.0 or ::
  public var isUnspecified: Bool {
    switch self {
    case .v4(let address): address.isUnspecified
    case .v6(let address): address.isUnspecified
    }
  }

  /// The four or sixteen octets in the order of the wire.
  public var octets: [UInt8] {
    switch self {
    case .v4(let address): address.octets
    case .v6(let address): address.octets
    }
  }
}

extension IPAddress: Comparable {
  /// IPv4 before IPv6, each by number.
  public static func < (a: IPAddress, b: IPAddress) -> Bool {
    switch (a, b) {
    case (.v4(let a), .v4(let b)): a < b
    case (.v6(let a), .v6(let b)): a < b
    default: a.family < b.family
    }
  }
}

extension IPAddress: CustomStringConvertible {
  /// `192.0.2.1` or `2001:db8::1`
  public var description: String {
    switch self {
    case .v4(let address): address.description
    case .v6(let address): address.description
    }
  }
}

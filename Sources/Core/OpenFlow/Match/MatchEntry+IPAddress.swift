// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

public import Addressing

/// Conditions on, and values for, what IPv4 and IPv6 both have under names of their own.
extension IPAddress.Family {
  /// The EtherType of its packets.
  public var etherType: UInt16 {
    switch self {
    case .v4: 0x0800
    case .v6: 0x86dd
    }
  }

  /// IANA's number of its control messages: ICMP 1, ICMPv6 58.
  public var controlProtocol: UInt8 {
    switch self {
    case .v4: 1
    case .v6: 58
    }
  }

  /// Where its packets have their source.
  public var sourceField: MatchField {
    switch self {
    case .v4: .ipv4Source
    case .v6: .ipv6Source
    }
  }

  /// Where its packets have their destination.
  public var destinationField: MatchField {
    switch self {
    case .v4: .ipv4Destination
    case .v6: .ipv6Destination
    }
  }
}

extension MatchEntry {
  /// Is a packet of this family.
  public static func ethernetType(_ family: IPAddress.Family) -> MatchEntry { .ethernetType(family.etherType) }

  /// Is sent by this address.
  public static func ipSource(_ address: IPAddress) -> MatchEntry {
    switch address {
    case .v4(let address): .ipv4Source(address)
    case .v6(let address): .ipv6Source(address)
    }
  }

  /// Is sent to this address.
  public static func ipDestination(_ address: IPAddress) -> MatchEntry {
    switch address {
    case .v4(let address): .ipv4Destination(address)
    case .v6(let address): .ipv6Destination(address)
    }
  }

  /// Is sent by an IPv6 address with these first bits. `prefix` is 0 … 128
  public static func ipv6Source(_ address: IPv6Address, prefix: Int = 128) -> MatchEntry {
    MatchEntry(.ipv6Source, address.rawValue, mask: prefixMask(prefix))
  }

  /// Is sent to an IPv6 address with these first bits. `prefix` is 0 … 128
  public static func ipv6Destination(_ address: IPv6Address, prefix: Int = 128) -> MatchEntry {
    MatchEntry(.ipv6Destination, address.rawValue, mask: prefixMask(prefix))
  }

  /// Has this ICMPv6 type: 128 echo request, 129 echo reply, 135 neighbour solicitation, 136 advertisement.
  public static func icmpv6Type(_ type: UInt8) -> MatchEntry { MatchEntry(.icmpv6Type, UInt128(type)) }

  /// Has this ICMPv6 code.
  public static func icmpv6Code(_ code: UInt8) -> MatchEntry { MatchEntry(.icmpv6Code, UInt128(code)) }

  /// Is a neighbour discovery message about this address.
  public static func ndTarget(_ address: IPv6Address) -> MatchEntry { MatchEntry(.ndTarget, address.rawValue) }

  /// Is a neighbour solicitation whose sender has this MAC address.
  public static func ndSourceLinkLayer(_ address: MACAddress) -> MatchEntry {
    MatchEntry(.ndSourceLinkLayer, UInt128(address.rawValue))
  }

  /// Is a neighbour advertisement that tells this MAC address.
  public static func ndTargetLinkLayer(_ address: MACAddress) -> MatchEntry {
    MatchEntry(.ndTargetLinkLayer, UInt128(address.rawValue))
  }

  /// Is a neighbour discovery message with this first link-layer option: 0 none, 1 the source's, 2 the target's
  /// address.
  public static func ndOptionType(_ type: UInt8) -> MatchEntry { MatchEntry(.ndOptionType, UInt128(type)) }

  /// Is a neighbour discovery message with these flags and reserved bits.
  public static func ndFlags(_ flags: NeighbourFlags) -> MatchEntry {
    MatchEntry(.ndReserved, UInt128(flags.rawValue))
  }

  private static func prefixMask(_ bits: Int) -> UInt128 {
    let bits = min(max(bits, 0), 128)
    return bits == 0 ? 0 : UInt128.max << UInt128(128 - bits)
  }
}

/// What a neighbour advertisement says of itself (RFC 4861, 4.4).
public struct NeighbourFlags: OptionSet, Sendable, Hashable {
  /// The first four octets after the checksum.
  public let rawValue: UInt32
  /// Takes any bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  /// The sender is a router.
  public static let router = NeighbourFlags(rawValue: 1 << 31)
  /// It answers a question of the receiver's.
  public static let solicited = NeighbourFlags(rawValue: 1 << 30)
  /// It counts more than what the receiver knows.
  public static let override = NeighbourFlags(rawValue: 1 << 29)
}

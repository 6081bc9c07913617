// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

public import Addressing

/// Conditions on, and values for, the fields that have a name.
extension MatchEntry {
  /// Came by `port`.
  public static func inPort(_ port: PortNumber) -> MatchEntry { MatchEntry(.inPort, UInt128(port.rawValue)) }

  /// Has `value` in the metadata's bits of `mask`.
  public static func metadata(_ value: UInt64, mask: UInt64 = .max) -> MatchEntry {
    MatchEntry(.metadata, UInt128(value), mask: UInt128(mask))
  }

  /// Is sent to `address`, in the bits of `mask`.
  public static func ethernetDestination(_ address: MACAddress, mask: MACAddress = .broadcast) -> MatchEntry {
    MatchEntry(.ethernetDestination, UInt128(address.rawValue), mask: UInt128(mask.rawValue))
  }

  /// Is sent by `address`, in the bits of `mask`.
  public static func ethernetSource(_ address: MACAddress, mask: MACAddress = .broadcast) -> MatchEntry {
    MatchEntry(.ethernetSource, UInt128(address.rawValue), mask: UInt128(mask.rawValue))
  }

  /// Has this EtherType: 0x0800 IPv4, 0x0806 ARP, 0x86dd IPv6.
  public static func ethernetType(_ type: UInt16) -> MatchEntry { MatchEntry(.ethernetType, UInt128(type)) }

  /// Has a VLAN tag with this identifier. 0 … 4095
  public static func vlanID(_ id: UInt16) -> MatchEntry { MatchEntry(.vlanID, UInt128(id & 0x0fff | 0x1000)) }

  /// Has no VLAN tag.
  public static let noVLAN = MatchEntry(.vlanID, 0)

  /// Is of this IP protocol: 1 ICMP, 6 TCP, 17 UDP.
  public static func ipProtocol(_ number: UInt8) -> MatchEntry { MatchEntry(.ipProtocol, UInt128(number)) }

  /// Is sent by an IPv4 address with these first bits. `prefix` is 0 … 32
  public static func ipv4Source(_ address: IPv4Address, prefix: Int = 32) -> MatchEntry {
    MatchEntry(.ipv4Source, UInt128(address.rawValue), mask: prefixMask(prefix))
  }

  /// Is sent to an IPv4 address with these first bits. `prefix` is 0 … 32
  public static func ipv4Destination(_ address: IPv4Address, prefix: Int = 32) -> MatchEntry {
    MatchEntry(.ipv4Destination, UInt128(address.rawValue), mask: prefixMask(prefix))
  }

  /// Has this TCP source port.
  public static func tcpSource(_ port: UInt16) -> MatchEntry { MatchEntry(.tcpSource, UInt128(port)) }

  /// Has this TCP destination port.
  public static func tcpDestination(_ port: UInt16) -> MatchEntry { MatchEntry(.tcpDestination, UInt128(port)) }

  /// Has this UDP source port.
  public static func udpSource(_ port: UInt16) -> MatchEntry { MatchEntry(.udpSource, UInt128(port)) }

  /// Has this UDP destination port.
  public static func udpDestination(_ port: UInt16) -> MatchEntry { MatchEntry(.udpDestination, UInt128(port)) }

  /// Has this ICMP type: 0 echo reply, 8 echo request.
  public static func icmpv4Type(_ type: UInt8) -> MatchEntry { MatchEntry(.icmpv4Type, UInt128(type)) }

  /// Has this ICMP code.
  public static func icmpv4Code(_ code: UInt8) -> MatchEntry { MatchEntry(.icmpv4Code, UInt128(code)) }

  /// Is this ARP operation: 1 request, 2 reply.
  public static func arpOperation(_ operation: UInt16) -> MatchEntry { MatchEntry(.arpOperation, UInt128(operation)) }

  /// Has this ARP sender's IPv4 address.
  public static func arpSenderAddress(_ address: IPv4Address) -> MatchEntry {
    MatchEntry(.arpSenderAddress, UInt128(address.rawValue))
  }

  /// Has this ARP target's IPv4 address.
  public static func arpTargetAddress(_ address: IPv4Address) -> MatchEntry {
    MatchEntry(.arpTargetAddress, UInt128(address.rawValue))
  }

  /// Has this ARP sender's MAC address.
  public static func arpSenderHardware(_ address: MACAddress) -> MatchEntry {
    MatchEntry(.arpSenderHardware, UInt128(address.rawValue))
  }

  /// Has this ARP target's MAC address.
  public static func arpTargetHardware(_ address: MACAddress) -> MatchEntry {
    MatchEntry(.arpTargetHardware, UInt128(address.rawValue))
  }

  /// Has the states of `set` and none of `unset`; the others do not matter.
  public static func conntrackState(set: ConntrackState, unset: ConntrackState = []) -> MatchEntry {
    .conntrackState(set, mask: set.union(unset))
  }

  /// Has exactly `value` in the states of `mask`.
  public static func conntrackState(_ value: ConntrackState, mask: ConntrackState) -> MatchEntry {
    MatchEntry(.conntrackState, UInt128(value.rawValue), mask: UInt128(mask.rawValue))
  }

  /// Was tracked in this zone.
  public static func conntrackZone(_ zone: UInt16) -> MatchEntry { MatchEntry(.conntrackZone, UInt128(zone)) }

  /// Belongs to a connection with this mark, in the bits of `mask`.
  public static func conntrackMark(_ value: UInt32, mask: UInt32 = .max) -> MatchEntry {
    MatchEntry(.conntrackMark, UInt128(value), mask: UInt128(mask))
  }

  /// Belongs to a connection with this label, in the bits of `mask`.
  public static func conntrackLabel(_ value: UInt128, mask: UInt128 = .max) -> MatchEntry {
    MatchEntry(.conntrackLabel, value, mask: mask)
  }

  /// Has `value` in register `number` (0 … 15), in the bits of `mask`.
  public static func register(_ number: UInt8, _ value: UInt32, mask: UInt32 = .max) -> MatchEntry {
    MatchEntry(.register(number), UInt128(value), mask: UInt128(mask))
  }

  private static func prefixMask(_ bits: Int) -> UInt128 {
    UInt128(UInt32(truncatingIfNeeded: UInt64(0xffff_ffff_0000_0000) >> UInt64(min(max(bits, 0), 32))))
  }
}

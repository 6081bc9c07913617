// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// NX_HASH_FIELDS_*: what of a packet `multipath` and `bundle` hash.
public struct HashFields: RawRepresentable, Sendable, Hashable {
  /// The number on the wire.
  public let rawValue: UInt16
  /// Takes any number.
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Source MAC address.
  public static let ethernetSource = HashFields(rawValue: 0)
  /// Addresses, VLAN, EtherType, IP protocol and TCP ports, alike for both directions.
  public static let symmetricL4 = HashFields(rawValue: 1)
  /// IP addresses, protocol, TCP and SCTP ports, alike for both directions.
  public static let symmetricL3L4 = HashFields(rawValue: 2)
  /// The same with UDP ports.
  public static let symmetricL3L4UDP = HashFields(rawValue: 3)
  /// IP source address.
  public static let ipSource = HashFields(rawValue: 4)
  /// IP destination address.
  public static let ipDestination = HashFields(rawValue: 5)
  /// IP addresses, alike for both directions.
  public static let symmetricL3 = HashFields(rawValue: 6)
}

extension HashFields: NamedNumber {
  static let names = [
    (ethernetSource, "eth_src"), (symmetricL4, "symmetric_l4"), (symmetricL3L4, "symmetric_l3l4"),
    (symmetricL3L4UDP, "symmetric_l3l4+udp"), (ipSource, "nw_src"), (ipDestination, "nw_dst"),
    (symmetricL3, "symmetric_l3"),
  ]
}

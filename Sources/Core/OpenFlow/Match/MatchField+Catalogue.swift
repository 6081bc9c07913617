// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension MatchField {
  private static func basic(_ number: UInt8, bits: UInt8, maskable: Bool = false) -> MatchField {
    MatchField(oxmClass: OXMClass.openflowBasic, number: number, bitCount: bits, maskable: maskable)
  }

  private static func nicira(_ number: UInt8, bits: UInt8, maskable: Bool = true) -> MatchField {
    MatchField(oxmClass: OXMClass.nicira1, number: number, bitCount: bits, maskable: maskable)
  }

  // OpenFlow's own fields (OpenFlow 1.3.5, 7.2.3.7, table 12).

  /// The port by which the packet came.
  public static let inPort = basic(0, bits: 32)
  /// The physical port below `inPort`.
  public static let inPhysicalPort = basic(1, bits: 32)
  /// What an earlier table wrote.
  public static let metadata = basic(2, bits: 64, maskable: true)
  /// Destination MAC address.
  public static let ethernetDestination = basic(3, bits: 48, maskable: true)
  /// Source MAC address.
  public static let ethernetSource = basic(4, bits: 48, maskable: true)
  /// EtherType, after VLAN tags.
  public static let ethernetType = basic(5, bits: 16)
  /// VLAN identifier in 12 bits, and bit 12 (OFPVID_PRESENT): the packet has a tag.
  public static let vlanID = basic(6, bits: 13, maskable: true)
  /// VLAN priority.
  public static let vlanPriority = basic(7, bits: 3)
  /// The six DSCP bits of the IP header.
  public static let ipDSCP = basic(8, bits: 6)
  /// The two ECN bits of the IP header.
  public static let ipECN = basic(9, bits: 2)
  /// IP protocol.
  public static let ipProtocol = basic(10, bits: 8)
  /// IPv4 source address.
  public static let ipv4Source = basic(11, bits: 32, maskable: true)
  /// IPv4 destination address.
  public static let ipv4Destination = basic(12, bits: 32, maskable: true)
  /// TCP source port.
  public static let tcpSource = basic(13, bits: 16, maskable: true)
  /// TCP destination port.
  public static let tcpDestination = basic(14, bits: 16, maskable: true)
  /// UDP source port.
  public static let udpSource = basic(15, bits: 16, maskable: true)
  /// UDP destination port.
  public static let udpDestination = basic(16, bits: 16, maskable: true)
  /// ICMP type.
  public static let icmpv4Type = basic(19, bits: 8)
  /// ICMP code.
  public static let icmpv4Code = basic(20, bits: 8)
  /// ARP operation: 1 request, 2 reply.
  public static let arpOperation = basic(21, bits: 16)
  /// ARP sender's IPv4 address.
  public static let arpSenderAddress = basic(22, bits: 32, maskable: true)
  /// ARP target's IPv4 address.
  public static let arpTargetAddress = basic(23, bits: 32, maskable: true)
  /// ARP sender's MAC address.
  public static let arpSenderHardware = basic(24, bits: 48, maskable: true)
  /// ARP target's MAC address.
  public static let arpTargetHardware = basic(25, bits: 48, maskable: true)
  /// IPv6 source address.
  public static let ipv6Source = basic(26, bits: 128, maskable: true)
  /// IPv6 destination address.
  public static let ipv6Destination = basic(27, bits: 128, maskable: true)
  /// ICMPv6 type.
  public static let icmpv6Type = basic(29, bits: 8)
  /// ICMPv6 code.
  public static let icmpv6Code = basic(30, bits: 8)
  /// The address that a neighbour discovery message asks for or tells.
  public static let ndTarget = basic(31, bits: 128, maskable: true)
  /// The sender's MAC address in a neighbour discovery message.
  public static let ndSourceLinkLayer = basic(32, bits: 48, maskable: true)
  /// The target's MAC address in a neighbour discovery message.
  public static let ndTargetLinkLayer = basic(33, bits: 48, maskable: true)
  /// TCP flags; in OpenFlow 1.3 an extension (ONF EXT-109) with a header of its own.
  public static let tcpFlags = basic(42, bits: 12, maskable: true)

  // Nicira's fields, which Open vSwitch understands (its ovs-fields(7)).

  /// Connection tracking state; see `ConntrackState`.
  public static let conntrackState = nicira(105, bits: 32)
  /// Connection tracking zone.
  public static let conntrackZone = nicira(106, bits: 16, maskable: false)
  /// Connection tracking mark.
  public static let conntrackMark = nicira(107, bits: 32)
  /// Connection tracking label.
  public static let conntrackLabel = nicira(108, bits: 128)
  /// Bit 0: a fragment; bit 1: not the first one.
  public static let ipFragment = nicira(26, bits: 2)

  /// A scratch register of Open vSwitch that lives as long as a packet's way through the tables.
  ///
  /// - Precondition: `number` is 0 … 15.
  public static func register(_ number: UInt8) -> MatchField {
    precondition(number < 16, "registers are 0 to 15, not \(number)")
    return nicira(number, bits: 32)
  }

  /// The fields that have a name here, with that name (the one `ovs-ofctl` uses).
  static let catalogue: [(field: MatchField, name: String)] =
    [
      (inPort, "in_port"), (inPhysicalPort, "in_phy_port"), (metadata, "metadata"), (ethernetDestination, "eth_dst"),
      (ethernetSource, "eth_src"), (ethernetType, "eth_type"), (vlanID, "vlan_vid"), (vlanPriority, "vlan_pcp"),
      (ipDSCP, "ip_dscp"), (ipECN, "ip_ecn"), (ipProtocol, "ip_proto"), (ipv4Source, "ipv4_src"),
      (ipv4Destination, "ipv4_dst"), (tcpSource, "tcp_src"), (tcpDestination, "tcp_dst"), (udpSource, "udp_src"),
      (udpDestination, "udp_dst"), (icmpv4Type, "icmpv4_type"), (icmpv4Code, "icmpv4_code"),
      (arpOperation, "arp_op"), (arpSenderAddress, "arp_spa"), (arpTargetAddress, "arp_tpa"),
      (arpSenderHardware, "arp_sha"), (arpTargetHardware, "arp_tha"), (ipv6Source, "ipv6_src"),
      (ipv6Destination, "ipv6_dst"), (icmpv6Type, "icmpv6_type"), (icmpv6Code, "icmpv6_code"),
      (ndTarget, "nd_target"), (ndSourceLinkLayer, "nd_sll"), (ndTargetLinkLayer, "nd_tll"),
      (tcpFlags, "tcp_flags"), (conntrackState, "ct_state"),
      (conntrackZone, "ct_zone"), (conntrackMark, "ct_mark"), (conntrackLabel, "ct_label"), (ipFragment, "ip_frag"),
    ] + (0..<16).map { (register($0), "reg\($0)") }
}

extension MatchField: CustomStringConvertible {
  /// The field's name, or its class and number.
  public var description: String {
    if let known = Self.catalogue.first(where: { $0.field == self }) { return known.name }
    let id = "field(class=0x\(String(self.oxmClass, radix: 16)),number=\(self.number)"
    return self.experimenter == 0 ? id + ")" : id + ",experimenter=0x\(String(self.experimenter, radix: 16)))"
  }
}

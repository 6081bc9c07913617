// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// OpenFlow's own fields (OpenFlow 1.3.5, 7.2.3.7, table 12; 1.5.1, 7.2.3.8, table 14).
extension MatchField {
  private static func basic(
    _ number: UInt8, bits: UInt16, bytes: UInt8? = nil, _ format: ValueFormat = .decimal, maskable: Bool = false,
    settable: Bool = true,
    needs prerequisite: Prerequisite = .nothing
  ) -> MatchField {
    MatchField(
      oxmClass: OXMClass.openflowBasic, number: number, bitCount: bits, byteCount: bytes, maskable: maskable,
      settable: settable,
      needs: prerequisite, format: format)
  }

  /// The port by which the packet came.
  public static let inPort = basic(0, bits: 32, .port, settable: false)
  /// The physical port below `inPort`.
  public static let inPhysicalPort = basic(1, bits: 32, .port, settable: false, needs: .inPort)
  /// What an earlier table wrote.
  public static let metadata = basic(2, bits: 64, .hexadecimal, maskable: true)
  /// The number in a tunnel's header: a VNI, a key; 0 for packets that came by no tunnel.
  public static let tunnelID = basic(38, bits: 64, .hexadecimal, maskable: true)
  /// The port of the action set's output action (1.5; in 1.3 an extension, ONF EXT-233).
  public static let actionSetOutput = basic(43, bits: 32, .port, settable: false)
  /// What the packet begins with: a name space in the high 16 bits, a type in the low ones; 0 is Ethernet (1.5).
  public static let packetType = basic(44, bits: 32, .packetType, settable: false)

  /// Destination MAC address.
  public static let ethernetDestination = basic(3, bits: 48, .mac, maskable: true, needs: .ethernet)
  /// Source MAC address.
  public static let ethernetSource = basic(4, bits: 48, .mac, maskable: true, needs: .ethernet)
  /// EtherType, after VLAN tags.
  public static let ethernetType = basic(5, bits: 16, .etherType, needs: .ethernet)
  /// VLAN identifier in 12 bits, and bit 12 (OFPVID_PRESENT): the packet has a tag.
  public static let vlanID = basic(6, bits: 13, .hexadecimal, maskable: true, needs: .ethernet)
  /// VLAN priority.
  public static let vlanPriority = basic(7, bits: 3, needs: .vlanTag)

  /// MPLS label.
  public static let mplsLabel = basic(34, bits: 20, bytes: 4, needs: .mpls)
  /// MPLS traffic class.
  public static let mplsTrafficClass = basic(35, bits: 3, needs: .mpls)
  /// MPLS bottom of stack: 1 for the last label.
  public static let mplsBottomOfStack = basic(36, bits: 1, needs: .mpls)
  /// The service instance of a provider backbone bridge.
  public static let pbbServiceID = basic(37, bits: 24, .hexadecimal, maskable: true, needs: .pbb)
  /// Whether a provider backbone bridge uses the customer's address (1.5).
  public static let pbbUseCustomerAddress = basic(41, bits: 1, needs: .pbb)

  /// ARP operation: 1 request, 2 reply.
  public static let arpOperation = basic(21, bits: 16, needs: .arp)
  /// ARP sender's IPv4 address.
  public static let arpSenderAddress = basic(22, bits: 32, .ipv4, maskable: true, needs: .arp)
  /// ARP target's IPv4 address.
  public static let arpTargetAddress = basic(23, bits: 32, .ipv4, maskable: true, needs: .arp)
  /// ARP sender's MAC address.
  public static let arpSenderHardware = basic(24, bits: 48, .mac, maskable: true, needs: .arp)
  /// ARP target's MAC address.
  public static let arpTargetHardware = basic(25, bits: 48, .mac, maskable: true, needs: .arp)

  /// The six DSCP bits of the IP header.
  public static let ipDSCP = basic(8, bits: 6, needs: .ip)
  /// The two ECN bits of the IP header.
  public static let ipECN = basic(9, bits: 2, needs: .ip)
  /// IP protocol.
  public static let ipProtocol = basic(10, bits: 8, needs: .ip)
  /// IPv4 source address.
  public static let ipv4Source = basic(11, bits: 32, .ipv4, maskable: true, needs: .ipv4)
  /// IPv4 destination address.
  public static let ipv4Destination = basic(12, bits: 32, .ipv4, maskable: true, needs: .ipv4)
  /// IPv6 source address.
  public static let ipv6Source = basic(26, bits: 128, .ipv6, maskable: true, needs: .ipv6)
  /// IPv6 destination address.
  public static let ipv6Destination = basic(27, bits: 128, .ipv6, maskable: true, needs: .ipv6)
  /// IPv6 flow label.
  public static let ipv6FlowLabel = basic(28, bits: 20, bytes: 4, .hexadecimal, maskable: true, needs: .ipv6)
  /// Which IPv6 extension headers there are (OFPIEH_*).
  public static let ipv6ExtensionHeaders = basic(
    39, bits: 9, .hexadecimal, maskable: true, settable: false, needs: .ipv6)

  /// TCP source port.
  public static let tcpSource = basic(13, bits: 16, maskable: true, needs: .tcp)
  /// TCP destination port.
  public static let tcpDestination = basic(14, bits: 16, maskable: true, needs: .tcp)
  /// TCP flags; in OpenFlow 1.3 an extension (ONF EXT-109) with a header of its own.
  public static let tcpFlags = basic(42, bits: 12, .hexadecimal, maskable: true, needs: .tcp)
  /// UDP source port.
  public static let udpSource = basic(15, bits: 16, maskable: true, needs: .udp)
  /// UDP destination port.
  public static let udpDestination = basic(16, bits: 16, maskable: true, needs: .udp)
  /// SCTP source port.
  public static let sctpSource = basic(17, bits: 16, maskable: true, needs: .sctp)
  /// SCTP destination port.
  public static let sctpDestination = basic(18, bits: 16, maskable: true, needs: .sctp)

  /// ICMP type.
  public static let icmpv4Type = basic(19, bits: 8, needs: .icmpv4)
  /// ICMP code.
  public static let icmpv4Code = basic(20, bits: 8, needs: .icmpv4)
  /// ICMPv6 type.
  public static let icmpv6Type = basic(29, bits: 8, needs: .icmpv6)
  /// ICMPv6 code.
  public static let icmpv6Code = basic(30, bits: 8, needs: .icmpv6)
  /// The address that a neighbour discovery message asks for or tells.
  public static let ndTarget = basic(31, bits: 128, .ipv6, maskable: true, needs: .neighbourDiscovery)
  /// The sender's MAC address in a neighbour discovery message.
  public static let ndSourceLinkLayer = basic(32, bits: 48, .mac, maskable: true, needs: .neighbourSolicitation)
  /// The target's MAC address in a neighbour discovery message.
  public static let ndTargetLinkLayer = basic(33, bits: 48, .mac, maskable: true, needs: .neighbourAdvertisement)

  /// These fields with the specification's names, in lower case and without the prefix; and `ovs-ofctl`'s where they
  /// differ.
  static let openFlowFields: [NamedField] = [
    NamedField(inPort, "in_port", "in_port_oxm"), NamedField(inPhysicalPort, "in_phy_port"),
    NamedField(metadata, "metadata"), NamedField(ethernetDestination, "eth_dst", "dl_dst"),
    NamedField(ethernetSource, "eth_src", "dl_src"), NamedField(ethernetType, "eth_type", "dl_type"),
    NamedField(vlanID, "vlan_vid"), NamedField(vlanPriority, "vlan_pcp"), NamedField(ipDSCP, "ip_dscp"),
    NamedField(ipECN, "ip_ecn", "nw_ecn"), NamedField(ipProtocol, "ip_proto", "nw_proto"),
    NamedField(ipv4Source, "ipv4_src", "ip_src", "nw_src"), NamedField(ipv4Destination, "ipv4_dst", "ip_dst", "nw_dst"),
    NamedField(tcpSource, "tcp_src"), NamedField(tcpDestination, "tcp_dst"), NamedField(udpSource, "udp_src"),
    NamedField(udpDestination, "udp_dst"), NamedField(sctpSource, "sctp_src"), NamedField(sctpDestination, "sctp_dst"),
    NamedField(icmpv4Type, "icmpv4_type", "icmp_type"), NamedField(icmpv4Code, "icmpv4_code", "icmp_code"),
    NamedField(arpOperation, "arp_op"), NamedField(arpSenderAddress, "arp_spa"),
    NamedField(arpTargetAddress, "arp_tpa"), NamedField(arpSenderHardware, "arp_sha"),
    NamedField(arpTargetHardware, "arp_tha"), NamedField(ipv6Source, "ipv6_src"),
    NamedField(ipv6Destination, "ipv6_dst"), NamedField(ipv6FlowLabel, "ipv6_flabel", "ipv6_label"),
    NamedField(icmpv6Type, "icmpv6_type"), NamedField(icmpv6Code, "icmpv6_code"),
    NamedField(ndTarget, "nd_target", "ipv6_nd_target"), NamedField(ndSourceLinkLayer, "nd_sll", "ipv6_nd_sll"),
    NamedField(ndTargetLinkLayer, "nd_tll", "ipv6_nd_tll"), NamedField(mplsLabel, "mpls_label"),
    NamedField(mplsTrafficClass, "mpls_tc"), NamedField(mplsBottomOfStack, "mpls_bos"),
    NamedField(pbbServiceID, "pbb_isid"), NamedField(tunnelID, "tunnel_id", "tun_id"),
    NamedField(ipv6ExtensionHeaders, "ipv6_exthdr"), NamedField(pbbUseCustomerAddress, "pbb_uca"),
    NamedField(tcpFlags, "tcp_flags"), NamedField(actionSetOutput, "actset_output"),
    NamedField(packetType, "packet_type"),
  ]
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Nicira's fields, which Open vSwitch understands (ovs-fields(7)), other than those of tunnels and service headers.
extension MatchField {
  static func nicira(
    _ number: UInt8, bits: UInt16, bytes: UInt8? = nil, _ format: ValueFormat, maskable: Bool = true,
    settable: Bool = true,
    needs prerequisite: Prerequisite = .nothing
  ) -> MatchField {
    MatchField(
      oxmClass: OXMClass.nicira1, number: number, bitCount: bits, byteCount: bytes, maskable: maskable,
      settable: settable,
      needs: prerequisite, format: format)
  }

  private static func older(
    _ number: UInt8, bits: UInt16, _ format: ValueFormat, maskable: Bool = false, needs prerequisite: Prerequisite
  ) -> MatchField {
    MatchField(
      oxmClass: OXMClass.nicira0, number: number, bitCount: bits, maskable: maskable, needs: prerequisite,
      format: format)
  }

  // Of a packet's way through the switch.

  /// A mark that goes with the packet into and out of the host's network stack.
  public static let packetMark = nicira(33, bits: 32, .hexadecimal)
  /// A hash of the packet, which the datapath computed.
  public static let datapathHash = nicira(35, bits: 32, .hexadecimal, settable: false)
  /// Which of its ways through the datapath this is; 0 is the first.
  public static let recirculationID = nicira(36, bits: 32, .decimal, maskable: false, settable: false)
  /// The conjunction that a packet meets; see `Conjunction`.
  public static let conjunctionID = nicira(37, bits: 32, .decimal, maskable: false, settable: false)
  /// The port by which the packet came as OpenFlow 1.0 numbers it, in 16 bits; for `learn` and the like.
  public static let inPort16 = older(0, bits: 16, .decimal, needs: .nothing)

  // Of connection tracking.

  /// Connection tracking state; see `ConntrackState`.
  public static let conntrackState = nicira(105, bits: 32, .conntrackState, settable: false)
  /// Connection tracking zone.
  public static let conntrackZone = nicira(106, bits: 16, .decimal, maskable: false, settable: false)
  /// Connection tracking mark; written within `ConntrackAction` only.
  public static let conntrackMark = nicira(107, bits: 32, .hexadecimal)
  /// Connection tracking label; written within `ConntrackAction` only.
  public static let conntrackLabel = nicira(108, bits: 128, .hexadecimal)
  /// IP protocol of the connection's first packet.
  public static let conntrackProtocol = nicira(
    119, bits: 8, .decimal, maskable: false, settable: false, needs: .trackedConnection)
  /// IPv4 source of the connection's first packet.
  public static let conntrackIPv4Source = nicira(120, bits: 32, .ipv4, settable: false, needs: .trackedIPv4)
  /// IPv4 destination of the connection's first packet.
  public static let conntrackIPv4Destination = nicira(121, bits: 32, .ipv4, settable: false, needs: .trackedIPv4)
  /// IPv6 source of the connection's first packet.
  public static let conntrackIPv6Source = nicira(122, bits: 128, .ipv6, settable: false, needs: .trackedIPv6)
  /// IPv6 destination of the connection's first packet.
  public static let conntrackIPv6Destination = nicira(
    123, bits: 128, .ipv6, settable: false, needs: .trackedIPv6)
  /// Source port of the connection's first packet.
  public static let conntrackSourcePort = nicira(124, bits: 16, .decimal, settable: false, needs: .trackedConnection)
  /// Destination port of the connection's first packet.
  public static let conntrackDestinationPort = nicira(
    125, bits: 16, .decimal, settable: false, needs: .trackedConnection)

  // Of headers.

  /// Bit 0: a fragment; bit 1: not the first one.
  public static let ipFragment = nicira(26, bits: 2, .fragment, settable: false, needs: .ip)
  /// IPv4 time to live, IPv6 hop limit.
  public static let ipTTL = nicira(29, bits: 8, .decimal, maskable: false, needs: .ip)
  /// MPLS time to live.
  public static let mplsTTL = nicira(30, bits: 8, .decimal, maskable: false, needs: .mpls)
  /// The whole VLAN tag: 3 bits of priority, 1 that is set if there is a tag, 12 of identifier.
  public static let vlanTag = older(4, bits: 16, .hexadecimal, maskable: true, needs: .ethernet)
  /// The DSCP bits where the IP header has them: in the high six of the byte, the low two are 0.
  public static let ipTypeOfService = older(5, bits: 8, .decimal, needs: .ip)
  /// The reserved 32 bits of a neighbour discovery message.
  public static let ndReserved = MatchField(
    oxmClass: OXMClass.ericsson, number: 1, bitCount: 32, maskable: false, needs: .neighbourDiscovery,
    format: .decimal)
  /// The type of a neighbour discovery message's option.
  public static let ndOptionType = MatchField(
    oxmClass: OXMClass.ericsson, number: 2, bitCount: 8, maskable: false, needs: .neighbourDiscovery,
    format: .decimal)

  /// These fields with the names that `ovs-ofctl` uses.
  static let niciraFields: [NamedField] = [
    NamedField(packetMark, "pkt_mark"), NamedField(datapathHash, "dp_hash"), NamedField(recirculationID, "recirc_id"),
    NamedField(conjunctionID, "conj_id"), NamedField(inPort16, "nxm_in_port"), NamedField(conntrackState, "ct_state"),
    NamedField(conntrackZone, "ct_zone"), NamedField(conntrackMark, "ct_mark"),
    NamedField(conntrackLabel, "ct_label"), NamedField(conntrackProtocol, "ct_nw_proto"),
    NamedField(conntrackIPv4Source, "ct_nw_src"), NamedField(conntrackIPv4Destination, "ct_nw_dst"),
    NamedField(conntrackIPv6Source, "ct_ipv6_src"), NamedField(conntrackIPv6Destination, "ct_ipv6_dst"),
    NamedField(conntrackSourcePort, "ct_tp_src"), NamedField(conntrackDestinationPort, "ct_tp_dst"),
    NamedField(ipFragment, "ip_frag", "nw_frag"), NamedField(ipTTL, "nw_ttl"), NamedField(mplsTTL, "mpls_ttl"),
    NamedField(vlanTag, "vlan_tci"), NamedField(ipTypeOfService, "nw_tos"), NamedField(ndReserved, "nd_reserved"),
    NamedField(ndOptionType, "nd_options_type"),
  ]
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What must be known of a packet before a match or an action may name a field (OpenFlow 1.3.5, 7.2.3.8;
/// ovs-fields(7)).
enum Prerequisite: UInt8, Sendable {
  case nothing, inPort, ethernet, vlanTag, arp, ip, ipv4, ipv6, mpls, pbb, nsh
  case tcp, udp, sctp, icmpv4, icmpv6
  case neighbourDiscovery, neighbourSolicitation, neighbourAdvertisement
  case trackedConnection, trackedIPv4, trackedIPv6

  /// What a match must say, and what that needs in turn.
  var text: String {
    switch self {
    case .nothing: "nothing"
    case .inPort: "in_port"
    case .ethernet: "a packet_type of (0,0x0), or none"
    case .vlanTag: "vlan_vid with bit 0x1000"
    case .arp: "eth_type=0x0806 or 0x8035"
    case .ip: "eth_type=0x0800 or 0x86dd"
    case .ipv4: "eth_type=0x0800"
    case .ipv6: "eth_type=0x86dd"
    case .mpls: "eth_type=0x8847 or 0x8848"
    case .pbb: "eth_type=0x88e7"
    case .nsh: "eth_type=0x894f"
    case .tcp: "ip_proto=6, and that needs \(Self.ip.text)"
    case .udp: "ip_proto=17, and that needs \(Self.ip.text)"
    case .sctp: "ip_proto=132, and that needs \(Self.ip.text)"
    case .icmpv4: "ip_proto=1, and that needs \(Self.ipv4.text)"
    case .icmpv6: "ip_proto=58, and that needs \(Self.ipv6.text)"
    case .neighbourDiscovery:
      "icmpv6_type=135 or 136 and, if there is one, icmpv6_code=0; they need \(Self.icmpv6.text)"
    case .neighbourSolicitation:
      "icmpv6_type=135 and, if there is one, icmpv6_code=0; they need \(Self.icmpv6.text)"
    case .neighbourAdvertisement:
      "icmpv6_type=136 and, if there is one, icmpv6_code=0; they need \(Self.icmpv6.text)"
    case .trackedConnection: "ct_state with new, est, rel, rpl, snat or dnat set, or with +trk-inv"
    case .trackedIPv4: "\(Self.ipv4.text), and \(Self.trackedConnection.text)"
    case .trackedIPv6: "\(Self.ipv6.text), and \(Self.trackedConnection.text)"
    }
  }
}

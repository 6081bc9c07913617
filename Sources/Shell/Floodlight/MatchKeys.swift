// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import OpenFlow

/// The names of match fields, and how their values differ from the specification's.
package enum MatchKeys {
  private static let names: [String: String] = [
    "in_port": "in_port", "in_phys_port": "in_phy_port", "eth_src": "eth_src", "eth_dst": "eth_dst",
    "eth_type": "eth_type", "eth_vlan_vid": "vlan_vid", "eth_vlan_pcp": "vlan_pcp", "ip_proto": "ip_proto",
    "ip_dscp": "ip_dscp", "ip_ecn": "ip_ecn", "ipv4_src": "ipv4_src", "ipv4_dst": "ipv4_dst", "ipv6_src": "ipv6_src",
    "ipv6_dst": "ipv6_dst", "ipv6_label": "ipv6_flabel", "ipv6_exthdr": "ipv6_exthdr",
    "ipv6_nd_target": "ipv6_nd_target", "ipv6_nd_sll": "ipv6_nd_sll", "ipv6_nd_tll": "ipv6_nd_tll",
    "tcp_src": "tcp_src", "tcp_dst": "tcp_dst", "udp_src": "udp_src", "udp_dst": "udp_dst", "sctp_src": "sctp_src",
    "sctp_dst": "sctp_dst", "icmpv4_type": "icmpv4_type", "icmpv4_code": "icmpv4_code", "icmpv6_type": "icmpv6_type",
    "icmpv6_code": "icmpv6_code", "arp_opcode": "arp_op", "arp_sha": "arp_sha", "arp_tha": "arp_tha",
    "arp_spa": "arp_spa", "arp_tpa": "arp_tpa", "mpls_label": "mpls_label", "mpls_tc": "mpls_tc",
    "mpls_bos": "mpls_bos",
    "metadata": "metadata", "tunnel_id": "tunnel_id", "tunnel_ipv4_src": "tun_src", "tunnel_ipv4_dst": "tun_dst",
    "pbb_uca": "pbb_uca", "tcp_flags": "tcp_flags", "ovs_tcp_flags": "tcp_flags", "actset_output": "actset_output",
    "packet_type": "packet_type",
  ]

  private static let keys: [String: String] = {
    var keys: [String: String] = [:]
    for (key, name) in Self.names where key != "ovs_tcp_flags" { keys[name] = key }
    return keys
  }()

  /// - Parameter number: that of `ip_proto`, which `tp_src` and `tp_dst` are about.
  package static func field(_ key: String, protocol number: UInt64?) -> String? {
    guard key == "tp_src" || key == "tp_dst" else { return self.names[key] }
    let end = key.hasSuffix("src") ? "src" : "dst"
    switch number {
    case 6: return "tcp_\(end)"
    case 17: return "udp_\(end)"
    case 132: return "sctp_\(end)"
    default: return nil
    }
  }

  package static func value(_ key: String, _ text: String) -> String {
    switch (key, text.lowercased()) {
    case ("mpls_bos", "true"), ("pbb_uca", "true"): "1"
    case ("mpls_bos", "false"), ("pbb_uca", "false"): "0"
    case ("in_port", "max"): "0xffffff00"
    case ("ip_proto", let word): protocolNumber(word).map { "\($0)" } ?? text
    case ("packet_type", _) where text.contains("/"): "(\(text.replacing("/", with: ",")))"
    default: text
    }
  }

  /// What Floodlight calls a field.
  package static func key(_ field: MatchField) -> String { self.keys[field.description] ?? field.description }
}

/// `2`, or one of the words of `OFPort`.
package enum PortText {
  package static func read(_ text: String) -> PortNumber? {
    let word = trimmed(text.lowercased())
    return word == "max"
      ? PortNumber(0xffff_ff00)
      : PortNumber(text: word) ?? number(word).flatMap { UInt32(exactly: $0) }.map { PortNumber($0) }
  }

  package static func write(_ port: PortNumber) -> String { port.reservedName ?? "\(port.rawValue)" }
}

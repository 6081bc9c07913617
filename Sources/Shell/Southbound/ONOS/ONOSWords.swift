// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import OpenFlow
import OpenFlowText

/// What ONOS calls the fields of OpenFlow (`CriterionCodec`, `InstructionCodec`). It has words for no field of ARP.
enum ONOSWords {
  enum Form {
    case number
    case address
    /// With the length of the prefix, always; bits of the whole address.
    case prefix(Int)
    case hexadecimal
    /// Without the bit that says that there is a tag.
    case vlan
  }

  typealias Criterion = (type: String, key: String, form: Form)
  typealias Change = (layer: Int, subtype: String, key: String, form: Form)

  /// By the names of OXM fields.
  static let criteria: [String: Criterion] = [
    "in_port": ("IN_PORT", "port", .number), "in_phy_port": ("IN_PHY_PORT", "port", .number),
    "metadata": ("METADATA", "metadata", .number), "eth_dst": ("ETH_DST", "mac", .address),
    "eth_src": ("ETH_SRC", "mac", .address), "eth_type": ("ETH_TYPE", "ethType", .hexadecimal),
    "vlan_vid": ("VLAN_VID", "vlanId", .vlan), "vlan_pcp": ("VLAN_PCP", "priority", .number),
    "ip_dscp": ("IP_DSCP", "ipDscp", .number), "ip_ecn": ("IP_ECN", "ipEcn", .number),
    "ip_proto": ("IP_PROTO", "protocol", .number), "ipv4_src": ("IPV4_SRC", "ip", .prefix(32)),
    "ipv4_dst": ("IPV4_DST", "ip", .prefix(32)), "tcp_src": ("TCP_SRC", "tcpPort", .number),
    "tcp_dst": ("TCP_DST", "tcpPort", .number), "udp_src": ("UDP_SRC", "udpPort", .number),
    "udp_dst": ("UDP_DST", "udpPort", .number), "sctp_src": ("SCTP_SRC", "sctpPort", .number),
    "sctp_dst": ("SCTP_DST", "sctpPort", .number), "icmpv4_type": ("ICMPV4_TYPE", "icmpType", .number),
    "icmpv4_code": ("ICMPV4_CODE", "icmpCode", .number), "ipv6_src": ("IPV6_SRC", "ip", .prefix(128)),
    "ipv6_dst": ("IPV6_DST", "ip", .prefix(128)), "icmpv6_type": ("ICMPV6_TYPE", "icmpv6Type", .number),
    "icmpv6_code": ("ICMPV6_CODE", "icmpv6Code", .number), "mpls_label": ("MPLS_LABEL", "label", .number),
    "tunnel_id": ("TUNNEL_ID", "tunnelId", .number),
  ]

  static let changes: [String: Change] = [
    "eth_src": (2, "ETH_SRC", "mac", .address), "eth_dst": (2, "ETH_DST", "mac", .address),
    "vlan_vid": (2, "VLAN_ID", "vlanId", .vlan), "vlan_pcp": (2, "VLAN_PCP", "vlanPcp", .number),
    "mpls_label": (2, "MPLS_LABEL", "label", .number), "tunnel_id": (2, "TUNNEL_ID", "tunnelId", .number),
    "ipv4_src": (3, "IPV4_SRC", "ip", .address), "ipv4_dst": (3, "IPV4_DST", "ip", .address),
    "ipv6_src": (3, "IPV6_SRC", "ip", .address), "ipv6_dst": (3, "IPV6_DST", "ip", .address),
    "tcp_src": (4, "TCP_SRC", "tcpPort", .number), "tcp_dst": (4, "TCP_DST", "tcpPort", .number),
    "udp_src": (4, "UDP_SRC", "udpPort", .number), "udp_dst": (4, "UDP_DST", "udpPort", .number),
  ]

  static let fields: [String: (name: String, word: Criterion)] = Dictionary(
    uniqueKeysWithValues: criteria.map { ($0.value.type, ($0.key, $0.value)) })
  static let changed: [String: (name: String, word: Change)] = Dictionary(
    uniqueKeysWithValues: changes.map { ($0.value.subtype, ($0.key, $0.value)) })

  // MARK: Ports

  /// `PortNumber.Logical` of ONOS.
  private static let logical: [(port: PortNumber, name: String, number: Int64)] = [
    (.inPort, "IN_PORT", -8), (.table, "TABLE", -7), (.normal, "NORMAL", -6), (.flood, "FLOOD", -5),
    (.all, "ALL", -4), (.controller, "CONTROLLER", -3), (.local, "LOCAL", -2), (.any, "ANY", -1),
  ]

  static func text(of port: PortNumber) -> String {
    self.logical.first { $0.port == port }?.name ?? "\(port.rawValue)"
  }

  /// As a name, a number (negative for those that are no places of a cable), or `[NAME](NUMBER)`; nil: it is none.
  static func port(_ text: String) -> PortNumber? {
    if let known = self.logical.first(where: { $0.name == text.uppercased() || "\($0.number)" == text }) {
      return known.port
    }
    if text.first == "[", text.last == ")", let open = text.lastIndex(of: "(") {
      return self.port(String(text[text.index(after: open)...].dropLast()))
    }
    return UInt32(text).map { PortNumber($0) }
  }
}

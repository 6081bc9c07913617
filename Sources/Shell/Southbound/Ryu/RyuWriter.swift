// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import OpenFlow
package import OpenFlowText

/// FLOW_MODs as Ryu's `ofctl_rest` reads them.
///
/// It reads a literal of Python, so that no truth value of JSON may be in it, and leaves out in silence what it does not
/// know: a match with a wrong key would match everything. So what it does not know is refused here.
package enum RyuWriter {
  package struct Unsayable: Error, Sendable, Equatable {
    package var why: String
  }

  /// - Throws: what Ryu cannot be told.
  package static func write(_ mod: FlowMod, on datapath: DatapathID) throws(Unsayable) -> JSONValue {
    guard mod.importance == 0, mod.bufferID == nil else {
      throw Unsayable(why: "a flow with an importance, or for a packet that the switch keeps")
    }
    var members: [JSONValue.Member] = [
      .init("dpid", .integer(datapath.rawValue)), .init("cookie", .integer(mod.cookie)),
      .init("table_id", .integer(mod.tableID)), .init("priority", .integer(mod.priority)),
      .init("flags", .integer(mod.flags.rawValue)),
    ]
    if mod.idleTimeout > 0 { members.append(.init("idle_timeout", .integer(mod.idleTimeout))) }
    if mod.hardTimeout > 0 { members.append(.init("hard_timeout", .integer(mod.hardTimeout))) }
    var match: [JSONValue.Member] = []
    for entry in mod.match.entries { match.append(.init(try self.key(entry.field), try self.condition(entry))) }
    members.append(.init("match", .object(match)))
    members.append(.init("actions", .array(try self.instructions(mod.instructions))))
    return .object(members)
  }

  // MARK: Conditions

  /// What `to_match` of `ryu/lib/ofctl_v1_3.py` knows.
  private static let keys: Set<String> = [
    "in_port", "in_phy_port", "metadata", "eth_dst", "eth_src", "eth_type", "vlan_vid", "vlan_pcp", "ip_dscp", "ip_ecn",
    "ip_proto", "ipv4_src", "ipv4_dst", "tcp_src", "tcp_dst", "udp_src", "udp_dst", "sctp_src", "sctp_dst",
    "icmpv4_type", "icmpv4_code", "arp_op", "arp_spa", "arp_tpa", "arp_sha", "arp_tha", "ipv6_src", "ipv6_dst",
    "ipv6_flabel", "icmpv6_type", "icmpv6_code", "ipv6_nd_target", "ipv6_nd_sll", "ipv6_nd_tll", "mpls_label",
    "mpls_tc",
    "mpls_bos", "pbb_isid", "tunnel_id", "ipv6_exthdr",
  ]
  private static let maskable: Set<String> = [
    "metadata", "eth_dst", "eth_src", "vlan_vid", "ipv4_src", "ipv4_dst", "arp_spa", "arp_tpa", "arp_sha", "arp_tha",
    "ipv6_src", "ipv6_dst", "ipv6_nd_target", "ipv6_nd_sll", "ipv6_nd_tll", "pbb_isid", "tunnel_id", "ipv6_exthdr",
  ]

  private static func key(_ field: MatchField) throws(Unsayable) -> String {
    let name = field.description
    guard self.keys.contains(name) else { throw Unsayable(why: "the field \(name), which Ryu does not know") }
    return name
  }

  private static func condition(_ entry: MatchEntry) throws(Unsayable) -> JSONValue {
    let name = entry.field.description
    guard entry.mask == nil || self.maskable.contains(name) else {
      throw Unsayable(why: "a mask on \(name), which Ryu does not read")
    }
    return self.value(entry)
  }

  /// Addresses as texts, all else as numbers; a VLAN id in hexadecimal digits is taken as it is on the wire.
  private static func value(_ entry: MatchEntry) -> JSONValue {
    let name = entry.field.description
    let isAddress = ["eth_", "ipv4_", "arp_s", "arp_t", "ipv6_src", "ipv6_dst", "ipv6_nd"].contains(
      where: name.hasPrefix)
    if isAddress && name != "eth_type" { return .string(entry.text) }
    let (value, mask) = (UInt64(truncatingIfNeeded: entry.value), entry.mask.map { UInt64(truncatingIfNeeded: $0) })
    if let mask { return .string("0x\(String(value, radix: 16))/0x\(String(mask, radix: 16))") }
    return name == "vlan_vid" ? .string("0x\(String(value, radix: 16))") : .integer(value)
  }

  // MARK: Instructions

  private static func instructions(_ instructions: [Instruction]) throws(Unsayable) -> [JSONValue] {
    var items: [JSONValue] = []
    for instruction in instructions {
      switch instruction {
      case .applyActions(let actions): for action in actions { items.append(try self.action(action)) }
      case .writeActions(let actions):
        var written: [JSONValue] = []
        for action in actions { written.append(try self.action(action)) }
        items.append(self.item("WRITE_ACTIONS", [.init("actions", .array(written))]))
      case .clearActions: items.append(self.item("CLEAR_ACTIONS"))
      case .gotoTable(let table): items.append(self.item("GOTO_TABLE", [.init("table_id", .integer(table))]))
      case .meter(let meter): items.append(self.item("METER", [.init("meter_id", .integer(meter))]))
      case .writeMetadata(let value, let mask):
        items.append(
          self.item(
            "WRITE_METADATA", [.init("metadata", .integer(value)), .init("metadata_mask", .integer(mask))]))
      case .unknown: throw Unsayable(why: "an instruction of an experimenter")
      }
    }
    return items
  }

  private static func item(_ type: String, _ members: [JSONValue.Member] = []) -> JSONValue {
    .object([.init("type", .string(type))] + members)
  }

  private static func action(_ action: Action) throws(Unsayable) -> JSONValue {
    func type(_ word: String, _ key: String, _ value: some FixedWidthInteger) -> JSONValue {
      self.item(word, [.init(key, .integer(value))])
    }
    switch action {
    case .output(let port, let length):
      return self.item("OUTPUT", [.init("port", .integer(port.rawValue)), .init("max_len", .integer(length))])
    case .group(let group): return type("GROUP", "group_id", group.rawValue)
    case .setQueue(let queue): return type("SET_QUEUE", "queue_id", queue)
    case .setField(let entry) where entry.mask == nil:
      return self.item(
        "SET_FIELD", [.init("field", .string(try self.key(entry.field))), .init("value", self.written(entry))])
    case .pushVLAN(let ethernetType): return type("PUSH_VLAN", "ethertype", ethernetType)
    case .pushMPLS(let ethernetType): return type("PUSH_MPLS", "ethertype", ethernetType)
    case .popMPLS(let ethernetType): return type("POP_MPLS", "ethertype", ethernetType)
    case .popVLAN: return self.item("POP_VLAN")
    case .setTTL(let ttl): return type("SET_NW_TTL", "nw_ttl", ttl)
    case .decrementTTL: return self.item("DEC_NW_TTL")
    case .setMPLSTTL(let ttl): return type("SET_MPLS_TTL", "mpls_ttl", ttl)
    case .decrementMPLSTTL: return self.item("DEC_MPLS_TTL")
    case .copyTTLIn: return self.item("COPY_TTL_IN")
    case .copyTTLOut: return self.item("COPY_TTL_OUT")
    default: throw Unsayable(why: "the action \(action), which is not OpenFlow 1.3")
    }
  }

  /// Here a VLAN id is a number as on the wire.
  private static func written(_ entry: MatchEntry) -> JSONValue {
    entry.field == .vlanID ? .integer(UInt64(truncatingIfNeeded: entry.value)) : self.value(entry)
  }
}

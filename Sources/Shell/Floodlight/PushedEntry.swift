// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
package import OpenFlow
import OpenFlowText
import StaticEntries

/// An entry as Floodlight's static entry pusher takes it: one flat object of texts.
///
/// What Floodlight leaves out in silence is left out here too, and told in `notes`.
struct PushedEntry {
  /// What the check of Floodlight says of an entry that it discards.
  enum Discarded: String, Error {
    case needsEthernetType = "Must specify eth_type of IPv4/IPv6 to match on IPv4/IPv6 fields!"
    case strangeEthernetType = "eth_type not recognized!"
    case needsProtocol = "Must specify ip_proto to match!"
    case wrongProtocol = "ip_proto invalid!"
    case needsICMPType = "Must specify icmp6_type to match!"
    case wrongICMPType = "icmp6_type invalid!"
    case mixesFamilies = "IPv4 & IPv6 fields cannot be specified in the same flow!"
    case needsSwitch = "Must specify switch DPID in flow."
    case wrongSwitch = "Switch DPID invalid!"

    var status: String { "Warning! \(self.rawValue) The flow has been discarded." }
  }

  /// Nil: nothing is to be installed, as `notes` say.
  var entry: StaticEntry?
  var notes: [String] = []

  /// - Throws: what Floodlight answers instead of taking it.
  init(_ members: [JSONValue.Member]) throws(Discarded) {
    var fields: [String: String] = [:]
    var buckets: [JSONValue] = []
    for member in members {
      let key = trimmed(member.key.lowercased())
      switch member.value {
      case .string(let text), .number(let text): fields[key] = text
      case .bool(let value): fields[key] = value ? "true" : "false"
      case .array(let values) where key == "group_buckets": buckets = values
      case .null, .array, .object: self.notes.append("'\(key)' is no text: left out")
      }
    }
    try Self.check(fields)
    guard let text = fields["switch"] else { throw .needsSwitch }
    guard let datapath = DatapathID(trimmed(text)) else { throw .wrongSwitch }
    guard let name = fields["name"] else {
      self.notes.append("there is no 'name': nothing was installed")
      return
    }
    let kind = fields["entry_type"].map { trimmed($0.lowercased()) } ?? "flow"
    let content: StaticEntry.Content?
    switch kind {
    case "flow": content = self.flow(fields).map { .flow($0) }
    case "group": content = self.group(fields, buckets).map { .group($0) }
    default:
      self.notes.append("entry_type '\(kind)' is neither flow nor group: nothing was installed")
      content = nil
    }
    let isActive = fields["active"].map { trimmed($0.lowercased()) == "true" } ?? true
    self.entry = content.map { StaticEntry(name: name, datapath: datapath, isActive: isActive, content: $0) }
  }

  // MARK: The check

  /// What `StaticEntryPusherResource` looks at, in its order.
  private static func check(_ fields: [String: String]) throws(Discarded) {
    let isIPv4 = fields.keys.contains { $0.hasPrefix("ipv4_") }
    let isIPv6 = fields.keys.contains { $0.hasPrefix("ipv6_") }
    let isICMPv6 = fields.keys.contains { $0.hasPrefix("icmpv6_") }
    if isIPv4 || isIPv6 || fields["ip_proto"] != nil {
      guard let text = fields["eth_type"] else { throw .needsEthernetType }
      guard let type = number(text), [0x0800, 0x0806, 0x8035, 0x86dd].contains(type) else { throw .strangeEthernetType }
    }
    if isICMPv6 {
      guard let text = fields["ip_proto"] else { throw .needsProtocol }
      guard protocolNumber(text) == 58 else { throw .wrongProtocol }
    }
    let discovery = ["ipv6_nd_target", "ipv6_nd_sll", "ipv6_nd_tll"].filter { fields[$0] != nil }
    if !discovery.isEmpty {
      guard let text = fields["icmpv6_type"] else { throw .needsICMPType }
      let type = number(text)
      let isRight = discovery.allSatisfy { field in
        switch field {
        case "ipv6_nd_sll": type == 135
        case "ipv6_nd_tll": type == 136
        default: type == 135 || type == 136
        }
      }
      guard isRight else { throw .wrongICMPType }
    }
    let actions = Self.actionKeys.compactMap { fields[$0]?.lowercased() }.joined(separator: ",")
    let writesIPv4 = actions.contains("ipv4_")
    let writesIPv6 = actions.contains("ipv6_")
    if isIPv4 || writesIPv4, isIPv6 || writesIPv6 { throw .mixesFamilies }
  }

  private static let actionKeys = ["actions", "instruction_apply_actions", "instruction_write_actions"]

  // MARK: Flows

  private mutating func flow(_ fields: [String: String]) -> StaticFlow? {
    var flow = (table: UInt8(0), priority: UInt16.max, idle: UInt16(0), hard: UInt16(0))
    var match = Match()
    var isKnown = true
    for (key, text) in fields.sorted(by: { $0.key < $1.key }) {
      switch key {
      case "switch", "name", "entry_type", "active", "actions": break
      case "priority": flow.priority = self.value(key, text) ?? flow.priority
      case "idle_timeout": flow.idle = self.value(key, text) ?? flow.idle
      case "hard_timeout": flow.hard = self.value(key, text) ?? flow.hard
      case "table": flow.table = self.value(key, text) ?? flow.table
      case "cookie": self.notes.append("'cookie' is given by the name, as Floodlight does: \(text) is left out")
      case _ where key.hasPrefix("instruction_"): break
      default:
        if let entry = self.condition(key, text, fields) { match.insert(entry) } else { isKnown = false }
      }
    }
    guard isKnown else {
      self.notes.append("nothing was installed")
      return nil
    }
    return StaticFlow(
      table: flow.table, priority: flow.priority, idleTimeout: flow.idle, hardTimeout: flow.hard, match: match,
      instructions: self.instructions(fields))
  }

  private mutating func value<Number: FixedWidthInteger>(_ key: String, _ text: String) -> Number? {
    guard let value = number(text).flatMap({ Number(exactly: $0) }) else {
      self.notes.append("\(key) '\(text)' is no number from 0 to \(Number.max): left out")
      return nil
    }
    return value
  }

  private mutating func condition(_ key: String, _ text: String, _ fields: [String: String]) -> MatchEntry? {
    guard let name = MatchKeys.field(key, protocol: fields["ip_proto"].flatMap(protocolNumber)) else {
      self.notes.append("'\(key)' is no field that can be matched")
      return nil
    }
    do throws(MatchEntry.TextProblem) {
      return try MatchEntry(named: name, text: MatchKeys.value(key, trimmed(text)))
    } catch {
      self.notes.append("\(key): \(error.description)")
      return nil
    }
  }

  private mutating func instructions(_ fields: [String: String]) -> [Instruction] {
    var instructions: [Instruction] = []
    if let text = fields["instruction_goto_meter"], let meter: UInt32 = self.value("instruction_goto_meter", text) {
      instructions.append(.meter(meter))
    }
    let actions = self.actions(fields["actions"]) + self.actions(fields["instruction_apply_actions"])
    if !actions.isEmpty { instructions.append(.applyActions(actions)) }
    if fields["instruction_clear_actions"] != nil { instructions.append(.clearActions) }
    let written = self.actions(fields["instruction_write_actions"])
    if !written.isEmpty { instructions.append(.writeActions(written)) }
    if let text = fields["instruction_write_metadata"] {
      let parts = text.split(separator: "/", maxSplits: 1)
      if let value = parts.first.flatMap({ wide(trimmed(String($0))) }),
        let mask = parts.count > 1 ? wide(trimmed(String(parts[1]))) : .max
      {
        instructions.append(.writeMetadata(value: value, mask: mask))
      } else {
        self.notes.append("instruction_write_metadata '\(text)' is no VALUE or VALUE/MASK: left out")
      }
    }
    if let text = fields["instruction_goto_table"], let table: UInt8 = self.value("instruction_goto_table", text) {
      instructions.append(.gotoTable(table))
    }
    for key in fields.keys.sorted() where key.hasPrefix("instruction_") && !Self.instructionKeys.contains(key) {
      self.notes.append("'\(key)' is no instruction that is known: left out")
    }
    return instructions
  }

  private static let instructionKeys = [
    "instruction_apply_actions", "instruction_write_actions", "instruction_clear_actions", "instruction_goto_table",
    "instruction_write_metadata", "instruction_goto_meter",
  ]

  private mutating func actions(_ text: String?) -> [Action] {
    guard let text else { return [] }
    let (actions, problems) = ActionText.read(text)
    self.notes += problems
    return actions
  }

  // MARK: Groups

  private mutating func group(_ fields: [String: String], _ values: [JSONValue]) -> StaticGroup? {
    guard let text = fields["group_id"], let number = number(text).flatMap({ UInt32(exactly: $0) }) else {
      self.notes.append("group_id '\(fields["group_id"] ?? "")' is no number: nothing was installed")
      return nil
    }
    let kind: GroupKind
    switch fields["group_type"].map({ trimmed($0.lowercased()) }) {
    case "all": kind = .all
    case "select": kind = .select
    case "indirect": kind = .indirect
    case "fast_failover": kind = .fastFailover
    case let other:
      self.notes.append(
        "group_type '\(other ?? "")' is none of all, select, indirect and fast_failover: nothing was installed")
      return nil
    }
    var buckets: [(id: UInt64, bucket: Bucket)] = []
    for value in values { if let bucket = self.bucket(value) { buckets.append(bucket) } }
    let known: Set = ["switch", "name", "entry_type", "active", "group_id", "group_type", "group_buckets"]
    for key in fields.keys.sorted() where !known.contains(key) {
      self.notes.append("'\(key)' is no field of a group: left out")
    }
    return StaticGroup(
      number: GroupNumber(number), kind: kind, buckets: buckets.sorted { $0.id < $1.id }.map(\.bucket))
  }

  private mutating func bucket(_ value: JSONValue) -> (id: UInt64, bucket: Bucket)? {
    guard case .object(let members) = value else {
      self.notes.append("a bucket is an object: left out")
      return nil
    }
    var id: UInt64?
    var bucket = Bucket()
    for member in members {
      let key = trimmed(member.key.lowercased())
      let text: String
      switch member.value {
      case .string(let value), .number(let value): text = value
      default: text = ""
      }
      switch key {
      case "bucket_id": id = number(text)
      case "bucket_weight": bucket.weight = self.value(key, text) ?? 0
      case "bucket_watch_port": bucket.watchPort = PortText.read(text) ?? .any
      case "bucket_watch_group":
        bucket.watchGroup =
          text.lowercased() == "any"
          ? .any : number(text).flatMap { UInt32(exactly: $0) }.map { GroupNumber($0) } ?? .any
      case "bucket_actions": bucket.actions = self.actions(text)
      default: self.notes.append("'\(key)' is no field of a bucket: left out")
      }
    }
    guard let id else {
      self.notes.append("a bucket without bucket_id was left out")
      return nil
    }
    return (id, bucket)
  }
}

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

// MARK: Texts

func trimmed(_ text: String) -> String {
  guard text.utf8.first.map(isBlank) == true || text.utf8.last.map(isBlank) == true else { return text }
  let rest = text.utf8.drop(while: isBlank)
  let count = rest.reversed().drop(while: isBlank).count
  return String(decoding: rest.prefix(count), as: UTF8.self)
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

/// Decimal, or hexadecimal behind `0x`.
func number(_ text: String) -> UInt64? { wide(trimmed(text)) }

private func wide(_ text: String) -> UInt64? {
  text.hasPrefix("0x") || text.hasPrefix("0X") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
}

/// Also the words, which Floodlight's documentation has and its check does not survive.
func protocolNumber(_ text: String) -> UInt64? {
  switch trimmed(text.lowercased()) {
  case "tcp": 6
  case "udp": 17
  case "sctp": 132
  case "icmp": 1
  case let text: number(text)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
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
    var fields = EntryFields()
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
  private static func check(_ fields: EntryFields) throws(Discarded) {
    let isIPv4 = fields.contains { $0.key.hasPrefix("ipv4_") }
    let isIPv6 = fields.contains { $0.key.hasPrefix("ipv6_") }
    let isICMPv6 = fields.contains { $0.key.hasPrefix("icmpv6_") }
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
    let actions = Self.actionKeys.compactMap { fields[$0]?.lowercased() }
    let writesIPv4 = actions.contains { range(of: "ipv4_", in: $0) != nil }
    let writesIPv6 = actions.contains { range(of: "ipv6_", in: $0) != nil }
    if isIPv4 || writesIPv4, isIPv6 || writesIPv6 { throw .mixesFamilies }
  }

  private static let actionKeys = ["actions", "instruction_apply_actions", "instruction_write_actions"]

  // MARK: Flows

  private mutating func flow(_ fields: EntryFields) -> StaticFlow? {
    var flow = (table: UInt8(0), priority: UInt16.max, idle: UInt16(0), hard: UInt16(0))
    var match = Match()
    var isKnown = true
    for (key, text) in fields {
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

  private mutating func condition(_ key: String, _ text: String, _ fields: EntryFields) -> MatchEntry? {
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

  private mutating func instructions(_ fields: EntryFields) -> [Instruction] {
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
      if let value = parts.first.flatMap({ number(String($0)) }),
        let mask = parts.count > 1 ? number(String(parts[1])) : .max
      {
        instructions.append(.writeMetadata(value: value, mask: mask))
      } else {
        self.notes.append("instruction_write_metadata '\(text)' is no VALUE or VALUE/MASK: left out")
      }
    }
    if let text = fields["instruction_goto_table"], let table: UInt8 = self.value("instruction_goto_table", text) {
      instructions.append(.gotoTable(table))
    }
    for (key, _) in fields where key.hasPrefix("instruction_") && !Self.instructionKeys.contains(key) {
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

  private mutating func group(_ fields: EntryFields, _ values: [JSONValue]) -> StaticGroup? {
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
    for (key, _) in fields where !known.contains(key) {
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

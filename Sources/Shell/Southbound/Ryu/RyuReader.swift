// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
package import OpenFlow
package import OpenFlowText

/// The flows and ports of a switch as Ryu's `ofctl_rest` tells of them: match fields by the names of OpenFlow 1.0 where
/// that had one, and actions as texts such as `SET_FIELD: {eth_dst:fa:16:3e:d8:26:42}`.
package enum RyuReader {
  package struct Unreadable: Error, Sendable, Equatable {
    package var why: String
  }

  package static func flow(_ value: JSONValue) throws(Unreadable) -> FlowStatistics {
    guard let priority: UInt16 = value.integer("priority"), let cookie: UInt64 = value.integer("cookie"),
      let table: UInt8 = value.integer("table_id")
    else { throw Unreadable(why: "it lacks a priority, a cookie or a table") }
    var match = Match()
    let conditions = value["match"]?.members ?? []
    let transport = conditions.first { ["nw_proto", "ip_proto"].contains($0.key) }?.value.plain
    for condition in conditions {
      match.insert(try self.condition(condition.key, condition.value, transport: transport))
    }
    return FlowStatistics(
      tableID: table, priority: priority, cookie: cookie, idleTimeout: value.integer("idle_timeout") ?? 0,
      hardTimeout: value.integer("hard_timeout") ?? 0,
      flags: FlowFlags(rawValue: value.integer("flags") ?? 0), match: match,
      instructions: try self.instructions(value["actions"]?.elements ?? []))
  }

  // MARK: Conditions

  private static let names = [
    "dl_src": "eth_src", "dl_dst": "eth_dst", "dl_type": "eth_type", "dl_vlan": "vlan_vid", "nw_src": "ipv4_src",
    "nw_dst": "ipv4_dst", "nw_proto": "ip_proto",
  ]

  private static func condition(
    _ key: String, _ value: JSONValue, transport: String?
  ) throws(Unreadable) -> MatchEntry {
    guard let text = value.plain else { throw Unreadable(why: "the value of \(key) is no text and no number") }
    switch key {
    case "tp_src", "tp_dst":
      let ends = ["6": "tcp", "17": "udp", "132": "sctp"]
      guard let name = transport.flatMap({ ends[$0] }) else {
        throw Unreadable(why: "\(key) without a protocol that has ports")
      }
      return try self.entry(name + key.dropFirst(2), text)
    // Decimal without the bit that says that there is a tag.
    case "dl_vlan", "vlan_vid":
      guard let number = UInt16(text) else { return try self.entry("vlan_vid", text) }
      return try self.entry("vlan_vid", "\(number | 0x1000)")
    default: return try self.entry(self.names[key] ?? key, text)
    }
  }

  private static func entry(_ name: String, _ text: String) throws(Unreadable) -> MatchEntry {
    do throws(MatchEntry.TextProblem) {
      return try MatchEntry(named: name, text: text)
    } catch {
      throw Unreadable(why: error.description)
    }
  }

  // MARK: Instructions

  private static func instructions(_ items: [JSONValue]) throws(Unreadable) -> [Instruction] {
    var applied: [Action] = []
    var written: [Action] = []
    var (meter, clear, metadata, next): (Instruction?, Instruction?, Instruction?, Instruction?)
    for item in items {
      if let inner = item["WRITE_ACTIONS"] {
        for action in inner.elements { written.append(try self.action(action.plain ?? "")) }
        continue
      }
      guard case .string(let text) = item else { throw Unreadable(why: "an action is \(item.text)") }
      let (word, value) = self.parts(text)
      switch word {
      case "GOTO_TABLE":
        guard let table: UInt8 = wholeNumber(value) else { throw Unreadable(why: text) }
        next = .gotoTable(table)
      case "METER":
        guard let number: UInt32 = wholeNumber(value) else { throw Unreadable(why: text) }
        meter = .meter(number)
      case "CLEAR_ACTIONS": clear = .clearActions
      case "WRITE_METADATA":
        let parts = value.split(separator: "/").map(String.init)
        guard let number: UInt64 = parts.first.flatMap(wholeNumber),
          let mask: UInt64 = parts.count > 1 ? wholeNumber(parts[1]) : .max
        else { throw Unreadable(why: text) }
        metadata = .writeMetadata(value: number, mask: mask)
      default: applied.append(try self.action(text))
      }
    }
    return [
      meter, applied.isEmpty ? nil : .applyActions(applied), clear, written.isEmpty ? nil : .writeActions(written),
      metadata, next,
    ].compactMap { $0 }
  }

  /// `OUTPUT:2` as `OUTPUT` and `2`.
  private static func parts(_ text: String) -> (word: String, value: String) {
    guard let colon = text.firstIndex(of: ":") else { return (text, "") }
    return (String(text[..<colon]), String(text[text.index(after: colon)...].drop { $0 == " " }))
  }

  private static func action(_ text: String) throws(Unreadable) -> Action {
    let (word, value) = self.parts(text)
    func number<Number: FixedWidthInteger>(_ make: (Number) -> Action) throws(Unreadable) -> Action {
      guard let number: Number = wholeNumber(value) else { throw Unreadable(why: "the action '\(text)'") }
      return make(number)
    }
    switch word {
    case "OUTPUT":
      guard let port = PortNumber(text: value) else { throw Unreadable(why: "the action '\(text)'") }
      return .output(port)
    case "SET_FIELD":
      guard value.first == "{", value.last == "}", let colon = value.firstIndex(of: ":") else {
        throw Unreadable(why: "the action '\(text)'")
      }
      let name = String(value[value.index(after: value.startIndex)..<colon])
      return .setField(try self.entry(name, String(value[value.index(after: colon)...].dropLast())))
    case "GROUP": return try number { .group(GroupNumber($0)) }
    case "SET_QUEUE": return try number { .setQueue($0) }
    case "PUSH_VLAN": return try number { .pushVLAN(ethernetType: $0) }
    case "PUSH_MPLS": return try number { .pushMPLS(ethernetType: $0) }
    case "POP_MPLS": return try number { .popMPLS(ethernetType: $0) }
    case "SET_NW_TTL": return try number { .setTTL($0) }
    case "SET_MPLS_TTL": return try number { .setMPLSTTL($0) }
    case "POP_VLAN": return .popVLAN
    case "DEC_NW_TTL": return .decrementTTL
    case "DEC_MPLS_TTL": return .decrementMPLSTTL
    case "COPY_TTL_IN": return .copyTTLIn
    case "COPY_TTL_OUT": return .copyTTLOut
    default: throw Unreadable(why: "the action '\(text)', which is not OpenFlow 1.3")
    }
  }

  // MARK: Ports

  /// Nil: it is none.
  package static func port(_ value: JSONValue) -> PortDescription? {
    guard let number = value["port_no"]?.plain.flatMap({ PortNumber(text: $0) }),
      let address = value["hw_addr"]?.plain.flatMap({ MACAddress($0) }), let name = value["name"]?.plain
    else { return nil }
    return PortDescription(
      number: number, hardwareAddress: address, name: name,
      configuration: PortDescription.Configuration(rawValue: value.integer("config") ?? 0),
      state: PortDescription.State(rawValue: value.integer("state") ?? 0))
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import Floodlight
package import OpenFlow
package import OpenFlowText

/// Flows as Floodlight's static entry pusher takes them, and as its statistics and its list tell of them.
package enum FloodlightText {
  package struct Problem: Error, Sendable, Equatable {
    package var why: String
  }

  // MARK: Writing

  /// - Throws: what the pusher cannot be told.
  package static func write(
    _ mod: FlowMod, named name: String, on datapath: DatapathID
  ) throws(Problem) -> JSONValue {
    var members: [JSONValue.Member] = []
    func add(_ key: String, _ text: String) { members.append(.init(key, .string(text))) }
    add("switch", datapath.description)
    add("name", name)
    add("table", "\(mod.tableID)")
    add("priority", "\(mod.priority)")
    add("active", "true")
    if mod.idleTimeout > 0 { add("idle_timeout", "\(mod.idleTimeout)") }
    if mod.hardTimeout > 0 { add("hard_timeout", "\(mod.hardTimeout)") }
    for entry in mod.match.entries {
      let key = MatchKeys.key(entry.field)
      let text = MatchText.value(of: entry)
      guard try self.condition(key, text, number: mod.match[.ipProtocol]?.value) == entry else {
        throw Problem(why: "the condition \(entry), which Floodlight does not read")
      }
      add(key, text)
    }
    for instruction in mod.instructions {
      switch instruction {
      case .applyActions(let actions): add("instruction_apply_actions", try self.actions(actions))
      case .writeActions(let actions): add("instruction_write_actions", try self.actions(actions))
      case .clearActions: add("instruction_clear_actions", "")
      case .gotoTable(let table): add("instruction_goto_table", "\(table)")
      case .meter(let meter): add("instruction_goto_meter", "\(meter)")
      case .writeMetadata(let value, let mask): add("instruction_write_metadata", "\(value)/\(mask)")
      case .unknown: throw Problem(why: "an instruction of an experimenter")
      }
    }
    return .object(members)
  }

  private static func actions(_ actions: [Action]) throws(Problem) -> String {
    let text = ActionText.write(actions)
    let read = ActionText.read(text)
    guard read.problems.isEmpty, read.actions == actions else {
      throw Problem(why: "the actions \(text), which Floodlight does not read")
    }
    return text
  }

  // MARK: Reading

  /// A flow of `GET /wm/core/switch/…/flow/json`.
  package static func flow(_ value: JSONValue) throws(Problem) -> FlowStatistics {
    guard let priority: UInt16 = value.integer("priority"), let cookie: UInt64 = value.integer("cookie") else {
      throw Problem(why: "it lacks a priority or a cookie")
    }
    return FlowStatistics(
      tableID: value.integer("table_id") ?? 0, priority: priority, cookie: cookie,
      idleTimeout: value.integer("idle_timeout_s") ?? 0, hardTimeout: value.integer("hard_timeout_s") ?? 0,
      flags: [.sendFlowRemoved], match: try self.match(value["match"]),
      instructions: try self.instructions(value["instructions"]))
  }

  /// An entry of `GET /wm/staticentrypusher/list/…/json`. For OpenFlow 1.3 Floodlight leaves out which table it is in.
  package static func entry(_ value: JSONValue) throws(Problem) -> FlowStatistics {
    guard value["group_number"] == nil else { throw Problem(why: "it is a group") }
    guard let priority: UInt16 = value.integer("priority") else { throw Problem(why: "it lacks a priority") }
    return FlowStatistics(
      tableID: value.integer("tableId") ?? 0, priority: priority, cookie: value.integer("cookie") ?? 0,
      idleTimeout: value.integer("idleTimeoutSec") ?? 0, hardTimeout: value.integer("hardTimeoutSec") ?? 0,
      flags: [.sendFlowRemoved], match: try self.match(value["match"]),
      instructions: try self.instructions(value["instructions"]))
  }

  private static func match(_ value: JSONValue?) throws(Problem) -> Match {
    var match = Match()
    let number: UInt128? = value?["ip_proto"]?.plain.flatMap(wholeNumber)
    for member in value?.members ?? [] {
      match.insert(try self.condition(member.key, member.value.plain ?? "", number: number))
    }
    return match
  }

  private static func condition(_ key: String, _ text: String, number: UInt128?) throws(Problem) -> MatchEntry {
    guard let name = MatchKeys.field(key, protocol: number.map { UInt64(truncatingIfNeeded: $0) }) else {
      throw Problem(why: "the field \(key)")
    }
    do throws(MatchEntry.TextProblem) {
      return try MatchEntry(named: name, text: MatchKeys.value(key, text))
    } catch {
      throw Problem(why: error.description)
    }
  }

  private static func instructions(_ value: JSONValue?) throws(Problem) -> [Instruction] {
    var found: [String: JSONValue] = [:]
    for member in value?.members ?? [] where member.key != "none" { found[member.key] = member.value }
    var instructions: [Instruction] = []
    if let meter: UInt32 = found.removeValue(forKey: "instruction_goto_meter").flatMap({ $0.integer("meter_id") }) {
      instructions.append(.meter(meter))
    }
    let applied = try self.actions(found.removeValue(forKey: "instruction_apply_actions"))
    if !applied.isEmpty { instructions.append(.applyActions(applied)) }
    if found.removeValue(forKey: "instruction_clear_actions") != nil { instructions.append(.clearActions) }
    let written = try self.actions(found.removeValue(forKey: "instruction_write_actions"))
    if !written.isEmpty { instructions.append(.writeActions(written)) }
    if let metadata = found.removeValue(forKey: "instruction_write_metadata"),
      let bits: UInt64 = metadata.integer("metadata")
    {
      instructions.append(.writeMetadata(value: bits, mask: metadata.integer("metadata_mask") ?? .max))
    }
    if let next: UInt8 = found.removeValue(forKey: "instruction_goto_table").flatMap({ $0.integer("table_id") }) {
      instructions.append(.gotoTable(next))
    }
    if let key = found.keys.sorted().first { throw Problem(why: "the instruction \(key)") }
    return instructions
  }

  private static func actions(_ value: JSONValue?) throws(Problem) -> [Action] {
    guard let text = value?["actions"]?.plain, text != "none" else { return [] }
    let read = ActionText.read(text)
    if let problem = read.problems.first { throw Problem(why: problem) }
    return read.actions
  }

  /// A port of `GET /wm/core/switch/…/port-desc/json`; nil: it is none.
  package static func port(_ value: JSONValue) -> PortDescription? {
    guard let number = value["port_number"]?.plain.flatMap({ PortText.read($0) }),
      let address = value["hardware_address"]?.plain.flatMap({ MACAddress($0) }), let name = value["name"]?.plain
    else { return nil }
    let configuration = (value["config"]?.elements ?? []).compactMap(\.plain)
    let state = (value["state"]?.elements ?? []).compactMap(\.plain)
    return PortDescription(
      number: number, hardwareAddress: address, name: name,
      configuration: configuration.contains("PORT_DOWN") ? [.portDown] : [],
      state: state.contains("LINK_DOWN") ? [.linkDown] : [])
  }
}

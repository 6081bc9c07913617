// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import OpenFlow
package import OpenFlowText
package import StaticEntries

/// Reads static entries as operators write them, and as a store keeps them: an object with the names that
/// `isthmus openflow` has for the fields of a FLOW_MOD or a GROUP_MOD, and `name`, `switch` and `active` beside.
///
/// What most entries have is read here; the rest goes the slow way of `isthmus openflow encode`.
package struct EntryReader {
  package struct Problem: Error, Sendable, Equatable, CustomStringConvertible {
    /// `entries[3].match`; of entries with a name that too.
    package var path: String
    package var problem: String

    package var description: String { self.path.isEmpty ? self.problem : "\(self.path): \(self.problem)" }
  }

  private let resolve: (String) -> DatapathID?

  /// - Parameter resolve: the switch with a name; nil: there is none.
  package init(resolve: @escaping (String) -> DatapathID? = { _ in nil }) { self.resolve = resolve }

  private static let flowKeys =
    "name, switch, active, table_id, priority, idle_timeout, hard_timeout, match, actions, instructions"
  private static let groupKeys = "name, switch, active, group_id, type, buckets"

  /// - Parameter path: where the value stands.
  package func entry(_ value: JSONValue, at path: String) throws(Problem) -> StaticEntry {
    guard case .object(let members) = value else { throw Problem(path: path, problem: "an entry is an object") }
    var name: String?
    var datapath: DatapathID?
    var isActive = true
    var flow = StaticFlowDraft()
    var group = StaticGroupDraft()
    var seen: [String] = []
    for member in members {
      // Only who errs is told where.
      var place: String { "\(path).\(member.key)" }
      guard !seen.contains(member.key) else { throw Problem(path: place, problem: "is there twice") }
      seen.append(member.key)
      switch member.key {
      case "name": name = try self.text(member.value, at: place)
      case "switch":
        let text = try self.text(member.value, at: place)
        guard let id = self.resolve(text) ?? DatapathID(text) else {
          throw Problem(
            path: place,
            problem:
              "there is no switch '\(text)'; accepted: the name of one that is configured, or a datapath such as "
              + "00:00:50:3e:aa:dc:be:04")
        }
        datapath = id
      case "active":
        guard case .bool(let value) = member.value else { throw Problem(path: place, problem: "is true or false") }
        isActive = value
      case "table_id": flow.table = try self.number(member.value, at: place)
      case "priority": flow.priority = try self.number(member.value, at: place)
      case "idle_timeout": flow.idleTimeout = try self.number(member.value, at: place)
      case "hard_timeout": flow.hardTimeout = try self.number(member.value, at: place)
      case "match": flow.match = try self.match(member.value, at: place)
      case "actions": flow.actions = try self.actions(member.value, at: place)
      case "instructions": flow.instructions = try self.instructions(member.value, at: place)
      case "group_id": group.number = GroupNumber(try self.number(member.value, at: place))
      case "type": group.kind = try self.decode(GroupKind.self, member.value, at: place)
      case "buckets": group.buckets = try self.decode([Bucket].self, member.value, at: place)
      // What a listing says beside.
      case "cookie", "state", "detail": break
      default:
        throw Problem(
          path: place,
          problem: "an entry has no such field; a flow has \(Self.flowKeys), a group has \(Self.groupKeys)")
      }
    }
    guard let name else { throw Problem(path: path, problem: "lacks 'name', by which it is changed and deleted") }
    guard let datapath else { throw Problem(path: path, problem: "lacks 'switch', its name or its datapath") }
    guard let number = group.number else {
      return StaticEntry(name: name, datapath: datapath, isActive: isActive, content: .flow(try flow.value(at: path)))
    }
    guard !flow.isUsed else {
      throw Problem(path: path, problem: "has fields of a flow and of a group; a group has \(Self.groupKeys)")
    }
    return StaticEntry(
      name: name, datapath: datapath, isActive: isActive,
      content: .group(StaticGroup(number: number, kind: group.kind, buckets: group.buckets)))
  }

  // MARK: Values

  private func text(_ value: JSONValue, at path: @autoclosure () -> String) throws(Problem) -> String {
    guard case .string(let text) = value else { throw Problem(path: path(), problem: "is a text in quotation marks") }
    return text
  }

  private func number<Number: FixedWidthInteger>(_ value: JSONValue, at path: @autoclosure () -> String) throws(Problem)
    -> Number
  {
    if case .number(let digits) = value, let number = Number(digits) { return number }
    throw Problem(path: path(), problem: "is a number from \(Number.min) to \(Number.max)")
  }

  private func decode<Value: Decodable>(_ type: Value.Type, _ value: JSONValue, at path: @autoclosure () -> String)
    throws(Problem) -> Value
  {
    do throws(JSONValue.DecodingProblem) {
      return try value.decode(type)
    } catch {
      throw Problem(path: path(), problem: error.description)
    }
  }

  private func match(_ value: JSONValue, at path: @autoclosure () -> String) throws(Problem) -> Match {
    guard case .object(let members) = value else {
      throw Problem(path: path(), problem: "is an object, as {\"in_port\":1,\"eth_type\":\"0x0800\"}")
    }
    var match = Match()
    for member in members {
      var place: String { "\(path()).\(member.key)" }
      let text =
        switch member.value {
        case .string(let text), .number(let text): text
        default: throw Problem(path: place, problem: "is a text or a number")
        }
      let entry = try self.condition(member.key, text, at: place)
      guard match[entry.field] == nil else { throw Problem(path: place, problem: "the field is there twice") }
      match.insert(entry)
    }
    return match
  }

  private func condition(_ name: String, _ text: String, at path: @autoclosure () -> String) throws(Problem)
    -> MatchEntry
  {
    do throws(MatchEntry.TextProblem) {
      return try MatchEntry(named: name, text: text)
    } catch {
      throw Problem(path: path(), problem: error.description)
    }
  }

  private func actions(_ value: JSONValue, at path: @autoclosure () -> String) throws(Problem) -> [Action] {
    guard case .array(let values) = value else {
      throw Problem(path: path(), problem: "is an array, as [{\"output\":{\"port\":2}}]")
    }
    var actions: [Action] = []
    actions.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      if let action = self.frequentAction(value) {
        actions.append(action)
      } else {
        actions.append(try self.decode(Action.self, value, at: "\(path())[\(index)]"))
      }
    }
    return actions
  }

  /// Nil: it goes the slow way, as everything does that is wrong.
  private func frequentAction(_ value: JSONValue) -> Action? {
    guard case .object(let members) = value, members.count == 1 else { return nil }
    switch (members[0].key, members[0].value) {
    case ("output", .object(let parts)):
      guard parts.count == 1, parts[0].key == "port" else { return nil }
      switch parts[0].value {
      case .number(let text), .string(let text): return PortNumber(text: text).map { .output(port: $0) }
      default: return nil
      }
    case ("set_field", .object(let parts)):
      guard parts.count == 1 else { return nil }
      switch parts[0].value {
      case .number(let text), .string(let text):
        return (try? MatchEntry(named: parts[0].key, text: text)).map { .setField($0) }
      default: return nil
      }
    default: return nil
    }
  }

  private func instructions(_ value: JSONValue, at path: @autoclosure () -> String) throws(Problem) -> [Instruction] {
    guard case .array(let values) = value else {
      throw Problem(path: path(), problem: "is an array, as [{\"goto_table\":6}]")
    }
    var instructions: [Instruction] = []
    for (index, value) in values.enumerated() {
      let place = "\(path())[\(index)]"
      if case .object(let members) = value, members.count == 1, members[0].key == "apply_actions" {
        instructions.append(.applyActions(try self.actions(members[0].value, at: place + ".apply_actions")))
      } else {
        instructions.append(try self.decode(Instruction.self, value, at: place))
      }
    }
    return instructions
  }
}

private struct StaticFlowDraft {
  var table: UInt8?
  var priority: UInt16?
  var idleTimeout: UInt16?
  var hardTimeout: UInt16?
  var match: Match?
  var actions: [Action]?
  var instructions: [Instruction]?

  var isUsed: Bool {
    self.table != nil || self.priority != nil || self.idleTimeout != nil || self.hardTimeout != nil || self.match != nil
      || self.actions != nil || self.instructions != nil
  }

  func value(at path: String) throws(EntryReader.Problem) -> StaticFlow {
    if self.actions != nil, self.instructions != nil {
      throw EntryReader.Problem(
        path: path, problem: "has 'actions' and 'instructions': 'actions' is short for one 'apply_actions'")
    }
    return StaticFlow(
      table: self.table ?? 0, priority: self.priority ?? 0x8000, idleTimeout: self.idleTimeout ?? 0,
      hardTimeout: self.hardTimeout ?? 0, match: self.match ?? .any,
      instructions: self.instructions ?? self.actions.map { [.applyActions($0)] } ?? [])
  }
}

private struct StaticGroupDraft {
  var number: GroupNumber?
  var kind = GroupKind.all
  var buckets: [Bucket] = []
}

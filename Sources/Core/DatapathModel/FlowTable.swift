// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import FlowPipeline
package import OpenFlow

/// One flow of the model.
package struct FlowEntry: Sendable, Equatable {
  package let key: DatapathProgram.FlowKey
  package var cookie: UInt64
  package var flags: FlowFlags
  package var instructions: [Instruction]
  /// The match in the model's own fields.
  private let conditions: [Condition]

  struct Condition: Sendable, Equatable {
    var field: PacketField
    var value: UInt128
    var mask: UInt128
  }

  /// - Throws: `unsupportedField`, `missingPrerequisite`.
  init(_ mod: FlowMod) throws(SwitchRefusal) {
    self.key = DatapathProgram.FlowKey(table: mod.tableID, priority: mod.priority, match: mod.match)
    self.cookie = mod.cookie
    self.flags = mod.flags
    self.instructions = mod.instructions
    var conditions: [Condition] = []
    for entry in mod.match.entries {
      guard let field = PacketField(entry.field) else { throw .unsupportedField(entry.field) }
      guard field.isThere(in: mod.match) else {
        throw .missingPrerequisite(entry.field)
      }
      conditions.append(
        Condition(
          field: field, value: entry.value, mask: entry.mask ?? entry.field.fullMask))
    }
    self.conditions = conditions
  }

  func matches(_ flight: Flight) -> Bool {
    for condition in self.conditions {
      guard let value = flight[condition.field], value & condition.mask == condition.value else { return false }
    }
    return true
  }

  /// All groups to which the flow's actions send packets.
  var groups: [GroupNumber] {
    self.instructions.flatMap { instruction -> [Action] in
      switch instruction {
      case .applyActions(let actions), .writeActions(let actions): actions
      default: []
      }
    }.compactMap { if case .group(let number) = $0 { number } else { nil } }
  }

  /// All ports to which the flow's actions send packets.
  var ports: [PortNumber] {
    self.instructions.flatMap { instruction -> [Action] in
      switch instruction {
      case .applyActions(let actions), .writeActions(let actions): actions
      default: []
      }
    }.compactMap { if case .output(let port, _) = $0 { port } else { nil } }
  }

  func removed(because reason: FlowRemoved.Reason) -> FlowRemoved {
    FlowRemoved(
      reason: reason, tableID: self.key.table, priority: self.key.priority, cookie: self.cookie,
      match: self.key.match)
  }
}

/// The flows of one table, those of high priority first; among equals, older ones.
struct FlowTable: Sendable, Equatable {
  private(set) var flows: [FlowEntry] = []

  func flow(for flight: Flight) -> FlowEntry? {
    self.flows.first { $0.matches(flight) }
  }

  /// Adds a flow, or replaces the one with the same key.
  mutating func add(_ flow: FlowEntry) {
    if let index = self.flows.firstIndex(where: { $0.key == flow.key }) {
      self.flows[index] = flow
    } else {
      let index = self.flows.firstIndex { $0.key.priority < flow.key.priority } ?? self.flows.endIndex
      self.flows.insert(flow, at: index)
    }
  }

  mutating func modify(where isMeant: (FlowEntry) -> Bool, _ instructions: [Instruction]) {
    for index in self.flows.indices where isMeant(self.flows[index]) { self.flows[index].instructions = instructions }
  }

  /// - Returns: what was removed.
  mutating func remove(where isMeant: (FlowEntry) -> Bool) -> [FlowEntry] {
    let removed = self.flows.filter(isMeant)
    if !removed.isEmpty { self.flows.removeAll(where: isMeant) }
    return removed
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import FlowPipeline
import OpenFlow

/// What a switch holds of ours and nobody has compared yet with what it should hold.
package struct HeldProgram: Sendable, Equatable {
  private var flows = HeldFlows()
  private var groups: [GroupNumber: DatapathProgram.Group] = [:]
  private var meters: [MeterNumber: DatapathProgram.Meter] = [:]

  package init() {}

  package var flowCount: Int { self.flows.count }
  package var groupCount: Int { self.groups.count }
  package var isEmpty: Bool { self.flows.count == 0 && self.groups.isEmpty && self.meters.isEmpty }

  mutating func insert(_ key: DatapathProgram.FlowKey, _ flow: DatapathProgram.Flow) { self.flows.insert(key, flow) }

  mutating func insert(_ number: GroupNumber, _ group: DatapathProgram.Group) { self.groups[number] = group }

  mutating func insert(_ number: MeterNumber, _ meter: DatapathProgram.Meter) { self.meters[number] = meter }

  /// Takes out what is wanted, and adds to `difference` what is missing or different. What a flow that is different
  /// does now is not told.
  package mutating func settle(_ desired: DatapathProgram, into difference: inout ProgramDifference) {
    for (key, flow) in desired.flows where !self.flows.remove(key, equalTo: flow) {
      difference.after.flows[key] = flow
    }
    for (number, group) in desired.groups {
      let held = self.groups.removeValue(forKey: number)
      guard held != group else { continue }
      difference.before.groups[number] = held
      difference.after.groups[number] = group
    }
    for (number, meter) in desired.meters {
      let held = self.meters.removeValue(forKey: number)
      guard held != meter else { continue }
      difference.before.meters[number] = held
      difference.after.meters[number] = meter
    }
  }

  /// Takes out what nobody wanted: at most `limit` flows, and the groups and meters with the last of them.
  package mutating func clear(_ limit: Int, into difference: inout ProgramDifference) {
    for key in self.flows.removeSome(limit) {
      difference.before.flows[key] = DatapathProgram.Flow(cookie: 0, instructions: [])
    }
    guard self.flows.count == 0 else { return }
    difference.before.groups.merge(self.groups) { known, _ in known }
    difference.before.meters.merge(self.meters) { known, _ in known }
    self.groups = [:]
    self.meters = [:]
  }
}

/// Parts of two programs, without most of what both say alike.
package struct ProgramDifference: Sendable, Equatable {
  package var before = DatapathProgram()
  package var after = DatapathProgram()

  package init() {}

  /// Adds a part that may say something else now.
  package mutating func add(from before: DatapathProgram, to after: DatapathProgram) {
    guard before != after else { return }
    self.before.merge(before)
    self.after.merge(after)
  }

  /// Nothing that was added differs.
  package var isEmpty: Bool { self.before == self.after }

  package var changePlan: ChangePlan { ChangePlan(from: self.before, to: self.after) }
}

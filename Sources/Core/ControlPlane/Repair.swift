// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FlowPipeline
import Reconciliation
import ServiceModel

/// In what portions a switch is programmed that needs much.
package struct ProgrammingPace: Sendable, Equatable {
  /// Sections that are compared together: a portion. At least 1
  package var sections: Int
  /// Portions that a switch may be given before it has confirmed the first of them. At least 1
  package var ahead: Int

  /// A portion of the default takes the controller some tens of milliseconds.
  package init(sections: Int = 1000, ahead: Int = 4) {
    self.sections = sections
    self.ahead = ahead
  }

  /// Flows that nobody wants, and that go together.
  var clearance: Int { self.sections * 4 }
}

/// Makes what a switch holds what it should hold, portion by portion: in between, the controller hears and decides, and
/// the switch works on one portion while the next is made.
package struct Repair: Sendable, Equatable {
  private let pace: ProgrammingPace
  private var held: HeldProgram
  /// In reverse order.
  private var pending: [Section]
  private var done: Set<Section> = []
  /// Names of operators' entries that were not compared yet, in reverse order.
  var entries: [String] = []
  /// Tickets of changes that the switch has not confirmed.
  var unconfirmed: Set<UInt64> = []
  var changes = 0
  let since: Instant
  /// The tables were as they should be once before.
  let isAudit: Bool

  /// - Parameter held: all of ours that the switch holds.
  init(_ held: HeldProgram, isAudit: Bool, pace: ProgrammingPace, at now: Instant) {
    self.held = held
    self.pace = pace
    self.pending = []
    self.since = now
    self.isAudit = isAudit
  }

  var isComplete: Bool { self.pending.isEmpty && self.entries.isEmpty && self.held.isEmpty }
  var isBlocked: Bool { self.unconfirmed.count >= self.pace.ahead }

  func hasDone(_ section: Section) -> Bool { self.done.contains(section) }

  /// There are other sections now.
  mutating func plan(_ blueprint: Blueprint) {
    self.pending = blueprint.sections.filter { !self.done.contains($0) }.reversed()
  }

  /// Compares one section, out of turn.
  mutating func settle(_ section: Section, of blueprint: Blueprint, into difference: inout ProgramDifference) -> Extent
  {
    let program = blueprint.program(section)
    self.done.insert(section)
    self.held.settle(program, into: &difference)
    return Extent(program)
  }

  /// Compares the next portion. The last thing is to take away what nobody wants.
  ///
  /// - Returns: how much what was compared says.
  mutating func advance(_ blueprint: Blueprint, into difference: inout ProgramDifference) -> Extent {
    var extent = Extent()
    var count = 0
    while count < self.pace.sections, let section = self.pending.popLast() {
      guard !self.done.contains(section) else { continue }
      extent += self.settle(section, of: blueprint, into: &difference)
      count += 1
    }
    if self.pending.isEmpty, self.entries.isEmpty { self.held.clear(self.pace.clearance, into: &difference) }
    return extent
  }

  /// Takes the next portion of entries, once all sections were compared.
  mutating func nextEntries() -> [String] {
    guard self.pending.isEmpty else { return [] }
    let portion = self.entries.suffix(self.pace.clearance / 2)
    self.entries.removeLast(portion.count)
    return portion.reversed()
  }

  /// Compares a part of the program that is no section.
  mutating func settle(_ program: DatapathProgram, into difference: inout ProgramDifference) {
    self.held.settle(program, into: &difference)
  }
}

/// How much a program says.
struct Extent: Sendable, Equatable {
  var flows = 0
  var groups = 0

  init() {}

  init(_ program: DatapathProgram) {
    self.flows = program.flows.count
    self.groups = program.groups.count
  }

  static func += (a: inout Extent, b: Extent) {
    a.flows += b.flows
    a.groups += b.groups
  }

  static func -= (a: inout Extent, b: Extent) {
    a.flows -= b.flows
    a.groups -= b.groups
  }
}

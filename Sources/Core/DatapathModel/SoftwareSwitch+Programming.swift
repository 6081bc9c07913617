// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FlowPipeline
import OpenFlow

extension SoftwareSwitch {
  /// - Returns: flows that went and asked that this be told.
  mutating func apply(_ mod: FlowMod) throws(SwitchRefusal) -> [FlowRemoved] {
    switch mod.command {
    case .add:
      guard mod.tableID <= TableNumber.last else { throw .badTable(mod.tableID) }
      let flow = try FlowEntry(mod)
      guard self.extras.contains(.conntrack) || flow.key.match[.conntrackState] == nil else {
        throw .unsupportedField(.conntrackState)
      }
      try self.check(mod.instructions, of: flow)
      self.tables[mod.tableID, default: FlowTable()].add(flow)
      return []
    case .modify, .modifyStrict:
      try self.check(mod.instructions, of: try FlowEntry(mod))
      for table in self.tables.keys where mod.covers(table: table) {
        self.tables[table]?.modify(where: mod.covers, mod.instructions)
      }
      return []
    case .delete, .deleteStrict:
      return self.removeFlows(because: .delete, inTables: mod.covers(table:), where: mod.covers)
    }
  }

  mutating func apply(_ mod: GroupMod) throws(SwitchRefusal) -> [FlowRemoved] {
    guard self.extras.contains(.groups) else { throw .unsupportedMessage }
    if mod.command != .delete {
      for bucket in mod.buckets { try self.check(bucket.actions, given: nil) }
    }
    try self.groups.apply(mod)
    guard mod.command == .delete else { return [] }
    return self.removeFlows(because: .groupDelete, inTables: { _ in true }) { flow in
      mod.group == .all ? !flow.groups.isEmpty : flow.groups.contains(mod.group)
    }
  }

  mutating func apply(_ mod: MeterMod) throws(SwitchRefusal) {
    guard self.extras.contains(.meters) else { throw .unsupportedMessage }
    switch mod.command {
    case .add:
      guard self.meters[mod.meter] == nil else { throw .meterExists(mod.meter.rawValue) }
      self.meters[mod.meter] = mod
    case .modify:
      guard self.meters[mod.meter] != nil else { throw .unknownMeter(mod.meter.rawValue) }
      self.meters[mod.meter] = mod
    case .delete: self.meters[mod.meter] = nil
    }
  }

  private mutating func removeFlows(
    because reason: FlowRemoved.Reason, inTables isMeant: (UInt8) -> Bool, where isGone: (FlowEntry) -> Bool
  ) -> [FlowRemoved] {
    var removed: [FlowEntry] = []
    for table in self.tables.keys.sorted() where isMeant(table) {
      removed += self.tables[table]?.remove(where: isGone) ?? []
    }
    return removed.filter { $0.flags.contains(.sendFlowRemoved) }.map { $0.removed(because: reason) }
  }

  private func check(_ instructions: [Instruction], of flow: FlowEntry) throws(SwitchRefusal) {
    for instruction in instructions {
      switch instruction {
      case .gotoTable(let table):
        guard table > flow.key.table, table <= TableNumber.last else { throw .badTable(table) }
      case .applyActions(let actions), .writeActions(let actions): try self.check(actions, given: flow.key.match)
      case .clearActions, .writeMetadata: break
      case .meter(let number):
        guard self.meters[MeterNumber(number)] != nil else { throw .unknownMeter(number) }
      case .unknown: throw .unsupportedInstruction
      }
    }
  }

  /// Refuses actions that the model cannot do, or that Open vSwitch does not accept for such packets.
  ///
  /// - Parameter match: what is known of the packets; nil: nothing, and it is not asked for either (groups).
  func check(_ actions: [Action], given match: Match?) throws(SwitchRefusal) {
    for action in actions {
      switch action {
      case .output: break
      case .group(let number):
        guard self.groups[number] != nil else { throw .badOutGroup(number) }
      case .setField(let entry): try self.check(entry.field, given: match)
      case .move(let source, let destination):
        try self.check(source.field, given: match)
        try self.check(destination.field, given: match)
        guard !self.extras.isDisjoint(with: [.rewriting, .conntrack]), source.bitCount == destination.bitCount,
          destination.field != .conntrackLabel
        else {
          throw .unsupportedAction
        }
      case .clearConntrack:
        guard self.extras.contains(.conntrack) else { throw .unsupportedAction }
      case .conntrack(let conntrack): try self.check(conntrack)
      default: throw .unsupportedAction
      }
    }
  }

  private func check(_ field: MatchField, given match: Match?) throws(SwitchRefusal) {
    guard let known = PacketField(field) else { throw .unsupportedField(field) }
    guard let match else { return }
    guard known.isThere(in: match) else { throw .inconsistentAction(field) }
  }

  private func check(_ conntrack: ConntrackAction) throws(SwitchRefusal) {
    guard self.extras.contains(.conntrack), case .number = conntrack.zone, !conntrack.force, conntrack.algorithm == 0
    else { throw .unsupportedAction }
    if let table = conntrack.table, table > TableNumber.last { throw .badTable(table) }
    for action in conntrack.actions {
      switch action {
      case .nat(.followConnection): break
      case .nat(let nat):
        guard conntrack.commit, nat.destination != nil || nat.source != nil else { throw .unsupportedAction }
      case .setField(let entry) where entry.field == .conntrackMark:
        guard conntrack.commit else { throw .unsupportedAction }
      case .move(let source, let destination) where destination.field == .conntrackLabel:
        guard conntrack.commit, PacketField(source.field) != nil, source.bitCount == destination.bitCount else {
          throw .unsupportedAction
        }
      default: throw .unsupportedAction
      }
    }
  }
}

extension FlowMod {
  fileprivate func covers(table: UInt8) -> Bool { self.tableID == TableNumber.all || self.tableID == table }

  /// Whether a command that changes or deletes flows means this one (OpenFlow 1.3.5, 6.4).
  fileprivate func covers(_ flow: FlowEntry) -> Bool {
    let isStrict = self.command == .modifyStrict || self.command == .deleteStrict
    let isDeleting = self.command == .delete || self.command == .deleteStrict
    guard flow.cookie & self.cookieMask == self.cookie & self.cookieMask else { return false }
    if isStrict {
      guard flow.key.priority == self.priority, flow.key.match == self.match else { return false }
    } else {
      guard self.match.covers(flow.key.match) else { return false }
    }
    guard isDeleting else { return true }
    return (self.outPort == .any || flow.ports.contains(self.outPort))
      && (self.outGroup == .any || flow.groups.contains(self.outGroup))
  }
}

extension Match {
  /// Whether every packet that `other` matches is matched by this one too.
  fileprivate func covers(_ other: Match) -> Bool {
    self.entries.allSatisfy { mine in
      guard let theirs = other[mine.field] else { return false }
      let bits = mine.mask ?? mine.field.fullMask
      return bits & ~(theirs.mask ?? theirs.field.fullMask) == 0 && theirs.value & bits == mine.value
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import FlowPipeline
import OpenFlow
import Reconciliation
import ServiceModel
package import StaticEntries

/// Flows and groups that operators write themselves, beside those of services. They have cookies of their own, so that
/// neither side ever takes the other's away, and go the same ways: compared with what a switch holds when it connects and
/// at every audit, and sent in one write with a barrier behind.
///
/// An order does not wait for changes of services, nor do these for it: no table is read and no plan made for it.
extension ControlState {
  // MARK: Orders

  /// - Returns: false: nothing else follows from it.
  mutating func take(
    _ change: EntryChange, isLenient: Bool, order: UInt64, _ effects: inout [Effect]
  ) -> Bool {
    guard self.mayLead else {
      effects.append(.answer(order: order, .notLeading))
      return false
    }
    let change = isLenient ? self.makeRoom(for: change) : change
    let problems = self.entryCheck().problems(of: change, in: self.entries.book)
    guard problems.isEmpty else {
      let rejections = problems.map { EntryRejection(index: $0.index, problem: $0.problem) }
      effects.append(.answer(order: order, .rejected(rejections)))
      return false
    }
    self.entries.isKnown = true
    let (tickets, absent) = self.bring(change, &effects)
    effects.append(.keep(change, order: order))
    self.entries.open(order, change, tickets: tickets, absent: absent, &effects)
    return false
  }

  private func makeRoom(for change: EntryChange) -> EntryChange {
    var change = change
    change.deletes.removeAll { self.entries.book[$0] == nil }
    let puts = Set(change.puts.map(\.name))
    for rival in change.puts.compactMap(self.entries.book.rival) where !puts.contains(rival) {
      if !change.deletes.contains(rival) { change.deletes.append(rival) }
    }
    return change
  }

  /// What the store says.
  ///
  /// - Returns: whether something else follows from it.
  mutating func adopt(_ change: EntryChange, isAll: Bool, at now: Instant, _ effects: inout [Effect]) -> Bool {
    var change = change
    if isAll {
      let names = Set(change.puts.map(\.name))
      change.deletes = self.entries.book.entries.keys.filter { !names.contains($0) }.sorted()
    }
    change.deletes.removeAll { self.entries.book[$0] == nil }
    change.puts.removeAll { entry in
      guard var known = self.entries.book[entry.name] else { return false }
      known.isReplacement = entry.isReplacement
      return known == entry
    }
    let isFirst = !self.entries.isKnown
    self.entries.isKnown = true
    if !change.isEmpty { _ = self.bring(change, isChecked: false, &effects) }
    guard isFirst else { return false }
    // What was read before said nothing of entries.
    for (name, state) in self.switches where state.wasFound && state.connection != nil {
      self.switches[name]?.connection?.nextAudit = now
    }
    return true
  }

  mutating func unanswered(_ id: DatapathID, _ ticket: UInt64, _ effects: inout [Effect]) -> Bool {
    self.entries.unanswered(ticket, &effects)
    return false
  }

  /// Takes a change into the book, and to the switches that are there.
  ///
  /// - Parameter isChecked: nothing of it takes what is a service's.
  private mutating func bring(
    _ change: EntryChange, isChecked: Bool = true, _ effects: inout [Effect]
  ) -> (tickets: [(ticket: UInt64, datapath: DatapathID)], absent: Set<DatapathID>) {
    let gone = self.entries.book.apply(change)
    var turns: [DatapathID: EntryTurn] = [:]
    for old in gone {
      self.entries.forget(old.name)
      if old.isActive { turns[old.datapath, default: EntryTurn()].leaving.append(old) }
    }
    if !isChecked { self.holdBack(change.puts, &effects) }
    for entry in change.puts where self.entries.isWanted(entry) {
      turns[entry.datapath, default: EntryTurn()].coming.append(entry)
    }
    var tickets: [(ticket: UInt64, datapath: DatapathID)] = []
    var absent: Set<DatapathID> = []
    for (datapath, turn) in turns.sorted(by: { $0.key < $1.key }) {
      if let ticket = self.send(turn, to: datapath, &effects) {
        tickets.append((ticket, datapath))
      } else {
        absent.insert(datapath)
      }
    }
    return (tickets, absent)
  }

  /// - Returns: nil if the switch cannot be told now: it is told when it is read.
  private mutating func send(_ turn: EntryTurn, to id: DatapathID, _ effects: inout [Effect]) -> UInt64? {
    guard let name = self.name(of: id), let state = self.switches[name], state.isWritable, state.wasFound else {
      for case .group(let group) in turn.leaving.map(\.content) { self.entries.leaveBehind(group.number, on: id) }
      return nil
    }
    if self.repairs[name] != nil {
      // What is compared next must not take away what comes now.
      var program = DatapathProgram()
      for entry in turn.coming { entry.write(to: &program) }
      var ignored = ProgramDifference()
      self.repairs[name]?.settle(program, into: &ignored)
    }
    self.tickets += 1
    let messages = turn.messages(isLast: self.entries.book.flowCount(on: id) == 0)
    effects.append(.change(id, ticket: self.tickets, messages))
    return self.tickets
  }

  // MARK: Checks

  private mutating func entryCheck() -> EntryCheck {
    var versions: [DatapathID: ProtocolVersion] = [:]
    for state in self.switches.values {
      if let version = state.connection?.version { versions[state.config.datapath] = version }
    }
    return EntryCheck(claims: self.entryClaims(), versions: versions)
  }

  private mutating func entryClaims() -> [DatapathID: ServiceClaims] {
    if let claims = self.entries.claims { return claims }
    var claims: [DatapathID: ServiceClaims] = [:]
    for state in self.switches.values {
      claims[state.config.datapath] = ServiceClaims(
        state.config, self.intent, self.numbering, ports: state.paths.compactMapValues(\.port),
        isInGroup: !state.stance.peers.isEmpty || state.stance.isShared)
    }
    self.entries.claims = claims
    return claims
  }

  /// Keeps new entries off their switches that would take what is a service's.
  private mutating func holdBack(_ puts: [StaticEntry], _ effects: inout [Effect]) {
    let claims = self.entryClaims()
    var new: [String] = []
    for entry in puts where entry.isActive {
      guard case .flow(let flow) = entry.content, flow.table == 0,
        let shadow = claims[entry.datapath]?.shadow(of: flow)
      else { continue }
      self.entries.shadowing[entry.name] = shadow
      new.append(entry.name)
    }
    self.tellHeldBack(new, &effects)
  }

  private func tellHeldBack(_ names: [String], _ effects: inout [Effect]) {
    guard let first = names.min(), let shadow = self.entries.shadowing[first] else { return }
    effects.append(.record(.entriesHeldBack(count: names.count, first: first, because: "\(shadow)")))
  }

  /// Keeps off their switches the entries that would take what is a service's by now, and brings the others.
  mutating func reviewEntries(_ effects: inout [Effect]) {
    self.entries.claims = nil
    guard self.entries.book.count > 0 else { return }
    let claims = self.entryClaims()
    var turns: [DatapathID: EntryTurn] = [:]
    var new: [String] = []
    for (name, entry) in self.entries.book.entries where entry.isActive {
      guard case .flow(let flow) = entry.content, flow.table == 0 else { continue }
      let shadow = claims[entry.datapath]?.shadow(of: flow)
      guard shadow != self.entries.shadowing[name] else { continue }
      let was = self.entries.shadowing.removeValue(forKey: name)
      self.entries.shadowing[name] = shadow
      if shadow == nil {
        turns[entry.datapath, default: EntryTurn()].coming.append(entry)
      } else if was == nil {
        new.append(name)
        turns[entry.datapath, default: EntryTurn()].leaving.append(entry)
      }
    }
    for (datapath, turn) in turns.sorted(by: { $0.key < $1.key }) { _ = self.send(turn.sorted, to: datapath, &effects) }
    self.tellHeldBack(new, &effects)
  }

  // MARK: What switches say

  /// - Returns: false if the refused message was not an entry's.
  mutating func refusedEntry(_ id: DatapathID, _ refusal: Refusal, _ effects: inout [Effect]) -> Bool {
    let name: String?
    switch refusal.message {
    case .flowMod(let mod) where EntryCookie.isOurs(mod.cookie):
      name = self.entries.book.owner(
        of: DatapathProgram.FlowKey(table: mod.tableID, priority: mod.priority, match: mod.match), on: id)
    case .groupMod(let mod) where !GroupNumbers.isOurs(mod.group):
      name = self.entries.book.owner(of: mod.group, on: id)
    default: return false
    }
    // One that is gone by now: nobody asks for it any more.
    guard let name else { return true }
    if self.entries.refusals.updateValue(refusal.error, forKey: name) == nil, let known = self.name(of: id) {
      effects.append(.record(.entryRefused(known, entry: name, error: refusal.error)))
    }
    return true
  }

  /// - Returns: false if nothing is to be done about it.
  mutating func removedEntry(
    _ removed: FlowRemoved, of id: DatapathID, _ name: SwitchName, at now: Instant, _ effects: inout [Effect]
  ) -> Bool {
    let key = DatapathProgram.FlowKey(table: removed.tableID, priority: removed.priority, match: removed.match)
    guard let owner = self.entries.book.owner(of: key, on: id), let entry = self.entries.book[owner],
      self.entries.isWanted(entry), self.mayLead
    else { return false }
    if removed.reason == .idleTimeout || removed.reason == .hardTimeout {
      let change = EntryChange(deletes: [owner])
      self.entries.book.apply(change)
      effects.append(.keep(change, order: nil))
      effects.append(.record(.entryExpired(name, entry: owner)))
      return false
    }
    // The echo of our own deleting comes before its barrier.
    guard !self.entries.isChanging(id) else { return false }
    switch self.switches[name]?.connection?.phase {
    case .settled, .auditing, .reading: self.switches[name]?.connection?.nextAudit = now
    case .changing, .trying, .following, .claiming, nil: break
    }
    return true
  }

  // MARK: Comparing

  /// Compares the next entries with what the switch holds.
  mutating func repairEntries(_ name: SwitchName, into difference: inout ProgramDifference) {
    guard let names = self.repairs[name]?.nextEntries(), !names.isEmpty else { return }
    var program = DatapathProgram()
    for entry in names.compactMap({ self.entries.book[$0] }) where self.entries.isWanted(entry) {
      entry.write(to: &program)
    }
    self.repairs[name]?.settle(program, into: &difference)
  }

  // MARK: Views

  /// All entries, or those of a switch, by name.
  package func entryViews(on datapath: DatapathID? = nil) -> [EntryView] {
    var ready: [DatapathID: Bool] = [:]
    for (name, state) in self.switches {
      ready[state.config.datapath] = state.isWritable && state.wasFound && self.repairs[name] == nil
    }
    return self.entries.book.entries.values.filter { datapath == nil || $0.datapath == datapath }
      .sorted { $0.name < $1.name }
      .map { EntryView(entry: $0, state: self.state(of: $0, isReady: ready[$0.datapath] ?? false)) }
  }

  package func entry(named name: String) -> StaticEntry? { self.entries.book[name] }

  package var entryCount: Int { self.entries.book.count }

  private func state(of entry: StaticEntry, isReady: Bool) -> EntryState {
    if !entry.isActive { return .inactive }
    if let shadow = self.entries.shadowing[entry.name] { return .shadowing(shadow) }
    if let error = self.entries.refusals[entry.name] { return .refused(error) }
    return isReady ? .installed : .waiting
  }
}

/// What changes on one switch.
private struct EntryTurn {
  var leaving: [StaticEntry] = []
  var coming: [StaticEntry] = []

  /// In an order that does not depend on hashes.
  var sorted: EntryTurn {
    EntryTurn(leaving: self.leaving.sorted { $0.name < $1.name }, coming: self.coming.sorted { $0.name < $1.name })
  }

  /// Groups before the flows that may name them, and what comes before what goes.
  ///
  /// - Parameter isLast: no entry is left that is a flow.
  func messages(isLast: Bool) -> [MessageBody] {
    var groups: [MessageBody] = []
    var flows: [MessageBody] = []
    flows.reserveCapacity(self.coming.count)
    var oldGroups: Set<GroupNumber> = []
    for case .group(let group) in self.leaving.map(\.content) { oldGroups.insert(group.number) }
    var keptFlows: Set<DatapathProgram.FlowKey> = []
    var keptGroups: Set<GroupNumber> = []
    for entry in self.coming {
      switch entry.content {
      case .flow(let flow):
        flows.append(entry.adding)
        if !self.leaving.isEmpty { keptFlows.insert(flow.key) }
      case .group(let group):
        keptGroups.insert(group.number)
        groups.append(
          .groupMod(
            GroupMod(
              command: oldGroups.contains(group.number) ? .modify : .add, kind: group.kind, group: group.number,
              buckets: group.buckets)))
      }
    }
    var deletes: [MessageBody] = []
    var groupDeletes: [MessageBody] = []
    for entry in self.leaving {
      switch entry.content {
      case .flow(let flow): if !keptFlows.contains(flow.key) { deletes.append(entry.deleting) }
      case .group(let group): if !keptGroups.contains(group.number) { groupDeletes.append(entry.deleting) }
      }
    }
    if isLast, deletes.count > 1, self.coming.isEmpty {
      deletes = [
        .flowMod(
          FlowMod(
            command: .delete, tableID: TableNumber.all, cookie: EntryCookie.base, cookieMask: EntryCookie.mask))
      ]
    }
    return groups + flows + deletes + groupDeletes
  }
}

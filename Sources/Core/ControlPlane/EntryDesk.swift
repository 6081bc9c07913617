// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FlowPipeline
import OpenFlow
import StaticEntries

/// Operators' entries, what became of them, and whose orders wait for which switch.
struct EntryDesk: Sendable, Equatable {
  var book = EntryBook()
  /// It was told what the store holds. Until then nobody knows which entries of a switch are wanted, and they stay.
  var isKnown = false
  /// What switches said of entries that they do not take.
  var refusals: [String: String] = [:]
  /// Entries that are kept off their switches because services came after them.
  var shadowing: [String: ServiceClaims.Shadow] = [:]
  /// What services need of each switch; nil: it is to be found out.
  var claims: [DatapathID: ServiceClaims]?
  /// Groups that were taken away while their switch was not there: a group does not say whose it is.
  private var gone: [DatapathID: Set<GroupNumber>] = [:]
  private var orders: [UInt64: Order] = [:]
  private var tickets: [UInt64: (order: UInt64, datapath: DatapathID)] = [:]

  private struct Order: Sendable, Equatable {
    var change: EntryChange
    var tickets: Int
    /// Switches that do not have it.
    var absent: Set<DatapathID>
  }

  static func == (a: EntryDesk, b: EntryDesk) -> Bool {
    a.book == b.book && a.isKnown == b.isKnown && a.refusals == b.refusals && a.shadowing == b.shadowing
      && a.claims == b.claims
      && a.gone == b.gone && a.orders == b.orders && a.tickets.keys == b.tickets.keys
  }

  /// It is to be on its switch now.
  func isWanted(_ entry: StaticEntry) -> Bool {
    entry.isActive && self.refusals[entry.name] == nil && self.shadowing[entry.name] == nil
  }

  /// Names of what is to be on a switch, what others depend on last.
  func wanted(on datapath: DatapathID) -> [String] {
    self.book.names(on: datapath).filter { self.book[$0].map(self.isWanted) ?? false }.reversed()
  }

  /// The switch begins anew: what it did not take it may take now.
  mutating func startsOver(_ datapath: DatapathID) {
    self.refusals = self.refusals.filter { self.book[$0.key]?.datapath != datapath }
  }

  mutating func forget(_ name: String) {
    self.refusals[name] = nil
    self.shadowing[name] = nil
  }

  // MARK: Groups

  mutating func leaveBehind(_ group: GroupNumber, on datapath: DatapathID) {
    self.gone[datapath, default: []].insert(group)
  }

  /// Groups of a switch that are or were entries.
  mutating func takeGroups(of datapath: DatapathID) -> Set<GroupNumber> {
    Set(self.book.groups(on: datapath)).union(self.gone.removeValue(forKey: datapath) ?? [])
  }

  // MARK: Orders

  /// An order waits for this ticket.
  func isChanging(_ datapath: DatapathID) -> Bool { self.tickets.values.contains { $0.datapath == datapath } }

  /// - Parameter tickets: of the changes that were sent for it.
  mutating func open(
    _ order: UInt64, _ change: EntryChange, tickets: [(ticket: UInt64, datapath: DatapathID)], absent: Set<DatapathID>,
    _ effects: inout [Effect]
  ) {
    for (ticket, datapath) in tickets { self.tickets[ticket] = (order, datapath) }
    self.orders[order] = Order(change: change, tickets: tickets.count, absent: absent)
    if tickets.isEmpty { self.close(order, &effects) }
  }

  /// - Returns: false if no order waits for the ticket.
  mutating func confirmed(_ ticket: UInt64, _ effects: inout [Effect]) -> Bool {
    guard let (order, _) = self.tickets.removeValue(forKey: ticket) else { return false }
    self.count(order, &effects)
    return true
  }

  /// The same, of one that will not be confirmed.
  mutating func unanswered(_ ticket: UInt64, _ effects: inout [Effect]) {
    guard let (order, datapath) = self.tickets.removeValue(forKey: ticket) else { return }
    self.orders[order]?.absent.insert(datapath)
    self.count(order, &effects)
  }

  /// The switch is gone, or somebody else's: nothing is confirmed any more.
  mutating func lost(_ datapath: DatapathID, _ effects: inout [Effect]) {
    for ticket in self.tickets.filter({ $0.value.datapath == datapath }).keys.sorted() {
      self.unanswered(ticket, &effects)
    }
  }

  private mutating func count(_ order: UInt64, _ effects: inout [Effect]) {
    self.orders[order]?.tickets -= 1
    if self.orders[order]?.tickets == 0 { self.close(order, &effects) }
  }

  private mutating func close(_ order: UInt64, _ effects: inout [Effect]) {
    guard let closed = self.orders.removeValue(forKey: order) else { return }
    var receipt = EntryReceipt()
    if !self.refusals.isEmpty {
      receipt.refused = closed.change.puts.compactMap { entry in
        self.refusals[entry.name].map { EntryReceipt.Refused(name: entry.name, error: $0) }
      }
    }
    if !closed.absent.isEmpty {
      receipt.waiting = closed.change.puts.filter { $0.isActive && closed.absent.contains($0.datapath) }.map(\.name)
    }
    effects.append(.answer(order: order, .done(receipt)))
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import ControlPlane
import NIOCore
import OpenFlowNIO
package import StaticEntries
import Storage

/// An order of static entries that is not answered yet: it waits for its switches and for the store.
struct OpenEntryOrder {
  var receipt: EntryReceipt?
  var isKept = false
  let answer: @Sendable (EntryOutcome) -> Void
}

extension ControlLoop {
  /// Orders entries: one order after the other and call after call, without waiting for anything. What is ordered
  /// together leaves for a switch in one write.
  package nonisolated func order(_ orders: [EntryOrder], isLenient: Bool) {
    self.eventLoop.execute { self.assumeIsolated { $0.ordered(orders, isLenient: isLenient) } }
  }

  private func ordered(_ orders: [EntryOrder], isLenient: Bool) {
    func order() { for order in orders { self.ordered(order.change, isLenient: isLenient, order.answer) } }
    if let server = self.server { server.together(order) } else { order() }
  }

  package func order(_ change: EntryChange, isLenient: Bool) async -> EntryOutcome {
    await withCheckedContinuation { continuation in
      self.ordered(change, isLenient: isLenient) { continuation.resume(returning: $0) }
    }
  }

  private func ordered(
    _ change: EntryChange, isLenient: Bool, _ answer: @escaping @Sendable (EntryOutcome) -> Void
  ) {
    guard let inbox = self.entryInbox else { return answer(.notKept("the controller is starting")) }
    if let absence = inbox.absence { return answer(.notKept("nothing was changed: \(absence)")) }
    self.lastEntryOrder += 1
    self.entryOrders[self.lastEntryOrder] = OpenEntryOrder(answer: answer)
    self.absorb(.entries(change, isLenient: isLenient, order: self.lastEntryOrder))
  }

  func answered(_ order: UInt64, _ answer: EntryAnswer) {
    switch answer {
    case .rejected(let rejections): self.entryOrders.removeValue(forKey: order)?.answer(.rejected(rejections))
    case .notLeading: self.entryOrders.removeValue(forKey: order)?.answer(.notLeading)
    case .done(let receipt):
      self.entryOrders[order]?.receipt = receipt
      self.finish(order)
    }
  }

  private func finish(_ order: UInt64) {
    guard let open = self.entryOrders[order], open.isKept, let receipt = open.receipt else { return }
    self.entryOrders[order] = nil
    open.answer(.done(receipt))
  }

  // MARK: The store

  func keepEntries(in inbox: EntryInbox) { self.entryInbox = inbox }

  /// The store has them, or has not.
  nonisolated func kept(_ orders: [UInt64], problem: String?) {
    self.eventLoop.execute { self.assumeIsolated { $0.wereKept(orders, problem) } }
  }

  private func wereKept(_ orders: [UInt64], _ problem: String?) {
    for order in orders {
      if let problem {
        self.entryOrders.removeValue(forKey: order)?.answer(.notKept(problem))
      } else {
        self.entryOrders[order]?.isKept = true
        self.finish(order)
      }
    }
  }

  /// What others put into the store.
  func adopt(_ change: EntryChange) { self.absorb(.storedEntries(change, isAll: false)) }

  /// Undoes all that is not in the store, and says so to whoever ordered it.
  /// What was ordered meanwhile was built on it, and is undone as well.
  func restoreEntries(_ entries: [StaticEntry], because error: StoreError, failing orders: [UInt64]) {
    let later = self.entryInbox?.take() ?? EntryInbox.Work()
    if let news = later.news { self.entryInbox?.tell(news) }
    self.absorb(.storedEntries(EntryChange(puts: entries), isAll: true))
    self.wereKept(orders + later.changes.compactMap(\.order), "the entries were taken back: \(error)")
  }

  // MARK: Views

  package func entries(on datapath: DatapathID?) -> [EntryView] { self.entryViews(on: datapath) }
}

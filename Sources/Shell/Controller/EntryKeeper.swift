// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import EntryText
import SharedDocuments
import StaticEntries
import Storage

/// Keeps static entries in the store, and follows what others put there.
///
/// An order goes to the switch and to the store at the same time, and is answered when it is in both: a disk takes longer
/// than a switch. What comes while one commit is on its way goes into the next, all together.
package actor EntryKeeper {
  private struct Shelf {
    /// By name, as they are in the document.
    var texts: [String: String] = [:]
    /// Of the document; nil: there is none.
    var revision: UInt64?
  }

  nonisolated let inbox = EntryInbox()
  private let store: any DocumentStore
  private let place: String
  private let loop: ControlLoop
  private var shelves = [Shelf](repeating: Shelf(), count: EntryDocuments.count)
  /// Of the last commit: older news say nothing new.
  private var floor: UInt64 = 0
  /// The loop knows what there is.
  private var hasTold = false

  init(store: any DocumentStore, place: String, loop: ControlLoop) {
    self.store = store
    self.place = place
    self.loop = loop
  }

  /// Until cancelled.
  package func run() async {
    for await _ in self.inbox.rings { await self.work() }
  }

  /// What the store holds at the start, before anything is ordered.
  func begin(with snapshot: Snapshot) async {
    await self.read(snapshot, except: [])
  }

  /// What this machine kept of the store, which is away: what comes from the store itself counts, whatever its revision.
  func begin(withCopy snapshot: Snapshot) async {
    await self.read(snapshot, except: [])
    self.floor = 0
    for index in self.shelves.indices where self.shelves[index].revision != nil {
      // A revision that no store has, so that the store's own document is another one.
      self.shelves[index].revision = .max
    }
  }

  private func work() async {
    let work = self.inbox.take()
    if let news = work.news {
      let pending = work.changes.flatMap { $0.change.deletes + $0.change.puts.map(\.name) }
      await self.read(news, except: Set(pending))
    }
    guard !work.changes.isEmpty else { return }
    let before = self.shelves
    let touched = self.fold(work.changes.map(\.change))
    do throws(StoreError) {
      try await self.commit(touched)
      self.loop.kept(work.changes.compactMap(\.order), problem: nil)
    } catch {
      self.shelves = before
      await self.takeBack(work, because: error)
    }
  }

  // MARK: Writing

  /// - Returns: the shelves that say something else now.
  private func fold(_ changes: [EntryChange]) -> [Int] {
    var touched: Set<Int> = []
    for change in changes {
      for name in change.deletes {
        let index = EntryDocuments.index(of: name)
        if self.shelves[index].texts.removeValue(forKey: name) != nil { touched.insert(index) }
      }
      for entry in change.puts {
        let index = EntryDocuments.index(of: entry.name)
        self.shelves[index].texts[entry.name] = EntryWriter.text(entry)
        touched.insert(index)
      }
    }
    return touched.sorted()
  }

  /// As few commits as the store can do it in.
  private func commit(_ touched: [Int]) async throws(StoreError) {
    let limits = self.store.commitLimits
    var part: [(index: Int, change: Change)] = []
    var bytes = 0
    for index in touched {
      let shelf = self.shelves[index]
      let key = EntryDocuments.key(index)
      let value = shelf.texts.isEmpty ? "" : EntryDocuments.value(shelf.texts)
      if part.count == limits.changes || bytes + value.utf8.count > limits.valueBytes, !part.isEmpty {
        try await self.commit(part)
        part = []
        bytes = 0
      }
      bytes += value.utf8.count
      part.append((index, value.isEmpty ? .delete(key: key) : .put(key: key, value: value)))
    }
    if !part.isEmpty { try await self.commit(part) }
  }

  private func commit(_ part: [(index: Int, change: Change)]) async throws(StoreError) {
    let expected = part.map { Expectation(key: $0.change.key, revision: self.shelves[$0.index].revision) }
    let revision = try await self.store.commitQuietly(part.map(\.change), expecting: expected)
    self.floor = max(self.floor, revision)
    for (index, change) in part {
      if case .put = change { self.shelves[index].revision = revision } else { self.shelves[index].revision = nil }
    }
  }

  /// What is not in the store is not to be on the switches: all that was not committed is undone, here and there.
  private func takeBack(_ work: EntryInbox.Work, because error: StoreError) async {
    if let snapshot = try? await self.store.read() { self.shelve(snapshot) }
    let entries = self.shelves.enumerated().flatMap { index, shelf in
      shelf.texts.isEmpty
        ? []
        : (try? EntryDocuments.read(
          Document(key: EntryDocuments.key(index), value: EntryDocuments.value(shelf.texts), revision: 0),
          place: self.place)) ?? []
    }
    await self.loop.restoreEntries(entries, because: error, failing: work.changes.compactMap(\.order))
  }

  // MARK: Reading

  /// - Parameter pending: names of which a later order is on its way.
  private func read(_ snapshot: Snapshot, except pending: Set<String>) async {
    guard snapshot.revision >= self.floor else { return }
    self.floor = snapshot.revision
    let before = self.shelves
    let changed = self.shelve(snapshot)
    guard !changed.isEmpty || !self.hasTold else { return }
    self.hasTold = true
    var change = EntryChange()
    for (index, entries) in changed {
      let names = Set(entries.map(\.name))
      change.deletes += before[index].texts.keys.filter { !names.contains($0) && !pending.contains($0) }.sorted()
      change.puts += entries.filter { !pending.contains($0.name) }
    }
    await self.loop.adopt(change)
  }

  /// - Returns: documents that are others than those that were known, and what they hold.
  @discardableResult
  private func shelve(_ snapshot: Snapshot) -> [(index: Int, entries: [StaticEntry])] {
    var changed: [(index: Int, entries: [StaticEntry])] = []
    var missing = Set(self.shelves.indices.filter { self.shelves[$0].revision != nil })
    for document in snapshot.documents {
      guard let index = EntryDocuments.index(ofKey: document.key) else { continue }
      missing.remove(index)
      guard self.shelves[index].revision != document.revision else { continue }
      do throws(StoreError) {
        let entries = try EntryDocuments.read(document, place: self.place)
        var texts: [String: String] = [:]
        for entry in entries { texts[entry.name] = EntryWriter.text(entry) }
        self.shelves[index] = Shelf(texts: texts, revision: document.revision)
        changed.append((index, entries))
      } catch {
        // What cannot be read is left as it is, there and here.
        self.loop.journal.record(StoreDecision.entriesUnreadable("\(error)"))
      }
    }
    for index in missing.sorted() {
      self.shelves[index] = Shelf()
      changed.append((index, []))
    }
    return changed
  }
}

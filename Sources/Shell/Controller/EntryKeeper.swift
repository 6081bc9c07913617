// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import EntryText
import NIOCore
import SharedDocuments
import StaticEntries
import Storage

/// Keeps static entries in the store, and follows what others put there.
///
/// An order goes to the switch and to the store at the same time, and is answered when it is in both: a disk takes longer
/// than a switch. What comes while one commit is on its way goes into the next, all together.
///
/// Its executor is a thread of its own, which waits for the file.
package actor EntryKeeper {
  nonisolated let inbox = EntryInbox()
  private nonisolated let eventLoop: any EventLoop
  package nonisolated var unownedExecutor: UnownedSerialExecutor { self.eventLoop.executor.asUnownedSerialExecutor() }
  private let store: any DocumentStore
  private let place: String
  private let loop: ControlLoop
  private var log = EntryLog()
  /// Of the last commit: older news say nothing new.
  private var floor: UInt64 = 0
  /// The loop knows what there is.
  private var hasTold = false

  init(store: any DocumentStore, place: String, loop: ControlLoop, on eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
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
    self.log.doubt()
  }

  private func work() async {
    let work = self.inbox.take()
    if let news = work.news {
      let pending = work.changes.flatMap { $0.change.deletes + $0.change.puts.map(\.name) }
      await self.read(news, except: Set(pending))
    }
    guard !work.changes.isEmpty else { return }
    do throws(StoreError) {
      try await self.commit(self.log.append(work.changes.map(\.change)))
      self.loop.kept(work.changes.compactMap(\.order), problem: nil)
    } catch {
      self.log.takeBack()
      return await self.takeBack(work, because: error)
    }
    await self.compact()
  }

  // MARK: Writing

  /// Nobody waits for it, and nothing is different afterwards: if it fails, it is tried behind the next change. A part of
  /// it may be in the store then, so that is read again.
  private func compact() async {
    let before = self.log
    let writes = self.log.compact()
    guard !writes.isEmpty else { return }
    do throws(StoreError) {
      try await self.commit(writes)
    } catch {
      self.log = before
      if let snapshot = try? await self.store.read() { await self.read(snapshot, except: []) }
    }
  }

  /// As few commits as the store can do it in, in their order.
  private func commit(_ writes: [EntryLog.Write]) async throws(StoreError) {
    let limits = self.store.commitLimits
    var part: [EntryLog.Write] = []
    var bytes = 0
    for write in writes {
      if part.count == limits.changes || bytes + write.bytes > limits.valueBytes, !part.isEmpty {
        try await self.commit(together: part)
        part = []
        bytes = 0
      }
      bytes += write.bytes
      part.append(write)
    }
    if !part.isEmpty { try await self.commit(together: part) }
  }

  private func commit(together part: [EntryLog.Write]) async throws(StoreError) {
    let revision = try await self.store.commitSoon(part.map(\.change), expecting: part.map(\.expectation))
    self.floor = max(self.floor, revision)
    self.log.committed(part, at: revision)
  }

  /// What is not in the store is not to be on the switches: all that was not committed is undone, here and there.
  private func takeBack(_ work: EntryInbox.Work, because error: StoreError) async {
    if let snapshot = try? await self.store.read() { _ = try? self.log.read(snapshot, place: self.place) }
    let entries = (try? self.log.entries(place: self.place)) ?? []
    await self.loop.restoreEntries(entries, because: error, failing: work.changes.compactMap(\.order))
  }

  // MARK: Reading

  /// - Parameter pending: names of which a later order is on its way.
  private func read(_ snapshot: Snapshot, except pending: Set<String>) async {
    guard snapshot.revision >= self.floor else { return }
    self.floor = snapshot.revision
    var change = EntryChange()
    do throws(StoreError) {
      guard let found = try self.log.read(snapshot, place: self.place) ?? (self.hasTold ? nil : change) else { return }
      change = found
    } catch {
      // What cannot be read is left as it is, there and here.
      self.loop.journal.record(StoreDecision.entriesUnreadable("\(error)"))
      guard !self.hasTold else { return }
    }
    self.hasTold = true
    change.deletes.removeAll(where: pending.contains)
    change.puts.removeAll { pending.contains($0.name) }
    await self.loop.adopt(change)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import StaticEntries
import Storage
import Synchronization

/// What the store shall hold of static entries and does not yet: filled by the control loop, which waits for nothing, and
/// emptied by the keeper, as much at once as there is. Orders are as many as there are requests under way.
final class EntryInbox: Sendable {
  struct Work: Sendable {
    var changes: [(change: EntryChange, order: UInt64?)] = []
    /// What the store held then.
    var news: Snapshot?

    var isEmpty: Bool { self.changes.isEmpty && self.news == nil }
  }

  private struct State {
    var work = Work()
    var absence: String?
  }

  private let state = Mutex(State())
  let rings: AsyncStream<Void>
  private let bell: AsyncStream<Void>.Continuation

  init() { (self.rings, self.bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1)) }

  /// Why the store takes nothing now; nil: it does.
  var absence: String? {
    get { self.state.withLock { $0.absence } }
    set { self.state.withLock { $0.absence = newValue } }
  }

  func keep(_ change: EntryChange, _ order: UInt64?) {
    self.state.withLock { $0.work.changes.append((change, order)) }
    self.bell.yield()
  }

  func tell(_ snapshot: Snapshot) {
    self.state.withLock { state in
      if let known = state.work.news, known.revision > snapshot.revision { return }
      state.work.news = snapshot
    }
    self.bell.yield()
  }

  func take() -> Work {
    self.state.withLock { state in
      defer { state.work = Work() }
      return state.work
    }
  }
}

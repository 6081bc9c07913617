// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Tells a reader what is new of a store, and nothing twice.
final class SnapshotReport: Sendable {
  private struct State {
    /// Of the last snapshot; nil: none yet.
    var documents: [Document]?
    /// Why the store is away; nil: it is there.
    var absence: StoreError?
  }

  private let box: NewsBox<StoreNews>
  private let state = Mutex(State())

  init(to box: NewsBox<StoreNews>) {
    self.box = box
  }

  func found(_ snapshot: Snapshot) {
    let (wasAway, isNew) = self.state.withLock { state in
      defer { state = State(documents: snapshot.documents) }
      return (state.absence != nil, state.documents != snapshot.documents)
    }
    if wasAway { self.box.put(.available) }
    if wasAway || isNew { self.box.put(.snapshot(snapshot)) }
  }

  func lost(_ error: StoreError) {
    let isNew = self.state.withLock { state in
      defer { state.absence = error }
      return state.absence != error
    }
    if isNew { self.box.put(.unavailable(error)) }
  }
}

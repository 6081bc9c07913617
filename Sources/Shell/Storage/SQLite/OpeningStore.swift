// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A SQLite file that is opened when it is needed, again and again until that succeeds: so a file that cannot be used is a
/// store that is away.
package final class OpeningStore: DocumentStore {
  package let commitLimits = CommitLimits(changes: StoreLimits.documents, valueBytes: StoreLimits.totalBytes)

  private let path: String
  private let store = Mutex<SQLiteStore?>(nil)

  package init(path: String) {
    self.path = path
  }

  package func read() async throws(StoreError) -> Snapshot { try await self.opened().read() }

  package func commit(
    _ changes: [Change], expecting expectations: [Expectation]
  ) async throws(StoreError) -> UInt64 {
    try await self.opened().commit(changes, expecting: expectations)
  }

  nonisolated(nonsending) package func commitSoon(
    _ changes: [Change], expecting expectations: [Expectation]
  ) async throws(StoreError) -> UInt64 {
    try await self.opened().commitSoon(changes, expecting: expectations)
  }

  package func news() -> AsyncStream<StoreNews> {
    NewsBox(isOfOneKind: StoreNews.isOfOneKind).stream { box in
      var backoff = Backoff()
      var absence: StoreError?
      while !Task.isCancelled {
        do throws(StoreError) {
          let store = try self.opened()
          if absence != nil { box.put(.available) }
          for await news in store.news() { box.put(news) }
          return
        } catch {
          if error != absence { box.put(.unavailable(error)) }
          absence = error
          try? await Task.sleep(for: backoff.next())
        }
      }
    }
  }

  private func opened() throws(StoreError) -> SQLiteStore {
    let result: Result<SQLiteStore, StoreError> = self.store.withLock { store in
      if let store { return .success(store) }
      do throws(StoreError) {
        let opened = try SQLiteStore(path: self.path)
        store = opened
        return .success(opened)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}

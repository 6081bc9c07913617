// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What operators configured, kept across restarts: documents with one revision for all of them.
///
/// A reader sees whole commits only, in their order. Nothing that decides a failover waits for a store.
package protocol DocumentStore: Sendable {
  var commitLimits: CommitLimits { get }

  func read() async throws(StoreError) -> Snapshot

  /// Makes all changes or none.
  ///
  /// - Parameter expectations: each key at most once, as each key of `changes`.
  /// - Returns: the revision of these changes; without any, the store's.
  /// - Throws: `.conflict`, with the first key whose expectation does not hold; `.uncertain` if nobody knows whether
  ///   the changes were made; any other error if they were not.
  func commit(_ changes: [Change], expecting expectations: [Expectation]) async throws(StoreError) -> UInt64

  /// The same for what changes often: it is the store's when this returns, whatever becomes of this process, and on the
  /// disk of this machine `StoreLimits.soon` later at the latest; one that loses its power meanwhile loses it.
  ///
  /// Followers within this process need not be told: they find it in the next snapshot. A store on this machine writes on
  /// the caller's thread, which should be one that may wait for a file.
  nonisolated(nonsending) func commitSoon(
    _ changes: [Change], expecting expectations: [Expectation]
  ) async throws(StoreError) -> UInt64

  /// What is in the store now and after each change, by anybody. Who is slow misses steps, never the last state.
  ///
  /// Looks for the store again by itself when it is away. For one reader; ends when that one is cancelled, lets go of the
  /// stream, or the store is closed.
  func news() -> AsyncStream<StoreNews>
}

extension DocumentStore {
  nonisolated(nonsending) package func commitSoon(
    _ changes: [Change], expecting expectations: [Expectation]
  ) async throws(StoreError) -> UInt64 {
    try await self.commit(changes, expecting: expectations)
  }

  /// Whatever the documents are now.
  package func commit(_ changes: [Change]) async throws(StoreError) -> UInt64 {
    try await self.commit(changes, expecting: [])
  }
}

/// What is to be known of a store.
package enum StoreNews: Sendable, Equatable {
  /// Newer than every one before.
  case snapshot(Snapshot)
  /// Until `available`: changes may be missed meanwhile, and a snapshot follows then.
  case unavailable(StoreError)
  case available

  static func isOfOneKind(_ first: StoreNews, _ second: StoreNews) -> Bool {
    switch (first, second) {
    case (.snapshot, .snapshot): true
    case (.snapshot, _), (_, .snapshot): false
    default: true
    }
  }
}

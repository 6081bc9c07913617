// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import GRDB
import Glibc
import Synchronization

/// The documents of one controller, in one SQLite file.
///
/// A commit is on the disk when it returns. A process that is killed, or a disk that is full, leaves the state before a
/// commit or after it. One process at a time has the file; it is readable for its owner only.
package final class SQLiteStore: DocumentStore {
  /// A commit may be as large as the store.
  package let commitLimits = CommitLimits(changes: StoreLimits.documents, valueBytes: StoreLimits.totalBytes)

  private let file: String
  private let queue: DatabaseQueue
  private let followers = Mutex<[Follower]>([])
  private let journal: SQLiteJournal

  /// Somebody who reads the store again when `changed` says so.
  private struct Follower {
    let id: UInt64
    let changed: AsyncStream<Void>.Continuation
  }

  /// Opens the file, or makes it; its directory must be there. It is closed when nobody holds the store any more.
  ///
  /// - Throws: `.inUse`, `.newerFormat`, `.damaged`, `.full` or `.unusable`. Then the file is as it was.
  package init(path: String) throws(StoreError) {
    self.file = path
    self.journal = SQLiteJournal(of: path)
    try makeIfMissing(path)
    do {
      self.queue = try DatabaseQueue(path: path, configuration: SQLiteFormat.configuration(file: path))
      try self.queue.writeWithoutTransaction { database in try SQLiteFormat.prepare(database) }
    } catch {
      throw StoreError(error, file: path)
    }
  }

  package func read() async throws(StoreError) -> Snapshot {
    let file = self.file
    return try await self.transaction(isCommit: false) { database in
      try SQLiteTables.snapshot(database, file: file)
    }
  }

  package func commit(
    _ changes: [Change], expecting expectations: [Expectation]
  ) async throws(StoreError) -> UInt64 {
    try self.commitLimits.check(changes, expecting: expectations)
    let revision = try await self.transaction(isCommit: true) { database in
      try SQLiteTables.commit(changes, expecting: expectations, to: database)
    }
    for follower in self.followers.withLock({ $0 }) { follower.changed.yield() }
    return revision
  }

  /// One process has the file, so that whoever commits is the only one who could. On the caller's thread: each that is woken
  /// for it would take as long as the writing.
  nonisolated(nonsending) package func commitSoon(
    _ changes: [Change], expecting expectations: [Expectation]
  ) async throws(StoreError) -> UInt64 {
    try self.commitLimits.check(changes, expecting: expectations)
    try self.journal.check()
    let revision = try self.write(changes, expecting: expectations)
    self.journal.synchronizeSoon()
    return revision
  }

  private func write(_ changes: [Change], expecting expectations: [Expectation]) throws(StoreError) -> UInt64 {
    do {
      return try self.queue.writeWithoutTransaction { database in
        try SQLiteFormat.transaction(database, waitsForDisk: false) {
          try SQLiteTables.commit(changes, expecting: expectations, to: database)
        }
      }
    } catch {
      throw StoreError(error, file: self.file, isCommit: true)
    }
  }

  package func news() -> AsyncStream<StoreNews> {
    // One ring may stand for many commits: all of them are in what is read then.
    let (rings, changed) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let id = UInt64.random(in: .min ... .max)
    self.followers.withLock { $0.append(Follower(id: id, changed: changed)) }
    changed.onTermination = { [weak self] _ in self?.followers.withLock { $0.removeAll { $0.id == id } } }
    changed.yield()
    return NewsBox(isOfOneKind: StoreNews.isOfOneKind).stream { [weak self] box in
      let report = SnapshotReport(to: box)
      var backoff = Backoff()
      for await _ in rings {
        // Who waits for news does not keep the file open.
        guard let self else { return }
        do throws(StoreError) {
          report.found(try await self.read())
          backoff.reset()
        } catch {
          report.lost(error)
          try? await Task.sleep(for: backoff.next())
          changed.yield()
        }
      }
    }
  }

  deinit {
    for follower in self.followers.withLock({ $0 }) { follower.changed.finish() }
    // Now, not when the library lets go of it after the last transaction: somebody may open the file next.
    try? self.queue.close()
  }

  /// Not cut short when the caller is cancelled: it would not know whether its commit was made.
  private func transaction<Value: Sendable>(
    isCommit: Bool, _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreError) -> Value {
    let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
      self.queue.asyncWriteWithoutTransaction { database in
        continuation.resume(
          returning: Result {
            try SQLiteFormat.transaction(database, waitsForDisk: true) { try body(database) }
          })
      }
    }
    do { return try result.get() } catch { throw StoreError(error, file: self.file, isCommit: isCommit) }
  }
}

/// With its permissions from the beginning.
private func makeIfMissing(_ path: String) throws(StoreError) {
  let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
  // Closing a file that SQLite has open would give up its locks: so one that exists is not opened here.
  guard descriptor < 0 else {
    close(descriptor)
    return
  }
  guard errno == EEXIST else { throw .unusable(file: path, reason: String(cString: strerror(errno))) }
}

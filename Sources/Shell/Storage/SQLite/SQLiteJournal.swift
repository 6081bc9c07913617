// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// Takes to the disk what commits left in SQLite's write-ahead log without waiting for it.
///
/// Beside SQLite, which would hold up the next commits meanwhile: what is in the log is a commit once the log is on the
/// disk (SQLite's documentation of WAL, "Performance Considerations"), whoever saw to that. SQLite holds no lock on the log
/// that closing it here could give up, because the database is locked for this process alone.
final class SQLiteJournal: Sendable {
  private struct State {
    var isDue = false
    var failure: StoreError?
  }

  private let path: String
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "isthmus.store.journal")

  /// - Parameter file: the database's.
  init(of file: String) { self.path = file + "-wal" }

  /// What is in the log now is on the disk `StoreLimits.soon` later at the latest.
  func synchronizeSoon() {
    let isFirst = self.state.withLock { state in
      defer { state.isDue = true }
      return !state.isDue
    }
    guard isFirst else { return }
    self.queue.asyncAfter(deadline: .now() + StoreLimits.soon / .seconds(2)) { self.synchronize() }
  }

  private func synchronize() {
    // First: what is written from now on may be too late for this time.
    self.state.withLock { $0.isDue = false }
    guard let failed = self.synchronizeFile() else { return }
    self.state.withLock { $0.failure = failed }
  }

  private func synchronizeFile() -> StoreError? {
    let descriptor = open(self.path, O_RDWR | O_CLOEXEC)
    // None: SQLite has taken it into the database, and to the disk, and has closed it.
    if descriptor < 0, errno == ENOENT { return nil }
    defer { if descriptor >= 0 { close(descriptor) } }
    guard descriptor >= 0, fdatasync(descriptor) == 0 else {
      return .uncertain(place: self.path, reason: String(cString: strerror(errno)))
    }
    return nil
  }

  /// - Throws: once, that earlier commits may not be on the disk.
  func check() throws(StoreError) {
    if let failure = self.state.withLock({ $0.failure.take() }) { throw failure }
  }
}

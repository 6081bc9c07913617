// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Storage
import Synchronization

/// All news of a stream, with their times.
final class NewsLog<News: Sendable & Equatable>: Sendable {
  struct Entry: Sendable { let news: News, time: ContinuousClock.Instant }

  private let log: Log
  private let task: Task<Void, Never>

  private final class Log: Sendable {
    let entries = Mutex<[Entry]>([])
    let hasEnded = Mutex(false)
  }

  init(_ stream: AsyncStream<News>) {
    let log = Log()
    self.log = log
    self.task = Task {
      for await news in stream { log.entries.withLock { $0.append(Entry(news: news, time: .now)) } }
      log.hasEnded.withLock { $0 = true }
    }
  }

  deinit {
    self.task.cancel()
  }

  var entries: [Entry] { self.log.entries.withLock { $0 } }
  var all: [News] { self.entries.map(\.news) }
  var hasEnded: Bool { self.log.hasEnded.withLock { $0 } }

  func cancel() {
    self.task.cancel()
  }
}

extension NewsLog<StoreNews> {
  var snapshots: [Snapshot] {
    self.all.compactMap { if case .snapshot(let snapshot) = $0 { snapshot } else { nil } }
  }

  var last: [String: String]? {
    self.snapshots.last.map { snapshot in
      Dictionary(snapshot.documents.map { ($0.key, $0.value) }) { first, _ in first }
    }
  }

  /// After the last `available`, if there was one.
  var isAway: Bool {
    for news in self.all.reversed() {
      switch news {
      case .unavailable: return true
      case .available: return false
      case .snapshot: continue
      }
    }
    return false
  }
}

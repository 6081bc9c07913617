// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Holds what a slow reader has not read yet: of each kind the latest, in the order in which those came.
final class NewsBox<News: Sendable>: Sendable {
  private let pending = Mutex<[News]>([])
  private let isOfOneKind: @Sendable (News, News) -> Bool
  private let doorbell: AsyncStream<Void>
  private let bell: AsyncStream<Void>.Continuation

  /// - Parameter isOfOneKind: whether the later one makes the earlier one old. There must be few kinds: the box is as
  ///   large as their number.
  init(isOfOneKind: @escaping @Sendable (News, News) -> Bool) {
    self.isOfOneKind = isOfOneKind
    (self.doorbell, self.bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
  }

  func put(_ news: News) {
    self.pending.withLock { pending in
      pending.removeAll { self.isOfOneKind($0, news) }
      pending.append(news)
    }
    self.bell.yield()
  }

  /// What is in the box can still be read.
  func close() {
    self.bell.finish()
  }

  /// Nil once the box is closed and empty, or the reader is cancelled.
  func next() async -> News? {
    while true {
      if let news = self.pending.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return news }
      var rings = self.doorbell.makeAsyncIterator()
      guard await rings.next() != nil else { return self.pending.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
    }
  }

  /// For one reader. `follow` fills the box meanwhile; it is cancelled when the reader is, or lets go of the stream.
  func stream(following follow: @escaping @Sendable (NewsBox) async -> Void) -> AsyncStream<News> {
    let subscription = Subscription(
      task: Task {
        await follow(self)
        self.close()
      })
    return AsyncStream(unfolding: { await subscription.next(from: self) }, onCancel: { subscription.task.cancel() })
  }
}

/// Lives as long as the stream that it is for.
private final class Subscription: Sendable {
  let task: Task<Void, Never>

  init(task: Task<Void, Never>) {
    self.task = task
  }

  deinit {
    self.task.cancel()
  }

  func next<News>(from box: NewsBox<News>) async -> News? {
    await box.next()
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Synchronization

/// Chooses one leader among controllers: who made the key `PREFIXleader`, as long as its lease lives.
///
///     no lease ──▶ lease ──▶ make the key, or see who has it ──▶ elected or following
///                    ▲                                                  │
///                    └──── the key was deleted, or etcd was away ◀──────┘
///
/// The epoch is the revision at which the key was made: no two keys have the same, and a later one has a greater. A
/// leader that cannot reach etcd is not told to step down; its lease may end meanwhile and another be elected, whose epoch
/// is greater. Who is right then, whoever is led sees from the epochs.
package final class EtcdElection: Sendable {
  /// etcd's own least.
  package static let shortestTTL = Duration.seconds(2)
  package static let longestTTL = Duration.seconds(3600)

  private let settings: EtcdSettings
  private let candidate: String
  private let ttl: UInt64
  private let box = NewsBox(isOfOneKind: ElectionNews.isOfOneKind)
  private let wish = YieldWish()

  /// - Parameters:
  ///   - candidate: what others see as the leader's name: 1…255 bytes. Need not be unique, but people will wonder.
  ///   - ttl: how long a leader that is silent keeps the key, in whole seconds: 2 s…1 h. etcd looks every 500 ms.
  /// - Throws: `.badSetting`.
  package init(_ settings: EtcdSettings, candidate: String, ttl: Duration) throws(StoreError) {
    guard (1...255).contains(candidate.utf8.count) else {
      throw .badSetting("this controller's name", value: String(candidate.prefix(64)), accepted: "give 1 to 255 bytes")
    }
    guard ttl >= Self.shortestTTL, ttl <= Self.longestTTL, ttl.components.attoseconds == 0 else {
      throw .badSetting("the leader's time to live", value: "\(ttl)", accepted: "give whole seconds, 2 to 3600")
    }
    self.settings = settings
    self.candidate = candidate
    self.ttl = UInt64(ttl.components.seconds)
  }

  /// What happened, as far as it still matters: who is slow misses steps, never the last state. For one reader; ends when
  /// `run` does.
  package var news: AsyncStream<ElectionNews> {
    let box = self.box
    return AsyncStream { await box.next() }
  }

  /// Gives the key up within a quarter of the time to live, and is no candidate for half of it, so that another can have
  /// the key. If nobody wants it, we have it again.
  package func yield() {
    self.wish.make()
  }

  /// Is a candidate until cancelled; then gives the key up, so that another leads at once. Once only.
  ///
  /// - Throws: `.unusable` for a file of the settings.
  package func run() async throws(StoreError) {
    defer { self.box.close() }
    do {
      try await EtcdClient.with(self.settings) { client in
        var campaign = EtcdCampaign(
          client: client, candidate: self.candidate, ttl: self.ttl, box: self.box, wish: self.wish)
        await campaign.run()
      }
    } catch let error as StoreError {
      throw error
    } catch {
      // Its end does not matter any more.
    }
  }
}

/// That the key be given up, made by one task and granted by another.
final class YieldWish: Sendable {
  private let isThere = Mutex(false)

  var isMade: Bool { self.isThere.withLock { $0 } }

  func make() { self.isThere.withLock { $0 = true } }

  /// - Returns: false if there was none.
  func grant() -> Bool {
    self.isThere.withLock { isThere in
      defer { isThere = false }
      return isThere
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Storage
import Testing

/// Members that die one after the other, and too many at once.
@Suite(.serialized, .needsEtcd, .timeLimit(.minutes(5))) struct EtcdClusterTests {
  /// Whichever member dies, the next one is asked: nobody loses a commit, or the lead.
  @Test func anyMemberMayDie() async throws {
    try await EtcdCluster.with { cluster in
      let settings = try EtcdSettings(endpoints: cluster.endpoints, requestTimeout: .seconds(1))
      try await EtcdStore.withStore(settings) { store in
        let log = NewsLog(store.news())
        let election = try EtcdElection(settings, candidate: "leader", ttl: .seconds(20))
        let news = NewsLog(election.news)
        let task = Task { try await election.run() }
        try await eventually("the election") { news.all.contains { isRole($0) } }
        for index in 0..<3 {
          cluster.kill(index)
          // Until another member leads: what is uncertain is read before it is done again.
          try await eventually("a commit") {
            let revision = try? await store.commit([.put(key: "round", value: "\(index)")])
            return revision != nil
          }
          try await eventually("the news") { log.last == ["round": "\(index)"] && !log.isAway }
          try cluster.start(index)
          try await eventually("all members are back") {
            try await Self.answers(EtcdSettings(endpoints: [cluster.endpoints[index]]))
          }
        }
        let roles = news.all.filter(isRole)
        #expect(roles.count == 1, "\(roles)")
        task.cancel()
        try await task.value
      }
    }
  }

  /// One of three is no majority: it may answer, and knows nothing.
  @Test func aMinorityIsAway() async throws {
    try await EtcdCluster.with { cluster in
      let settings = try EtcdSettings(endpoints: cluster.endpoints, requestTimeout: .seconds(1))
      let alone = try EtcdSettings(endpoints: [cluster.endpoints[2]], requestTimeout: .seconds(1))
      try await EtcdStore.withStore(settings) { store in
        try await EtcdStore.withStore(alone) { cutOff in
          let log = NewsLog(cutOff.news())
          _ = try await store.commit([.put(key: "a", value: "1")])
          try await eventually("the news") { log.last == ["a": "1"] }
          cluster.freeze(0)
          cluster.freeze(1)
          try await eventually("it is away") { log.isAway }
          await #expect(throws: StoreError.self) { _ = try await cutOff.read() }
          cluster.thaw(0)
          cluster.thaw(1)
          try await eventually("a commit") {
            let revision = try? await store.commit([.put(key: "a", value: "2")])
            return revision != nil
          }
          try await eventually("the news after that") { log.last == ["a": "2"] && !log.isAway }
        }
      }
    }
  }

  private static func answers(_ settings: EtcdSettings) async throws -> Bool {
    try await EtcdStore.withStore(settings) { store in
      let snapshot = try? await store.read()
      return snapshot != nil
    }
  }
}

private func isRole(_ news: ElectionNews) -> Bool {
  switch news {
  case .elected, .following: true
  case .unreachable, .reachable: false
  }
}

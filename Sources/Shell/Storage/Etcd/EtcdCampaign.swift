// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A candidate at work: one thing after the other, but for keeping the lease while it watches the key.
struct EtcdCampaign {
  private let client: EtcdClient
  private let key: Data
  private let candidate: Data
  /// Seconds.
  private let ttl: UInt64
  private let box: NewsBox<ElectionNews>
  private let wish: YieldWish
  private var lease: EtcdNumber?
  /// What was said last; nil: nothing yet.
  private var role: ElectionNews?
  private var isAway = false

  init(client: EtcdClient, candidate: String, ttl: UInt64, box: NewsBox<ElectionNews>, wish: YieldWish) {
    self.client = client
    self.key = Data((client.settings.prefix + "leader").utf8)
    self.candidate = Data(candidate.utf8)
    self.ttl = ttl
    self.box = box
    self.wish = wish
  }

  /// Until cancelled.
  mutating func run() async {
    // Not so long that the lease ends while etcd is back.
    var backoff = Backoff(to: self.interval)
    while !Task.isCancelled {
      if self.wish.grant() {
        await self.giveUp()
        self.lease = nil
        try? await Task.sleep(for: self.interval * 2)
      }
      do throws(EtcdProblem) {
        try await self.holdLease()
        let revision = try await self.seekKey()
        backoff.reset()
        try await self.wait(after: revision)
      } catch {
        switch error {
        case .noLease: self.lease = nil
        // What was watched is too old; it is seen at the next look at the key.
        case .compacted: break
        case .final(.cancelled) where Task.isCancelled: break
        default:
          if case .needsToken = error { self.client.forgetToken() }
          if !Task.isCancelled { self.report(error.storeError) }
        }
        try? await Task.sleep(for: backoff.next())
      }
    }
    await self.giveUp()
  }

  /// Between two signs of life; also how long each may take.
  private var interval: Duration { .seconds(Int64(self.ttl)) / 4 }

  private mutating func holdLease() async throws(EtcdProblem) {
    if let lease = self.lease {
      do throws(EtcdProblem) {
        return try await self.keepAlive(lease)
      } catch .noLease {
        self.lease = nil
      }
    }
    let answer = try await self.client.call(
      "/v3/lease/grant", EtcdLease.Grant(seconds: EtcdNumber(self.ttl)), for: EtcdLease.Answer.self,
      timeLimit: self.timeLimit)
    // A key without a lease would stay for ever.
    guard let lease = answer.lease, lease.value > 0 else {
      throw .lost(place: self.client.settings.endpoints[self.client.endpoint], reason: "it gives no lease")
    }
    self.lease = lease
  }

  /// - Throws: `.noLease` if it has ended.
  private func keepAlive(_ lease: EtcdNumber) async throws(EtcdProblem) {
    let line = try await self.client.call(
      "/v3/lease/keepalive", EtcdLease.Reference(lease: lease), for: EtcdStreamed<EtcdLease.Answer>.self,
      timeLimit: self.timeLimit)
    let place = self.client.settings.endpoints[self.client.endpoint]
    if let failure = line.error { throw EtcdProblem(failure, from: place) }
    guard let seconds = line.result?.seconds, seconds.value > 0 else { throw .noLease(place: place) }
  }

  /// Makes the key if nobody has it. Can be done twice: if our key is there already, we see our lease at it.
  ///
  /// - Returns: the revision of what was seen.
  private mutating func seekKey() async throws(EtcdProblem) -> UInt64 {
    let transaction = EtcdTransaction(
      compare: [.created(self.key, at: 0)],
      success: [.init(put: .init(key: self.key, value: self.candidate, lease: self.lease))],
      failure: [.init(range: EtcdRange(key: self.key))])
    let answer = try await self.client.call(
      "/v3/kv/txn", transaction, for: EtcdTransaction.Answer.self, timeLimit: self.timeLimit)
    let revision = answer.header?.revision?.value ?? 0
    if answer.succeeded == true {
      self.report(.elected(epoch: revision))
    } else if let pair = answer.responses?.first?.range?.kvs?.first, let epoch = pair.created?.value {
      let leader = String(decoding: (pair.value ?? Data()).prefix(255), as: UTF8.self)
      self.report(
        pair.lease != nil && pair.lease == self.lease
          ? .elected(epoch: epoch) : .following(leader: leader, epoch: epoch))
    } else {
      let place = self.client.settings.endpoints[self.client.endpoint]
      throw .lost(place: place, reason: "it does not say who has the leader's key")
    }
    return revision
  }

  /// Until the key changes, or shall be given up, or the endpoint that we watch it at is left for another.
  private func wait(after revision: UInt64) async throws(EtcdProblem) {
    let endpoint = self.client.endpoint
    let end = await withTaskGroup(of: EtcdProblem?.self) { group in
      group.addTask {
        do throws(EtcdProblem) { return try await self.watchKey(after: revision, at: endpoint) } catch { return error }
      }
      group.addTask {
        do throws(EtcdProblem) { return try await self.keepAlive(while: endpoint) } catch { return error }
      }
      let end = await group.next() ?? nil
      group.cancelAll()
      return end
    }
    if let end { throw end }
  }

  private func watchKey(after revision: UInt64, at endpoint: Int) async throws(EtcdProblem) -> EtcdProblem? {
    let began = ContinuousClock.now
    do throws(EtcdProblem) {
      let watch = EtcdWatch(create: .init(key: self.key, start: EtcdNumber(revision + 1)))
      var events = try await self.client.watch(watch, at: endpoint, lineLimit: 1 << 20)
      _ = try await events.next()
      return nil
    } catch .lost where ContinuousClock.now - began > .seconds(30) {
      // A quiet stream is cut sometimes. Signs of life tell whether etcd is away.
      return nil
    }
  }

  private func keepAlive(while endpoint: Int) async throws(EtcdProblem) -> EtcdProblem? {
    while self.client.endpoint == endpoint, let lease = self.lease {
      do { try await Task.sleep(for: self.interval) } catch { throw .final(.cancelled) }
      if self.wish.isMade { return nil }
      try await self.keepAlive(lease)
    }
    return nil
  }

  private var timeLimit: Duration { min(self.interval, self.client.settings.requestTimeout) }

  /// Once etcd answers as it should.
  private mutating func report(_ role: ElectionNews) {
    if self.isAway { self.box.put(.reachable) }
    if role != self.role { self.box.put(role) }
    self.isAway = false
    self.role = role
  }

  private mutating func report(_ error: StoreError) {
    if !self.isAway { self.box.put(.unreachable(error)) }
    self.isAway = true
  }

  /// The lease's end deletes the key. If etcd cannot be reached now, that takes the rest of its time.
  private func giveUp() async {
    guard let lease = self.lease else { return }
    // We are cancelled, and this is not.
    await Task {
      _ = try? await self.client.call(
        "/v3/lease/revoke", EtcdLease.Reference(lease: lease), for: EtcdLease.Gone.self, timeLimit: self.timeLimit)
    }.value
  }
}

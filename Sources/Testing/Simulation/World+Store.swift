// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import ServiceModel

extension World {
  /// The store by which several controllers choose one: who has the leader's key, as long as its lease lives.
  struct Store: Sendable {
    /// How long a silent leader keeps the key.
    static let lease = Duration.seconds(2)
    /// Between two signs of life of a candidate.
    static let interval = lease / 4
    /// How long who has given the key up leaves it to others.
    static let pause = Duration.seconds(1)
    /// How late a lease's end may be noticed.
    static let tick = Duration.milliseconds(500)
    /// How long a leader that sees no switch keeps the lead.
    static let blindness = Duration.milliseconds(2_100)
    /// The longest until another controller acts: that, and what messages need.
    static let takeover = lease + tick + .milliseconds(1_700)

    /// Who has the key; nil: nobody.
    fileprivate(set) var holder: Holder?
    /// Of the last change: greater than any before.
    fileprivate(set) var revision: UInt64 = 0

    struct Holder: Sendable {
      var controller: Int
      /// Of its life: another one does not know the lease.
      var session: UInt64
      var epoch: UInt64
      var ends: Instant
    }
  }

  private static let latency = Duration.milliseconds(2)

  mutating func campaign(_ index: Int, after delay: Duration) {
    guard let session = self.controllers[index].life?.session else { return }
    self.queue.add(.campaigns(index, session: session), at: self.now + delay)
  }

  /// A candidate keeps its lease alive and looks who leads.
  mutating func campaigns(_ index: Int, session: UInt64) {
    guard self.controllers[index].life?.session == session else { return }
    self.campaign(index, after: Store.interval)
    guard self.reachesStore(index) else { return }
    if let holder = self.store.holder, holder.controller == index, holder.session == session {
      self.store.holder?.ends = self.now + Store.lease
      self.planExpiry()
    }
    self.seekKey(index, session)
  }

  /// A candidate that watches the key sees that it has changed.
  mutating func seesStore(_ index: Int, session: UInt64) {
    guard self.controllers[index].life?.session == session, self.reachesStore(index) else { return }
    self.seekKey(index, session)
  }

  /// Takes the key if nobody has it, and tells the controller who leads, if that is news.
  private mutating func seekKey(_ index: Int, _ session: UInt64) {
    if self.store.holder == nil, self.controllers[index].life.map({ $0.standsFrom <= self.now }) == true {
      self.store.revision += 1
      self.store.holder = Store.Holder(
        controller: index, session: session, epoch: self.store.revision, ends: self.now + Store.lease)
      self.planExpiry()
      self.newsOfStore()
    }
    guard let life = self.controllers[index].life, let holder = self.store.holder else { return }
    let leadership: Leadership =
      holder.controller == index && holder.session == session
      ? .leading(epoch: holder.epoch) : .following(epoch: holder.epoch)
    guard leadership != life.told else { return }
    let arrives = max(life.toldAt, self.now + Self.latency + self.storeDelay)
    self.controllers[index].life?.told = leadership
    self.controllers[index].life?.toldAt = arrives
    self.queue.add(.leadershipHeard(index, session: session, leadership), at: arrives)
  }

  /// The lease may have ended.
  mutating func leaseEnds() {
    guard let holder = self.store.holder, holder.ends <= self.now else { return }
    self.loseHolder()
  }

  /// Gives the key up, if the store can be reached.
  mutating func resign(_ index: Int) {
    guard self.store.holder?.controller == index, self.reachesStore(index) else { return }
    self.loseHolder()
  }

  /// The same, and another may take it first.
  mutating func yield(_ index: Int) {
    self.controllers[index].life?.standsFrom = self.now + Store.pause
    self.resign(index)
  }

  private mutating func loseHolder() {
    self.tell("nobody has the leader's key")
    self.store.holder = nil
    self.newsOfStore()
  }

  private mutating func planExpiry() {
    guard let ends = self.store.holder?.ends else { return }
    self.queue.add(.leaseEnds, at: ends + .milliseconds(self.draw.index(Int(Store.tick.nanoseconds / 1_000_000))))
  }

  /// All candidates watch the key.
  private mutating func newsOfStore() {
    for index in self.controllers.indices {
      guard let session = self.controllers[index].life?.session else { continue }
      let arrives = self.now + Self.latency + self.storeDelay + self.jitter()
      self.queue.add(.seesStore(index, session: session), at: arrives)
    }
  }

  mutating func leadershipHeard(_ index: Int, session: UInt64, _ leadership: Leadership) {
    guard self.controllers[index].life?.session == session else { return }
    self.step(index, .leadership(leadership))
  }

  private var storeDelay: Duration {
    self.fault { if case .storeSlow(let delay) = $0 { delay } else { nil } } ?? .zero
  }

  func reachesStore(_ index: Int) -> Bool {
    self.fault { fault -> Bool? in
      switch fault {
      case .storeAway, .controllerIsolated(index), .storeCutOff(index): true
      default: nil
      }
    } == nil
  }
}

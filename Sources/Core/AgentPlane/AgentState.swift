// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// The whole of an agent's decisions: what happened goes in, what is to be done comes out.
///
/// Checks tell how the members are; the members' state makes the heartbeats and the NAT rules; controllers' replies
/// bring the assignment, which says what to check. A clock, a socket or a random number is never asked for here.
package struct AgentState: Sendable {
  enum Phase: Sendable, Equatable {
    case initial
    case running
    case stopped
  }

  let region: RegionName
  /// Nil: this is the region's only agent.
  let name: InstanceName?
  /// What was told of this machine's role.
  var role: AgentInstance.Role?
  var phase = Phase.initial
  var random: RandomSource
  var latest: Instant?

  var assignment: Assignment?
  /// 0: none.
  var revision: UInt64 = 0
  /// In the order of the assignment.
  var services: [ServiceHealth] = []
  /// Of `services`: those whose state has changed since the last heartbeat.
  var news: [Int] = []
  /// Which member is to be checked next.
  var schedule = DeadlineQueue<MemberSlot>()
  var running: [CheckID: MemberSlot] = [:]
  var nextCheck: UInt64 = 1
  /// False while this machine lacks what checks need.
  var canCheck = true

  var controllers: [ControllerLink]
  var fetch = FetchState()
  var peers = PeerWatch()
  var nat = NATKeeper()
  var load = LoadKeeper()
  var attachments: [Attachment] = []

  var boot: UInt64 = 0
  /// Of the last heartbeat that was sent.
  var sequence: UInt64 = 0
  var nextHeartbeat: Instant?
  /// When a heartbeat is due before its time, because a state changed or a controller waits for it.
  var announcement: Instant?
  var lastHeartbeat: Instant?
  /// When peers were told last.
  var toldPeers: Instant?

  /// - Parameters:
  ///   - name: nil: it is its region's only agent.
  ///   - controllers: how many there are; events and effects name them by index.
  ///   - seed: of what is drawn at random: the checks' phases and the jitter of retries.
  package init(region: RegionName, name: InstanceName? = nil, controllers: Int, seed: UInt64) {
    self.region = region
    self.name = name
    self.controllers = [ControllerLink](repeating: ControllerLink(), count: controllers)
    self.random = RandomSource(seed: seed)
  }

  /// - Precondition: `now` is not before that of an earlier call.
  package mutating func step(_ event: AgentEvent, at now: Instant) -> [AgentEffect] {
    if let latest { precondition(now >= latest, "time went backwards: \(latest) then \(now), on \(event)") }
    self.latest = now
    var effects: [AgentEffect] = []
    self.absorb(event, at: now, &effects)
    guard self.phase == .running else { return effects }
    self.startChecks(at: now, &effects)
    self.applyNAT(at: now, &effects)
    self.measureLoad(at: now, &effects)
    self.sendHeartbeat(at: now, &effects)
    return effects
  }

  /// When to call `step` with `deadlineReached`, if nothing happens before.
  package var nextDeadline: Instant? {
    guard self.phase == .running else { return nil }
    return [self.nextHeartbeat, self.announcement, self.schedule.next, self.nat.nextDeadline, self.load.nextDeadline]
      .compactMap { $0 }.min()
  }

  private mutating func absorb(_ event: AgentEvent, at now: Instant, _ effects: inout [AgentEffect]) {
    switch (self.phase, event) {
    case (.initial, .started(let start)): self.start(start, at: now, &effects)
    case (.initial, _), (.stopped, _): break
    case (.running, .started), (.running, .deadlineReached): break
    case (.running, .assigned(let assignment, let revision, let controller)):
      self.fetch.succeeded()
      guard revision != self.revision else { return }
      self.take(assignment, revision: revision, controller: controller, at: now, &effects)
      effects.append(.store(assignment))
    case (.running, .fetchFailed(let controller, let reason)):
      let wait = self.fetch.failed(at: now, &self.random)
      effects.append(.record(.assignmentNotFetched(controller: controller, reason: reason, retryIn: wait)))
    case (.running, .checkFinished(let id, let outcome)):
      self.finish(id, outcome, at: now, &effects)
    case (.running, .heardPeer(let region, let sequence, let isActive)):
      // That one waits says nothing of its region.
      if isActive, self.peers.heard(region, sequence: sequence, at: now) { effects.append(.record(.peerHeard(region))) }
    case (.running, .replied(let reply, let controller)):
      self.receive(reply, from: controller, at: now, &effects)
    case (.running, .natApplied(let changed)):
      switch self.nat.applied(changed: changed, at: now) {
      case .nothing: break
      case .changed(let digest): effects.append(.record(.natChanged(digest: digest)))
      case .repaired(let digest): effects.append(.record(.natRepaired(digest: digest)))
      }
      self.reviewServices(at: now, &effects)
    case (.running, .natFailed(let reason, let left)):
      let wait = self.nat.failed(leaving: left, at: now, &self.random)
      effects.append(.record(.natFailed(reason: reason, retryIn: wait)))
      self.reviewServices(at: now, &effects)
    case (.running, .attached(let attachments)):
      self.attachments = attachments
      self.nat.inputsChanged(at: now)
      self.reviewRole(at: now, &effects)
    case (.running, .loadMeasured(let load)):
      if self.load.measured(load, at: now) { effects.append(.record(.loadMeasuredAgain)) }
    case (.running, .loadNotMeasured(let reason)):
      if self.load.failed(at: now) { effects.append(.record(.loadNotMeasured(reason: reason))) }
    case (.running, .stopping):
      effects.append(.record(.leaving))
      self.appendHeartbeats(leaving: true, at: now, &effects)
      self.phase = .stopped
    }
  }

  private mutating func start(_ start: AgentStart, at now: Instant, _ effects: inout [AgentEffect]) {
    self.phase = .running
    self.boot = max(start.boot, 1)
    self.attachments = start.attachments
    self.nextHeartbeat = now
    self.nat.started(found: start.installedNAT, at: now)
    guard let cached = start.cached else { return }
    self.take(cached.assignment, revision: cached.revision, controller: nil, at: now, &effects)
  }
}

/// Where a member is in the agent's lists.
struct MemberSlot: Sendable, Equatable {
  var service: Int
  var member: Int
}

/// One fetch at a time, and a pause after a failure.
struct FetchState: Sendable, Equatable {
  private var isRunning = false
  private var notBefore: Instant?
  private var backoff = Backoff()

  mutating func begin(at now: Instant) -> Bool {
    guard !self.isRunning, self.notBefore.map({ now >= $0 }) ?? true else { return false }
    self.isRunning = true
    return true
  }

  mutating func succeeded() {
    self.isRunning = false
    self.notBefore = nil
    self.backoff.succeeded()
  }

  mutating func failed(at now: Instant, _ random: inout RandomSource) -> Duration {
    self.isRunning = false
    let wait = self.backoff.failed(&random)
    self.notBefore = now + wait
    return wait
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import AgentPlane
import ServiceModel

extension World {
  /// One region's agent, and what it leaves for its next life.
  struct Agent: Sendable {
    var state: AgentState?
    /// What was planned for another life is void.
    var life = 0
    var cached: CachedAssignment?
    var wakesAt: Instant?
    /// How far its clock is from the right time.
    var clockError = Duration.zero
    /// The gateway's kernel sends redirected traffic on.
    var hasRules = false
  }

  /// What clocks show when a world begins: 2026-01-01.
  private static let wallClock = Duration.seconds(1_767_225_600)

  mutating func startAgent(_ region: Int) {
    let isDown =
      self.fault { $0 == .agentDown(region: region) || $0 == .agentDownAndClockBack(region: region) ? true : nil }
      ?? false
    guard self.agents[region].state == nil, !isDown else { return }
    self.agents[region].life += 1
    self.agents[region].wakesAt = nil
    self.agents[region].state = AgentState(
      region: Site.region(region), controllers: self.controllers.count, seed: self.draw.number())
    let clock = Self.wallClock + Duration.nanoseconds(self.now.nanoseconds) + self.agents[region].clockError
    let start = AgentStart(boot: UInt64(clock.nanoseconds / 1000), cached: self.agents[region].cached)
    self.stepAgent(region, .started(start))
  }

  mutating func stopAgent(_ region: Int) {
    self.agents[region].state = nil
    self.agents[region].life += 1
  }

  mutating func wakeAgent(_ region: Int) {
    guard let wakesAt = self.agents[region].wakesAt, wakesAt <= self.now else { return }
    self.agents[region].wakesAt = nil
    self.stepAgent(region, .deadlineReached)
  }

  mutating func stepAgent(_ region: Int, _ event: AgentEvent) {
    guard let effects = self.agents[region].state?.step(event, at: self.now) else { return }
    for effect in effects { self.perform(effect, of: region) }
    guard let deadline = self.agents[region].state?.nextDeadline else { return }
    let wakesAt = max(deadline, self.now)
    if let planned = self.agents[region].wakesAt, planned <= wakesAt, planned >= self.now { return }
    self.agents[region].wakesAt = wakesAt
    self.queue.add(.agentWakes(region), at: wakesAt)
  }

  private mutating func perform(_ effect: AgentEffect, of region: Int) {
    switch effect {
    case .startCheck(let request): self.check(request, of: region)
    case .sendHeartbeat(let heartbeat): self.send(heartbeat, from: region)
    case .tellPeers(let heartbeat):
      self.queue.add(.heartbeatReachesPeers(heartbeat, from: region), at: self.now + self.scenario.managementLatency)
    case .fetchAssignment(let controller): self.fetch(from: controller, by: region)
    case .applyNAT: self.applyRules(of: region)
    case .measureLoad: self.tell(region, .loadMeasured(self.load(of: region)), after: .milliseconds(5))
    case .store(let assignment):
      self.agents[region].cached = CachedAssignment(assignment: assignment, revision: Self.assignmentRevision)
    case .listen, .record: break
    }
  }

  private mutating func applyRules(of region: Int) {
    guard self.fault({ $0 == .forwardingLost(region: region) ? true : nil }) == nil else {
      return self.tell(region, .natFailed(reason: "no nft", left: .none), after: .milliseconds(5))
    }
    self.tell(region, .natApplied(changed: !self.agents[region].hasRules), after: .milliseconds(5))
    self.agents[region].hasRules = true
  }

  /// What clients have open there.
  private func load(of region: Int) -> GatewayLoad {
    let open = self.clients.connections.joined().count { $0.region == region && $0.openedAt != nil }
    return GatewayLoad(connections: UInt32(open))
  }

  private mutating func tell(_ region: Int, _ event: AgentEvent, after delay: Duration) {
    self.queue.add(.agentHears(region, life: self.agents[region].life, event), at: self.now + delay)
  }

  /// A member answers a check by how it is when the check starts.
  private mutating func check(_ request: CheckRequest, of region: Int) {
    guard let service = self.service(of: request) else { return }
    if self.truth.serves(service, in: region) {
      self.tell(region, .checkFinished(request.id, .success), after: .milliseconds(1 + self.draw.index(4)))
    } else if self.truth.hanging.contains([region, service]) {
      self.tell(region, .checkFinished(request.id, .failure(.timeout)), after: request.timeout)
    } else {
      self.tell(region, .checkFinished(request.id, .failure(.refused)), after: .milliseconds(1))
    }
  }

  /// No two services share a member.
  private func service(of request: CheckRequest) -> Int? {
    self.scenario.intent.services.firstIndex { service in
      service.pools.contains { $0.members.contains(request.endpoint.address) }
    }
  }

  private mutating func send(_ heartbeat: Heartbeat, from region: Int) {
    let arrival = self.now + self.scenario.managementLatency
    for controller in self.controllers.indices { self.send(heartbeat, from: region, to: controller, at: arrival) }
  }

  private mutating func send(
    _ heartbeat: Heartbeat, from region: Int, to controller: Int, at arrival: Instant
  ) {
    if self.isCutOff(region, from: controller) { return }
    if let oneIn = self.fault({ if case .heartbeatsLost(region, let oneIn) = $0 { oneIn } else { nil } }),
      self.draw.chance(1, in: oneIn)
    {
      return
    }
    let late = self.fault { if case .heartbeatsLate(region, let delay) = $0 { delay } else { nil } } ?? .zero
    self.queue.add(.heartbeatArrives(heartbeat, at: controller), at: arrival + late + self.lateness())
    if self.fault({ $0 == .heartbeatsTwice(region: region) ? true : nil }) != nil {
      self.queue.add(.heartbeatArrives(heartbeat, at: controller), at: arrival + late + self.jitter())
    }
  }

  mutating func reachPeers(_ heartbeat: Heartbeat, from region: Int) {
    for peer in self.agents.indices where peer != region {
      let isCut = self.fault { fault -> Bool? in
        guard case .regionsCutOff(let a, let b) = fault else { return nil }
        return Set([a, b]) == Set([peer, region]) ? true : nil
      }
      if isCut == nil { self.stepAgent(peer, .heardPeer(heartbeat.region, sequence: heartbeat.sequence)) }
    }
  }

  private mutating func fetch(from controller: Int, by region: Int) {
    let assignment = Assignment(for: Site.region(region), in: self.scenario.intent, peerKey: { $0.bytes })
    let isThere = self.controllers[controller].life != nil && !self.isStalled(controller)
    if isThere, !self.isCutOff(region, from: controller), let assignment {
      self.tell(
        region, .assigned(assignment, revision: Self.assignmentRevision, controller: controller),
        after: self.scenario.managementLatency * 2)
    } else {
      self.tell(region, .fetchFailed(controller: controller, reason: "no answer"), after: .seconds(1))
    }
  }
}

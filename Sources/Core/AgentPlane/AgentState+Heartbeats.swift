// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

extension AgentState {
  /// One each T_h, and one at once when a state changed or a controller waits for it.
  mutating func sendHeartbeat(at now: Instant, _ effects: inout [AgentEffect]) {
    self.tellChanges(&effects)
    guard let due = self.nextHeartbeat else { return }
    if due <= now {
      // Counted from when it was due, so that heartbeats do not drift; after a long stop it begins anew.
      let next = due + self.heartbeatInterval
      self.nextHeartbeat = next > now ? next : now + self.heartbeatInterval
    } else if !self.announce {
      return
    }
    effects.append(.sendHeartbeat(self.makeHeartbeat(leaving: false, at: now, &effects)))
  }

  /// Notices which services' states are not what was told last.
  private mutating func tellChanges(_ effects: inout [AgentEffect]) {
    guard self.needsReview else { return }
    self.needsReview = false
    for index in self.services.indices {
      let state = self.state(of: self.services[index])
      guard state != self.services[index].told else { continue }
      self.services[index].told = state
      self.announce = true
      effects.append(.record(.serviceChanged(self.services[index].assigned.name, state)))
    }
  }

  mutating func makeHeartbeat(leaving: Bool, at now: Instant, _ effects: inout [AgentEffect]) -> Heartbeat {
    self.announce = false
    for index in self.controllers.indices where self.controllers[index].expire(at: now) {
      effects.append(.record(.controllerLost(index)))
    }
    for region in self.peers.expire(at: now) { effects.append(.record(.peerLost(region))) }
    self.sequence += 1
    let (reports, complete) = self.reports(at: now, &effects)
    return Heartbeat(
      region: self.region, boot: self.boot, sequence: self.sequence,
      // Without a revision, nothing is said of the services that are not listed.
      assignment: complete ? self.revision : 0,
      leaving: leaving, services: reports,
      sessions: self.controllers.compactMap(\.session), peers: self.peers.reports(at: now))
  }

  private func reports(
    at now: Instant, _ effects: inout [AgentEffect]
  ) -> (reports: [ServiceReport], complete: Bool) {
    var reports: [ServiceReport] = []
    for service in self.services where service.told != .up || service.assigned.mode == .heartbeat {
      reports.append(service.report(at: now))
    }
    guard reports.count > AgentLimits.reports else { return (reports, true) }
    effects.append(.record(.reportsCut(from: reports.count)))
    let urgent = reports.filter { if case .down = $0.state { true } else { false } }
    return (Array((urgent + reports.filter { $0.state == .up }).prefix(AgentLimits.reports)), false)
  }

  mutating func receive(
    _ reply: HeartbeatReply, from controller: Int, at now: Instant, _ effects: inout [AgentEffect]
  ) {
    guard reply.region == self.region, self.controllers.indices.contains(controller) else { return }
    switch self.controllers[controller].received(reply, boot: self.boot, sent: self.sequence, at: now) {
    case .ignore: return
    case .known: break
    case .newSession:
      // It counts no heartbeat that does not name its session: it need not wait for the next.
      self.announce = true
      effects.append(.record(.controllerHeard(controller, session: reply.session)))
    }
    if reply.bootFloor >= self.boot, reply.bootFloor < .max { self.raiseBoot(above: reply.bootFloor, &effects) }
    // Controllers that were not told the same at the same moment differ for a while: only the first that is there is
    // followed, so that the agent does not go to and fro between two.
    guard reply.assignment != 0, reply.assignment != self.revision,
      controller == self.controllers.firstIndex(where: { $0.isPresent(at: now) }),
      self.fetch.begin(at: now)
    else { return }
    effects.append(.fetchAssignment(controller: controller))
  }

  private mutating func raiseBoot(above floor: UInt64, _ effects: inout [AgentEffect]) {
    self.boot = floor + 1
    self.sequence = 0
    for index in self.controllers.indices { self.controllers[index].bootChanged() }
    self.announce = true
    effects.append(.record(.bootRaised(to: self.boot)))
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

extension AgentState {
  /// Works by another assignment from now on. What is known of a member whose check stays the same is kept.
  mutating func take(
    _ assignment: Assignment, revision: UInt64, controller: Int?, at now: Instant, _ effects: inout [AgentEffect]
  ) {
    let known = Dictionary(self.services.map { ($0.assigned.name, $0) }, uniquingKeysWith: { first, _ in first })
    self.assignment = assignment
    self.revision = revision
    let checks = assignment.services.reduce(0) { $0 + $1.members.count }
    let within = max(
      AgentLimits.firstChecksWithin, .seconds(1) * checks / AgentLimits.firstChecksPerSecond)
    // A service without targets has no number on the wire; no controller makes one.
    self.services = assignment.services.filter { !$0.targets.isEmpty }.map { service in
      let old = known[service.name]
      return self.health(of: service, known: old?.assigned.checksLike(service) == true ? old : nil, within, at: now)
    }
    self.reschedule()
    self.peers.watch(assignment.peers)
    self.nat.inputsChanged(at: now)
    self.nat.adopt(self.makePlan(for: assignment))
    self.releaseNATHold()
    self.reviewServices(at: now, &effects)
    // What follows lists everything.
    self.news = []
    self.load.start(every: assignment.loadInterval, at: now)
    self.nextHeartbeat = min(self.nextHeartbeat ?? now, now + self.heartbeatInterval)
    self.reviewRole(at: now, &effects)
    self.announce(at: now)
    effects.append(.listen(assignment.peers))
    effects.append(
      .record(.assignmentTaken(revision: revision, services: self.services.count, controller: controller)))
  }

  /// T_h.
  var heartbeatInterval: Duration {
    clamp(
      self.assignment?.heartbeatInterval ?? AgentLimits.defaultHeartbeatInterval, to: AgentLimits.intervals)
  }

  private mutating func health(
    of service: AssignedService, known: ServiceHealth?, _ within: Duration, at now: Instant
  ) -> ServiceHealth {
    let spread = min(service.checkInterval(heartbeatInterval: self.heartbeatInterval), within)
    var members: [MemberHealth] = []
    for address in service.members where !members.contains(where: { $0.address == address }) {
      members.append(
        known?.members.first { $0.address == address }
          ?? MemberHealth(address: address, nextStart: now + self.random.duration(below: spread)))
    }
    return ServiceHealth(service, members: members, known: known)
  }

  /// Finds every member's place again after the lists changed.
  private mutating func reschedule() {
    self.schedule = DeadlineQueue()
    self.running = [:]
    for (service, health) in self.services.enumerated() {
      for (index, member) in health.members.enumerated() {
        let slot = MemberSlot(service: service, member: index)
        if let check = member.running {
          self.running[check.id] = slot
        } else {
          self.schedule.add(slot, at: member.nextStart)
        }
      }
    }
  }

  /// The rules follow from the assignment, the members' state and the interfaces.
  func makePlan(for assignment: Assignment) -> NATPlan {
    NATPlan(gateways: assignment.gateways, services: self.services, attachments: self.attachments)
  }
}

extension AssignedService {
  /// A verdict on a member for the one holds for the other.
  fileprivate func checksLike(_ other: AssignedService) -> Bool {
    self.check == other.check && self.mode == other.mode
      && (self.check.port != nil || self.targets.first?.memberPort == other.targets.first?.memberPort)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

extension AgentState {
  mutating func startChecks(at now: Instant, _ effects: inout [AgentEffect]) {
    while let slot = self.schedule.takeDue(at: now) {
      let id = CheckID(number: self.nextCheck)
      self.nextCheck += 1
      self.running[id] = slot
      self.services[slot.service].members[slot.member].running = MemberHealth.Running(id: id, startedAt: now)
      effects.append(.startCheck(self.services[slot.service].request(id, member: slot.member)))
    }
  }

  mutating func finish(_ id: CheckID, _ outcome: ProbeOutcome, at now: Instant, _ effects: inout [AgentEffect]) {
    self.noteWhetherMade(outcome, &effects)
    // A check of a member that the assignment has no longer.
    guard let slot = self.running.removeValue(forKey: id) else { return }
    var service = self.services[slot.service]
    guard let startedAt = service.members[slot.member].running?.startedAt else { return }
    let (before, servedBefore) = (service.members[slot.member].state, service.serving)
    service.record(outcome, member: slot.member, startedAt: startedAt)
    let interval = service.assigned.checkInterval(heartbeatInterval: self.heartbeatInterval)
    // First checks come close together, to know soon. From the second on they are spread over the interval.
    let isFirst = !service.members[slot.member].hasRhythm && interval > AgentLimits.firstChecksWithin
    let wait = isFirst ? self.random.duration(below: interval) : interval
    service.members[slot.member].hasRhythm = true
    service.members[slot.member].running = nil
    service.members[slot.member].nextStart = max(now, startedAt + wait)
    self.schedule.add(slot, at: service.members[slot.member].nextStart)

    let member = service.members[slot.member]
    self.services[slot.service] = service
    guard member.state != before else { return }
    effects.append(.record(.memberChanged(service.assigned.name, member.address, member.state)))
    self.review(slot.service, at: now, &effects)
    if service.serving != servedBefore { self.nat.inputsChanged(at: now) }
    self.releaseNATHold()
  }

  /// Says once that this machine cannot check, and once that it can again.
  private mutating func noteWhetherMade(_ outcome: ProbeOutcome, _ effects: inout [AgentEffect]) {
    switch outcome {
    case .notMade(let reason) where self.canCheck:
      self.canCheck = false
      effects.append(.record(.checksNotMade(reason: reason)))
    case .success, .failure:
      if !self.canCheck { effects.append(.record(.checksMadeAgain)) }
      self.canCheck = true
    case .notMade: break
    }
  }

  mutating func applyNAT(at now: Instant, _ effects: inout [AgentEffect]) {
    guard let assignment, self.nat.isDue(at: now) else { return }
    let plan = self.makePlan(for: assignment)
    self.nat.begin(plan)
    effects.append(.applyNAT(plan))
  }

  /// Rules of the last run need not wait any longer once every member had a verdict.
  mutating func releaseNATHold() {
    guard self.nat.isHolding else { return }
    if self.services.allSatisfy({ $0.members.allSatisfy { $0.state != .unknown } }) { self.nat.decided() }
  }

  /// What is told of a service: nothing before the rules are in place that its traffic needs, and that nobody can
  /// reach it once it is known that they are not. Without members there are no rules to wait for.
  func state(of service: ServiceHealth) -> ServiceReport.State {
    if service.members.isEmpty || self.nat.forwards(service.assigned.wireNumber) { return service.state }
    return self.nat.isBroken ? .down(.unreachable) : .unknown
  }
}

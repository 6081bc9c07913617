// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceModel

/// One service of this region: what is asked, and how its members are.
struct ServiceHealth: Sendable, Equatable {
  let assigned: AssignedService
  /// In the order of the assignment.
  var members: [MemberHealth]
  /// When the last check that succeeded on any member started.
  private(set) var lastGood: Instant?
  /// The state that the last heartbeat told.
  var told: ServiceReport.State

  init(_ assigned: AssignedService, members: [MemberHealth], known: ServiceHealth?) {
    self.assigned = assigned
    self.members = members
    self.lastGood = known?.lastGood
    self.told = known?.told ?? .unknown
  }

  /// Up if any member is. Not known before every member had a verdict, unless one is up.
  ///
  /// A service without members is down: nobody answers.
  var state: ServiceReport.State {
    var down: CheckFailure?
    for member in self.members {
      switch member.state {
      case .up: return .up
      case .unknown: break
      case .down(let failure):
        // Connections are spared only if all members still answer.
        if down == nil || !failure.spareConnections { down = failure }
      }
    }
    if self.members.contains(where: { $0.state == .unknown }) { return .unknown }
    return .down(down ?? .unreachable)
  }

  /// Those to which new connections go: all that are not known to be down; if there is none, all, so that a
  /// connection gets a member's own answer.
  var serving: [IPAddress] {
    let alive = self.members.filter {
      if case .down = $0.state { false } else { true }
    }
    return (alive.isEmpty ? self.members : alive).map(\.address)
  }

  mutating func record(_ outcome: ProbeOutcome, member: Int, startedAt: Instant) {
    // The thesis's way has no count of its own: the controller counts the heartbeats that say "down".
    let counts = self.assigned.mode == .immediate
    self.members[member].record(
      outcome, fall: counts ? max(self.assigned.check.fall, 1) : 1, rise: counts ? max(self.assigned.check.rise, 1) : 1)
    if outcome == .success { self.lastGood = max(self.lastGood ?? startedAt, startedAt) }
  }

  func report(at now: Instant) -> ServiceReport {
    ServiceReport(target: self.assigned.wireNumber, state: self.told, lastGoodAge: self.lastGood.map { now - $0 })
  }

  func request(_ id: CheckID, member: Int) -> CheckRequest {
    let check = self.assigned.check
    return CheckRequest(
      id: id,
      endpoint: SocketEndpoint(self.members[member].address, check.port ?? self.assigned.targets[0].memberPort),
      method: check.method, timeout: clamp(check.timeout, to: AgentLimits.timeouts))
  }
}

extension AssignedService {
  /// From the start of one check of a member to the start of the next. In the thesis's way not longer than T_h, so
  /// that every heartbeat has something new to say.
  func checkInterval(heartbeatInterval: Duration) -> Duration {
    let interval = clamp(self.check.interval, to: AgentLimits.intervals)
    return self.mode == .heartbeat ? min(interval, heartbeatInterval) : interval
  }
}

func clamp(_ value: Duration, to range: ClosedRange<Duration>) -> Duration {
  min(max(value, range.lowerBound), range.upperBound)
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FailureDetection
import ServiceModel

extension ControlState {
  /// The earliest moment at which something is to be done or noticed though nothing happens.
  func findDeadline(after now: Instant) -> Instant? {
    var moments: [Instant?] = [
      self.services.nextDeadline, self.massFailure.deadline(self.intent.detection.massFailure),
      self.sightDeadline,
      self.nextGroupDeadline(after: now),
    ]
    for state in self.switches.values {
      moments.append(self.nextDeadline(of: state, after: now))
      guard state.isWritable, state.wasFound else { continue }
      if state.mustSteer || self.repairs[state.config.name]?.isBlocked == false { moments.append(now) }
    }
    for (region, agent) in self.agents { moments.append(agent.deadline(self.detection(of: region))) }
    moments += self.balances.values.map { $0.nextUpdate }
    moments += self.full.map { self.loads[$0].map { $0.at + GatewayLoad.lifetime + .nanoseconds(1) } }
    if self.mayLead {
      for drain in self.drains.values where !drain.isExpired { moments.append(drain.deadline) }
    }
    return moments.lazy.compactMap { $0 }.min()
  }

  private func nextDeadline(of state: SwitchState, after now: Instant) -> Instant? {
    guard let connection = state.connection else { return nil }
    var moments: [Instant?] = state.isConfirmed ? [state.cutsAt, state.lateCuts.first?.at] : []
    switch connection.phase {
    case .following: break
    case .reading(_, let again), .trying(_, let again), .auditing(_, let again), .claiming(_, let again):
      moments.append(again)
    case .changing: moments.append(connection.givesUpAt)
    case .settled: moments.append(connection.nextAudit)
    }
    moments.append(state.slowStarts.nextStep)
    let detection = self.intent.detection
    if detection.probe != .none, state.isProbing { moments.append(connection.hearing.nextProbe) }
    if detection.probe != .none, state.asksPaths(at: now, detection) {
      moments += state.paths.values.map { $0.port == nil ? nil : $0.schedule.nextProbe }
    }
    if state.isHeard(at: now, detection) {
      var verdicts = [state.nextVerdict(interval: detection.heartbeatInterval, self.pathDetection(of:))]
      for (region, path) in state.paths where !path.detector.isWell {
        verdicts.append(path.detector.deadline(self.pathDetection(of: region)))
      }
      // None falls while the switch is late; when it is not any more, that is an event.
      let late = connection.hearing.lateFrom(detection) ?? Instant(nanoseconds: .max)
      moments += verdicts.filter { $0.map { $0 < late } ?? false }
    }
    return moments.lazy.compactMap { $0 }.min()
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FailureDetection
import FlowPipeline
package import ServiceModel

/// The whole controller but for its hands: events in, effects out, nothing else.
///
///     Event ─▶ detectors ─▶ steer ─▶ compile ─▶ difference ─▶ Effect
///
/// `step` is synchronous, hence atomic, and reads neither clock nor randomness of its own: the same events at the
/// same times give the same effects.
package struct ControlState: Sendable, Equatable {
  var intent = Intent.empty
  var numbering = Numbering(.empty)
  var assignments: [RegionName: UInt64] = [:]
  /// One for each switch of the intent.
  var switches: [SwitchName: SwitchState] = [:]
  /// Connected, but not in the intent.
  var strangers: [DatapathID: ConnectedSwitch] = [:]
  var agents: [RegionName: AgentDetector] = [:]
  var services: [ServiceRegion: ServiceDetector] = [:]
  /// Of `services`: those that are not simply serving.
  var unsettled: Set<ServiceRegion> = []
  /// How heartbeats name the services of a region.
  var wireNumbers: [RegionName: [UInt16: ServiceRegion]] = [:]
  var modes: [ServiceName: Detection.Mode] = [:]
  /// Of `services`: when silence alone changes a state.
  var serviceDeadlines: [ServiceRegion: Instant] = [:]
  /// Services all of whose regions are out, by switch: said once, not at every step.
  var unserved: [SwitchName: Set<ServiceName>] = [:]
  var random: RandomSource
  var tickets: UInt64 = 0
  private var latest: Instant

  /// One service in one region.
  struct ServiceRegion: Sendable, Hashable, Comparable {
    var service: ServiceName
    var region: RegionName

    static func < (a: Self, b: Self) -> Bool { (a.service, a.region) < (b.service, b.region) }
  }

  /// - Parameter seed: makes probes' nonces hard to guess.
  package init(seed: UInt64, at now: Instant) {
    self.random = RandomSource(seed: seed)
    self.latest = now
  }

  /// What follows from `event`, in the order in which it shall be done.
  ///
  /// - Precondition: time does not go backwards.
  package mutating func step(_ event: Event, at now: Instant) -> [Effect] {
    precondition(now >= self.latest, "time went backwards: \(self.latest), then \(now)")
    self.latest = now
    var effects: [Effect] = []
    self.excuseOversleep(at: now)
    self.absorb(event, at: now, &effects)
    self.advance(to: now, &effects)
    for name in self.intent.switches.map(\.name) {
      self.program(name, at: now, &effects)
      self.probe(name, at: now, &effects)
    }
    return effects
  }

  /// When `step` wants to be called with `.deadline`, if nothing else happens before.
  package var nextDeadline: Instant? {
    var next: Instant?
    func consider(_ instant: Instant?) {
      guard let instant else { return }
      next = min(next ?? instant, instant)
    }
    let detection = self.intent.detection
    for state in self.switches.values {
      guard let connection = state.connection else { continue }
      switch connection.phase {
      case .refused(let retry): consider(retry)
      case .reading(_, let again, _), .auditing(_, let again): consider(again)
      case .settled: consider(connection.nextAudit)
      case .changing: break
      }
      consider(state.lateCuts?.at)
      guard state.isProbing else { continue }
      for path in state.paths.values {
        if detection.probe != .none, path.port != nil { consider(path.schedule.nextProbe) }
        consider(path.detector.deadline(detection))
      }
    }
    for agent in self.agents.values { consider(agent.deadline(detection)) }
    for instant in self.serviceDeadlines.values { consider(instant) }
    return next
  }

  mutating func ticket() -> UInt64 {
    self.tickets += 1
    return self.tickets
  }

  private mutating func absorb(_ event: Event, at now: Instant, _ effects: inout [Effect]) {
    switch event {
    case .configured(let intent, let assignments): self.configure(intent, assignments, at: now, &effects)
    case .switchConnected(let id, let found): self.connected(id, found, at: now, &effects)
    case .switchDisconnected(let id, let reason): self.disconnected(id, reason, &effects)
    case .switchRead(let id, let ticket, let readBack): self.read(id, ticket, readBack, at: now, &effects)
    case .switchConfirmed(let id, let ticket): self.confirmed(id, ticket, at: now, &effects)
    case .switchRefused(let id, let refusal): self.refused(id, refusal, at: now, &effects)
    case .portChanged(let id, let status): self.portChanged(id, status, at: now, &effects)
    case .packetArrived(let id, let packet): self.arrived(packet, on: id, at: now, &effects)
    case .flowRemoved(let id, let removed): self.removed(removed, on: id, at: now)
    case .heartbeat(let heartbeat): self.heard(heartbeat, at: now, &effects)
    case .failback(let service): self.failback(service, &effects)
    case .deadline: break
    }
  }

  /// The configured switch with this datapath id.
  func name(of id: DatapathID) -> SwitchName? {
    self.intent.switches.first { $0.datapath == id }?.name
  }
}

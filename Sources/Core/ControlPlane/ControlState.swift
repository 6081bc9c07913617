// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FailureDetection
import FlowPipeline
package import ServiceModel
import StaticEntries
import Steering

/// The whole controller but for its hands: events in, effects out, nothing else.
///
///     Event ─▶ detectors ─▶ steer ─▶ compile ─▶ difference ─▶ Effect
///
/// `step` is synchronous, hence atomic, and reads neither clock nor randomness of its own: the same events at the
/// same times give the same effects.
package struct ControlState: Sendable, Equatable {
  var intent = Intent.empty
  var numbering = Numbering(.empty)
  var catalogue = Catalogue(.empty, numbering: Numbering(.empty))
  var assignments: [RegionName: UInt64] = [:]
  /// One for each switch of the intent.
  var switches: [SwitchName: SwitchState] = [:]
  /// Comparisons under way of what switches hold with what they should hold.
  package internal(set) var repairs: [SwitchName: Repair] = [:]
  /// Connected, but not in the intent.
  var strangers: [DatapathID: ConnectedSwitch] = [:]
  var agents: [RegionName: RegionAgents] = [:]
  var services = ServiceDetectors()
  var massFailure = MassFailureDetector()
  /// Of services that failed since it is too much to be true: steered as if they had not.
  var held: Set<ServiceRegion> = []
  /// Services all of whose regions are out, by switch: said once, not at every step.
  var unserved: [SwitchName: Set<ServiceName>] = [:]
  /// The longest that a region's agent may be silent by the configurations that it acts by or was given since.
  var patience: [RegionName: Duration] = [:]
  /// Regions that are taken out of service.
  var drains: [RegionName: Drain] = [:]
  /// All drains that are ordered are known; else those count that a switch remembers.
  var knowsDrains = false
  /// In the placement `reactive`: which region each connection has.
  var desks: [SwitchName: ConnectionDesk] = [:]
  var listeners = ListenerIndex(.empty, Numbering(.empty))
  /// What gateways said last of what they carry.
  var loads: [RegionName: RegionLoad] = [:]
  /// Regions that carry as much as they may.
  var full: Set<RegionName> = []
  /// Of services whose policy follows the load.
  var balances: [ServiceName: BalanceState] = [:]
  /// Who forwards, of each group of switches of which only one does.
  var actives: [SwitchGroupName: ActiveSwitch] = [:]
  /// What operators wrote to switches beside all services.
  var entries = EntryDesk()
  /// When who forwards from now on is opened, though others have not confirmed that they are closed.
  var openings: [SwitchGroupName: Instant] = [:]
  package internal(set) var leadership = Leadership.alone
  /// Since when it leads and sees no switch, and when it gave its leadership up for that last.
  var blindSince: Instant?
  var yieldedAt: Instant?
  let pace: ProgrammingPace
  var nonces: NonceSource
  var tickets: UInt64 = 0
  /// When `step` wants to be called with `.deadline`, if nothing else happens before.
  package private(set) var nextDeadline: Instant?
  private var latest: Instant

  /// One service in one region.
  struct ServiceRegion: Sendable, Hashable, Comparable {
    var service: ServiceName
    var region: RegionName

    static func < (a: Self, b: Self) -> Bool { (a.service, a.region) < (b.service, b.region) }
  }

  /// - Parameters:
  ///   - seed: makes probes' nonces hard to guess.
  ///   - leadership: following, where there are several controllers, until one of them is elected.
  package init(
    seed: UInt64, pace: ProgrammingPace = ProgrammingPace(), leadership: Leadership = .alone, at now: Instant
  ) {
    self.leadership = leadership
    self.pace = pace
    self.nonces = NonceSource(seed: seed)
    self.latest = now
  }

  /// What follows from `event`, in the order in which it shall be done.
  ///
  /// - Precondition: time does not go backwards.
  package mutating func step(_ event: Event, at now: Instant) -> [Effect] {
    precondition(now >= self.latest, "time went backwards: \(self.latest), then \(now)")
    self.latest = now
    var effects: [Effect] = []
    let isDue = self.nextDeadline.map { $0 <= now } ?? false
    if isDue { self.excuseOversleep(at: now) }
    guard self.absorb(event, at: now, &effects) || isDue && self.hasWork(at: now) else { return effects }
    self.advance(to: now, &effects)
    self.watchGroups(at: now, &effects)
    for name in self.intent.switches.map(\.name) {
      self.program(name, at: now, &effects)
      self.announce(name, at: now, &effects)
      self.probe(name, at: now, &effects)
    }
    self.nextDeadline = self.findDeadline(after: now)
    return effects
  }

  /// What was due may have been put off meanwhile, by answers and heartbeats that came in time. They do not say so
  /// themselves: there are many of them.
  private mutating func hasWork(at now: Instant) -> Bool {
    // Of groups of switches it is not known what was due, only what will be.
    guard self.actives.isEmpty else { return true }
    self.nextDeadline = self.findDeadline(after: now)
    return self.nextDeadline.map { $0 <= now } ?? false
  }

  /// - Returns: false if nothing follows from the event but that something else is due later than before.
  private mutating func absorb(_ event: Event, at now: Instant, _ effects: inout [Effect]) -> Bool {
    switch event {
    case .configured(let intent, let assignments): self.configure(intent, assignments, at: now, &effects)
    case .switchConnected(let id, let found): self.connected(id, found, at: now, &effects)
    case .switchDisconnected(let id, let reason): self.disconnected(id, reason, &effects)
    case .switchRead(let id, let ticket, let readBack): self.read(id, ticket, readBack, at: now, &effects)
    case .switchConfirmed(let id, let ticket):
      if self.entries.confirmed(ticket, &effects) { return false }
      self.confirmed(id, ticket, at: now, &effects)
    case .switchRefused(let id, let refusal):
      if self.refusedEntry(id, refusal, &effects) { return false }
      self.refused(id, refusal, at: now, &effects)
    case .portChanged(let id, let status): self.portChanged(id, status, at: now, &effects)
    case .packetArrived(let id, let packet): return self.arrived(packet, on: id, at: now, &effects)
    case .flowRemoved(let id, let removed): return self.removed(removed, on: id, at: now, &effects)
    case .heartbeat(let heartbeat): return self.heard(heartbeat, at: now, &effects)
    case .failback(let service): self.failback(service, &effects)
    case .drain(let region, let deadline, let isForced):
      self.drain(region, deadline: deadline, isForced: isForced, at: now, &effects)
    case .undrain(let region): self.undrain(region, &effects)
    case .drains(let orders): self.drain(by: orders, at: now, &effects)
    case .leadership(let leadership): self.lead(leadership, at: now, &effects)
    case .roleAnswered(let id, let ticket, let answer): self.answered(id, ticket, answer, at: now, &effects)
    case .roleLost(let id, let epoch): self.lostRole(on: id, to: epoch, at: now, &effects)
    case .entries(let change, let isLenient, let order):
      return self.take(change, isLenient: isLenient, order: order, &effects)
    case .storedEntries(let change, let isAll): return self.adopt(change, isAll: isAll, at: now, &effects)
    case .changeUnanswered(let id, let ticket): return self.unanswered(id, ticket, &effects)
    case .releaseHeld: if self.massFailure.believe() { self.releaseHeld(&effects) }
    case .deadline: return false
    }
    return true
  }

  /// The configured switch with this datapath id.
  func name(of id: DatapathID) -> SwitchName? {
    self.intent.switches.first { $0.datapath == id }?.name
  }
}

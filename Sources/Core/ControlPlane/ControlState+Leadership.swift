// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FailureDetection
import ServiceModel

extension ControlState {
  /// Until a switch is asked again that has not said whether this controller may write.
  private static let claimTimeout = Duration.seconds(2)

  /// This controller decides, and may tell switches what to do.
  package var mayLead: Bool { if case .following = self.leadership { false } else { true } }

  mutating func lead(_ leadership: Leadership, at now: Instant, _ effects: inout [Effect]) {
    guard leadership != self.leadership else { return }
    let wasLeading = self.mayLead
    self.leadership = leadership
    switch leadership {
    case .alone: break
    case .following(let epoch): effects.append(.record(.follows(epoch: epoch)))
    case .leading(let epoch): effects.append(.record(.leads(epoch: epoch)))
    }
    if wasLeading, !self.mayLead, !self.knowsDrains { self.drains = [:] }
    self.forgetActives()
    for name in self.intent.switches.map(\.name) where self.switches[name]?.connection != nil {
      self.join(name, at: now, &effects)
    }
  }

  /// Begins with a switch that is connected, in the role that this controller has.
  mutating func join(_ name: SwitchName, at now: Instant, _ effects: inout [Effect]) {
    guard let id = self.switches[name]?.config.datapath else { return }
    switch self.leadership {
    case .alone: self.startReading(name, at: now, &effects)
    case .following(let epoch):
      self.leave(name, at: now, &effects)
      if let epoch { effects.append(.follow(id, ticket: self.ticket(for: name), epoch: epoch)) }
    case .leading(let epoch):
      let ticket = self.ticket(for: name)
      self.switches[name]?.connection?.phase = .claiming(ticket: ticket, again: now + Self.claimTimeout)
      effects.append(.claim(id, ticket: ticket, epoch: epoch))
    }
  }

  /// Another controller writes to this switch now: what was known of its tables is no longer true, and is read again by
  /// whoever leads next.
  private mutating func leave(_ name: SwitchName, at now: Instant, _ effects: inout [Effect]) {
    guard let known = self.switches[name] else { return }
    self.entries.lost(known.config.datapath, &effects)
    var state = SwitchState(known.config, at: now)
    state.connection = known.connection
    state.connection?.phase = .following
    state.said = known.said
    state.stance = known.stance
    state.stance.holding = nil
    for (region, path) in known.paths {
      state.paths[region]?.port = path.port
      state.paths[region]?.mac = path.mac
      state.paths[region]?.detector.port(
        isUp: known.connection?.isPortUp(path.port) ?? true, at: now, self.intent.detection)
    }
    self.switches[name] = state
    self.repairs[name] = nil
    self.unserved[name] = nil
    self.desks[name] = nil
  }

  mutating func answered(
    _ id: DatapathID, _ ticket: UInt64, _ answer: RoleAnswer, at now: Instant, _ effects: inout [Effect]
  ) {
    guard let name = self.name(of: id), case .claiming(ticket, _) = self.switches[name]?.connection?.phase else {
      return
    }
    switch answer {
    case .granted: self.startReading(name, at: now, &effects)
    case .unanswered: self.switches[name]?.connection?.phase = .claiming(ticket: 0, again: now + Self.claimTimeout)
    case .stale:
      self.leave(name, at: now, &effects)
      effects.append(.record(.switchLedByOther(name)))
    }
  }

  /// The switch has made another controller its master, which only a later leader can ask for.
  ///
  /// - Parameter epoch: of that one, the switch says. News of an earlier one were late: this controller has asked since.
  mutating func lostRole(on id: DatapathID, to epoch: UInt64?, at now: Instant, _ effects: inout [Effect]) {
    guard case .leading(let own) = self.leadership, Int64(bitPattern: (epoch ?? own) &- own) >= 0,
      let name = self.name(of: id),
      let phase = self.switches[name]?.connection?.phase, phase != .following
    else { return }
    self.leave(name, at: now, &effects)
    effects.append(.record(.switchLedByOther(name)))
  }
}

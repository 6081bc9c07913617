// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FailureDetection
import FlowPipeline
import OpenFlow
import Reconciliation
import ServiceModel
import Steering

extension ControlState {
  /// Between two comparisons of what a switch holds with what it should hold.
  static let auditInterval = Duration.seconds(30)
  /// How long a switch may take to tell what it holds: 100,000 flows take a few seconds.
  static let readTimeout = Duration.seconds(30)

  mutating func connected(_ id: DatapathID, _ found: ConnectedSwitch, at now: Instant, _ effects: inout [Effect]) {
    guard let name = self.name(of: id) else {
      self.strangers[id] = found
      effects.append(.record(.unknownSwitchConnected(id)))
      return
    }
    let foreign = self.switches[name]?.config.southbound
    self.switches[name]?.connection = SwitchState.Connection(
      description: found.description, version: found.version, ports: found.ports, phase: .settled,
      nextAudit: now + Self.auditInterval, hearing: HearingDetector(at: now),
      offers: foreign == nil ? SwitchState.Offers() : .driven)
    self.switches[name]?.stance.holding = nil
    self.switches[name]?.stance.closing = nil
    self.join(name, at: now, &effects)
    effects.append(
      .record(.switchConnected(name, version: "OpenFlow \(found.version)", ports: found.ports.count)))
    if let foreign {
      effects.append(.record(.switchDriven(name, by: foreign.kind.title, at: foreign.url)))
    }
    self.resolvePorts(of: name, at: now, &effects)
    // Which ports are gateways' is known only now.
    self.reviewEntries(&effects)
  }

  mutating func disconnected(_ id: DatapathID, _ reason: String, _ effects: inout [Effect]) {
    self.strangers[id] = nil
    guard let name = self.name(of: id), self.switches[name]?.connection != nil else { return }
    self.switches[name]?.connection = nil
    self.repairs[name] = nil
    self.entries.lost(id, &effects)
    effects.append(.record(.switchDisconnected(name, reason: reason)))
  }

  /// Finds the gateways' ports among those that the switch has.
  mutating func resolvePorts(of name: SwitchName, at now: Instant, _ effects: inout [Effect]) {
    self.entries.claims = nil
    guard let state = self.switches[name], let ports = state.connection?.ports else { return }
    for gateway in state.config.gateways {
      let port = gateway.port.resolve(among: ports)
      if port == nil {
        effects.append(
          .record(
            .portMissing(
              name, gateway.region, port: gateway.port,
              available: ports.filter(\.isOrdinary).map { "\($0.number) (\($0.name))" })))
      }
      // A port that is gone keeps its number: it is down, and the tables stay as they are until it returns.
      if let port, self.switches[name]?.paths[gateway.region]?.port != port.number {
        self.switches[name]?.paths[gateway.region]?.port = port.number
        self.switches[name]?.needsSteering = true
      }
      let detection = self.intent.detection
      self.updatePath(name, gateway.region, at: now, &effects) {
        $0.detector.port(isUp: port?.isUp ?? false, at: now, detection)
      }
    }
  }

  mutating func portChanged(_ id: DatapathID, _ status: PortStatus, at now: Instant, _ effects: inout [Effect]) {
    guard let name = self.name(of: id), var connection = self.switches[name]?.connection else { return }
    let wasUp = connection.ports.first { $0.number == status.port.number }?.isUp ?? false
    connection.ports.removeAll { $0.number == status.port.number }
    if status.reason != .delete {
      connection.ports.append(status.port)
      connection.ports.sort { $0.number.rawValue < $1.number.rawValue }
    }
    self.switches[name]?.connection = connection
    self.resolvePorts(of: name, at: now, &effects)
    guard !wasUp, status.port.isUp, status.reason != .delete, let state = self.switches[name] else { return }
    for gateway in state.config.gateways where state.paths[gateway.region]?.port == status.port.number {
      effects.append(.record(.portChanged(name, gateway.region, isUp: true)))
    }
  }

  /// The tables as the switch has them. The first time since the start they tell what was decided before it.
  mutating func read(
    _ id: DatapathID, _ ticket: UInt64, _ readBack: ReadBack, at now: Instant, _ effects: inout [Effect]
  ) {
    var readBack = readBack
    readBack.claim(self.entries.takeGroups(of: id))
    guard let name = self.name(of: id), var state = self.switches[name] else { return }
    switch state.connection?.phase {
    case .reading(ticket, _):
      state.connection?.hearing = HearingDetector(at: now)
      state.restartProbes(at: now)
    case .auditing(ticket, _): break
    default: return
    }
    let isFirst = !state.wasFound
    let found = FoundPlan(in: readBack.record, intent: self.intent, numbering: self.numbering)
    state.connection?.phase = .settled
    state.connection?.offers.groups = readBack.groupFeatures?.offersDivision ?? false
    if state.readsMeters {
      state.connection?.offers.meters = (readBack.maximumMeters ?? 0) >= TableLayout.meter.rawValue
    }
    if state.config.placement == .reactive {
      if case .reading = self.switches[name]?.connection?.phase { self.found(readBack.connections, on: name) }
    }
    if found.tracksConnections { state.connection?.offers.conntrack = true }
    if let answers = readBack.record.answersQuestions { state.connection?.offers.answers = answers }
    let isJoining = state.stance.holding == nil && !state.stance.peers.isEmpty
    if isJoining {
      state.stance.holding = readBack.record.isGated ? .closed : readBack.held.flowCount == 0 ? .nothing : .open
    }
    self.switches[name] = state
    if isJoining { self.announceBeside(name, at: now) }
    if state.mustTry { return self.tryConntrack(name, at: now, &effects) }
    self.reportPlacement(of: state, &effects)
    guard state.placement != nil else { return }
    if isFirst {
      effects.append(
        .record(.switchFound(name, flows: readBack.held.flowCount, groups: readBack.held.groupCount)))
      self.inherit(found, on: name, at: now)
    }
    var repair = Repair(readBack.held, isAudit: !isFirst, pace: self.pace, at: now)
    repair.entries = self.entries.wanted(on: id)
    if let blueprint = self.switches[name]?.blueprint { repair.plan(blueprint) }
    self.repairs[name] = repair
    self.switches[name]?.extent = Extent()
    self.switches[name]?.needsSteering = true
  }

  /// Says how the switch places connections, or that it cannot do what is configured; once.
  private mutating func reportPlacement(of state: SwitchState, _ effects: inout [Effect]) {
    let name = state.config.name
    guard let offers = state.connection?.offers else { return }
    let said = SwitchState.Said(
      placement: state.placement, hasGroups: offers.groups, answersQuestions: offers.answers != false)
    guard said != state.said else { return }
    self.switches[name]?.said = said
    if let placement = state.placement {
      effects.append(.record(.placementChosen(name, placement, hasGroups: offers.groups)))
      if !said.answersQuestions { effects.append(.record(.resolutionByController(name))) }
    } else if let wanted = state.config.placement {
      effects.append(.record(.placementUnavailable(name, wanted, offers: SwitchState.Offers.anyway)))
    }
  }

  /// Goes on from the decisions that the switch remembers.
  private mutating func inherit(_ found: FoundPlan, on name: SwitchName, at now: Instant) {
    guard var state = self.switches[name] else { return }
    state.wasFound = true
    state.plan = found.plan
    for region in found.plan.draining.sorted() where self.drains[region] == nil && !self.knowsDrains {
      self.drains[region] = Drain(since: now, deadline: nil, isForced: false)
    }
    state.addresses = found.addresses
    for gateway in state.config.gateways {
      if gateway.mac == nil { state.paths[gateway.region]?.mac = found.macs[gateway.region] }
      guard found.regions.contains(gateway.region), !found.plan.carrying.contains(gateway.region),
        !found.plan.draining.contains(gateway.region),
        state.paths[gateway.region]?.detector.isWell == true
      else { continue }
      state.paths[gateway.region]?.detector = PathDetector(found: false, at: now)
    }
    state.keeping = state.regionsKeepingConnections(self.intent.detection)
    self.switches[name] = state
    // A deadline that came while nobody could tell this switch.
    for region in self.drains.keys.sorted() where self.drains[region]?.isExpired == true {
      self.cutDrained(region, on: name)
    }
    for steering in found.plan.services {
      for choice in steering.choices where choice.eligibility == .excluded {
        let key = ServiceRegion(service: steering.service, region: choice.region)
        if self.services[key]?.isServing == true, self.agents[choice.region]?.lastHeard == nil {
          self.services.set(key, to: ServiceDetector(found: false, at: now), self.intent.detection)
        }
      }
    }
  }

  mutating func confirmed(_ id: DatapathID, _ ticket: UInt64, at now: Instant, _ effects: inout [Effect]) {
    guard let name = self.name(of: id),
      !self.concludeTrial(name, ticket: ticket, isTaken: true, at: now, &effects)
    else { return }
    self.repairs[name]?.unconfirmed.remove(ticket)
    self.gateWasConfirmed(by: ticket, on: name, at: now)
    guard let connection = self.switches[name]?.connection,
      case .changing(ticket, let count, let began, _) = connection.phase
    else { return }
    self.switches[name]?.connection?.phase = .settled
    guard count > 0, self.repairs[name] == nil, connection.refusals.program != ticket else { return }
    effects.append(.record(.switchProgrammed(name, changes: count, took: now - began)))
  }

  /// What the switch did not take is tried again after a pause, by looking at what it holds. Meanwhile it is steered as
  /// ever, and judged.
  mutating func refused(_ id: DatapathID, _ refusal: Refusal, at now: Instant, _ effects: inout [Effect]) {
    guard let name = self.name(of: id), self.switches[name]?.connection?.phase != .following else { return }
    if refusal.concernsProgram,
      self.concludeTrial(name, ticket: nil, isTaken: false, at: now, &effects)
    {
      return
    }
    let isNew = self.switches[name]?.connection?.refused(refusal, at: now) ?? true
    if isNew { effects.append(.record(.switchRefused(name, error: refusal.error))) }
  }

  /// Somebody took a flow of ours away: look at once, not at the next audit.
  ///
  /// - Returns: false if it was a connection's, which come and go.
  mutating func removed(
    _ removed: FlowRemoved, on id: DatapathID, at now: Instant, _ effects: inout [Effect]
  ) -> Bool {
    guard let name = self.name(of: id) else { return false }
    if EntryCookie.isOurs(removed.cookie) { return self.removedEntry(removed, of: id, name, at: now, &effects) }
    if let connection = ConnectionFlow(cookie: removed.cookie, match: removed.match) {
      self.expired(connection, packets: removed.counters.packetCount, on: name)
      return false
    }
    guard Cookie.isOurs(removed.cookie) else { return false }
    switch self.switches[name]?.connection?.phase {
    // What is being read may have been there still: look again then.
    case .settled, .auditing, .reading: self.switches[name]?.connection?.nextAudit = now
    // While a change is under way this is the echo of our own deleting; the barrier comes behind it.
    case .changing, .trying, .following, .claiming, nil: break
    }
    return true
  }
}

extension SwitchState.Connection {
  /// The tables were read. What had to be mended on a switch that refuses something is looked at again soon.
  ///
  /// - Parameter isRight: they are as they should be.
  mutating func planNextAudit(isRight: Bool, at now: Instant) {
    if isRight { self.refusals.count = 0 }
    // Something was taken away while they were read.
    guard self.nextAudit > now else { return }
    self.nextAudit = now + (self.refusals.count == 0 ? ControlState.auditInterval : self.refusals.pause)
  }

  /// - Returns: whether this is to be said. It was if a message of the same ticket was refused before, of which there
  ///   may be thousands.
  mutating func refused(_ refusal: Refusal, at now: Instant) -> Bool {
    guard refusal.concernsProgram else {
      defer { self.refusals.other = self.ticket }
      return self.refusals.other != self.ticket
    }
    let isNew = self.refusals.program != self.ticket
    self.refusals.program = self.ticket
    self.refusals.error = refusal.error
    if isNew { self.refusals.count += 1 }
    let retry = now + self.refusals.pause
    self.nextAudit = retry
    switch self.phase {
    case .reading(let ticket, let again): self.phase = .reading(ticket: ticket, again: min(again, retry))
    case .auditing(let ticket, let again): self.phase = .auditing(ticket: ticket, again: min(again, retry))
    case .changing, .trying, .following, .claiming, .settled: break
    }
    return isNew
  }
}

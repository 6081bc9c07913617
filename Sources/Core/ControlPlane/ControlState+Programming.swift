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
  /// Steers anew if something changed, and has the switch told what is different, and then what to forget.
  mutating func program(_ name: SwitchName, at now: Instant, _ effects: inout [Effect]) {
    self.change(name, at: now, &effects)
    self.cutConnections(name, at: now, &effects)
  }

  private mutating func change(_ name: SwitchName, at now: Instant, _ effects: inout [Effect]) {
    guard let state = self.switches[name], let connection = state.connection else { return }
    switch connection.phase {
    case .reading(_, let again) where now >= again, .trying(_, let again) where now >= again:
      self.startReading(name, at: now, &effects)
    case .auditing(_, let again) where now >= again: self.startAudit(name, at: now, &effects)
    case .changing where connection.givesUpAt.map { $0 <= now } == true: self.startAudit(name, at: now, &effects)
    case .settled where state.mustTry: self.tryConntrack(name, at: now, &effects)
    case .settled where state.mustReadMeters: self.startReading(name, at: now, &effects)
    case .settled
    where now >= connection.nextAudit
      && (state.placement == nil || !state.needsSteering && !state.needsCompiling):
      self.startAudit(name, at: now, &effects)
    default: break
    }
    guard state.isWritable, state.needsSteering || state.needsCompiling else { return }
    let program = self.aim(name, recompile: state.needsCompiling, at: now, &effects)
    var before = DatapathProgram()
    var after = DatapathProgram()
    for (section, old) in state.program where program[section] != old { before.merge(old) }
    for (section, new) in program where state.program[section] != new { after.merge(new) }
    self.apply(ChangePlan(from: before, to: after), on: name, from: state, at: now, &effects)
  }

  /// Compares the whole program with what the switch holds.
  mutating func reprogram(
    _ name: SwitchName, holding installed: DatapathProgram, isAudit: Bool, at now: Instant, _ effects: inout [Effect]
  ) {
    guard let state = self.switches[name] else { return }
    let program = self.aim(name, recompile: true, at: now, &effects)
    var desired = DatapathProgram()
    for section in program.values { desired.merge(section) }
    let change = ChangePlan(from: installed, to: desired)
    self.switches[name]?.connection?.planNextAudit(isRight: change.isEmpty, at: now)
    if change.isEmpty, !isAudit { effects.append(.record(.switchProgrammed(name, changes: 0, took: .zero))) }
    self.apply(change, on: name, from: state, at: now, &effects)
  }

  /// Makes the plan and the program for it.
  private mutating func aim(
    _ name: SwitchName, recompile: Bool, at now: Instant, _ effects: inout [Effect]
  ) -> [Section: DatapathProgram] {
    guard var state = self.switches[name] else { return [:] }
    let facts = state.facts()
    let health = self.health(for: state)
    let past = self.past(of: state)
    func steered(_ steps: [ServiceName: [RegionName: Int]]) -> SteeringPlan {
      steer(
        self.intent, on: state.config, given: health, draining: self.drainView, full: self.excess,
        shares: self.sharesByLoad, starting: steps, previous: past, slotCounts: facts.slotCounts)
    }
    var plan = steered(state.slowStarts.steps)
    if state.slowStarts.begin(self.intent.services, from: state.plan, to: plan, at: now) {
      plan = steered(state.slowStarts.steps)
    }
    let compiler = Compiler(numbering: self.numbering, facts: facts)
    state.program =
      recompile
      ? compiler.compile(plan, for: self.intent)
      : compiler.recompile(state.program, from: state.plan, to: plan, for: self.intent)
    state.needsSteering = false
    state.needsCompiling = false
    state.failbacks = []
    state.deaths = []
    let before = state.plan
    state.plan = plan
    state.keeping = state.regionsKeepingConnections(self.intent.detection)
    state.addresses = compiler.facts.gateways.mapValues(\.addresses)
    self.switches[name] = state
    self.report(on: name, from: before, to: plan, &effects)
    return state.program
  }

  private func health(for state: SwitchState) -> HealthView {
    let detection = self.intent.detection
    var health = HealthView(paths: [:], members: [:])
    for region in state.config.gateways.map(\.region) { health.paths[region] = state.standing(of: region, detection) }
    for service in self.intent.services {
      var members: [RegionName: Standing] = [:]
      for region in service.regions {
        members[region] = self.services[ServiceRegion(service: service.name, region: region)]?.standing(detection)
      }
      health.members[service.name] = members
    }
    return health
  }

  /// The plan on the switch, without the past of services whose failback was asked for.
  private func past(of state: SwitchState) -> SteeringPlan {
    guard !state.failbacks.isEmpty else { return state.plan }
    var plan = state.plan
    plan.services.removeAll { state.failbacks.contains($0.service) }
    return plan
  }

  private mutating func apply(
    _ change: ChangePlan, on name: SwitchName, from before: SwitchState, at now: Instant, _ effects: inout [Effect]
  ) {
    guard let state = self.switches[name] else { return }
    let cuts = self.deadConnections(from: before, to: state)
    self.switches[name]?.cuts += cuts
    if !change.isEmpty { self.order(change.messages, on: name, at: now, &effects) }
  }

  /// Has a switch do something and confirm it.
  mutating func order(_ messages: [MessageBody], on name: SwitchName, at now: Instant, _ effects: inout [Effect]) {
    guard let state = self.switches[name] else { return }
    let ticket = self.ticket(for: name)
    // An audit under way is void.
    if case .auditing = state.connection?.phase { self.switches[name]?.connection?.nextAudit = now }
    let count = messages.count { if case .conntrackFlush = $0 { false } else { true } }
    self.switches[name]?.connection?.phase = .changing(ticket: ticket, count: count, since: now)
    // Before what is recorded of it: the packets wait for the messages, nobody for the words. But behind what the same
    // step has had changed already.
    let last = effects.lastIndex { if case .change = $0 { true } else { false } }
    effects.insert(.change(state.config.datapath, ticket: ticket, messages), at: last.map { $0 + 1 } ?? 0)
  }

  /// Finds out whether the switch tracks connections, or answers questions by itself: one that does takes such flows. No
  /// packet reaches them, and they are taken away in the same breath.
  mutating func tryConntrack(_ name: SwitchName, at now: Instant, _ effects: inout [Effect]) {
    guard let state = self.switches[name], let trial = state.trial else { return }
    let ticket = self.ticket(for: name)
    self.switches[name]?.connection?.phase = .trying(ticket: ticket, again: now + Self.readTimeout)
    let compiler = Compiler(numbering: self.numbering, facts: state.facts())
    let messages = trial == .conntrack ? Compiler.conntrackTrial : compiler.resolutionTrial
    effects.append(.change(state.config.datapath, ticket: ticket, messages))
  }

  /// - Returns: false if nothing was tried.
  mutating func concludeTrial(
    _ name: SwitchName, ticket: UInt64?, isTaken: Bool, at now: Instant, _ effects: inout [Effect]
  ) -> Bool {
    guard case .trying(let tried, _)? = self.switches[name]?.connection?.phase else { return false }
    guard ticket == nil || ticket == tried else { return true }
    switch self.switches[name]?.trial {
    case .conntrack: self.switches[name]?.connection?.offers.conntrack = isTaken
    case .resolution: self.switches[name]?.connection?.offers.answers = isTaken
    case nil: break
    }
    self.startReading(name, at: now, &effects)
    return true
  }

  mutating func startReading(_ name: SwitchName, at now: Instant, _ effects: inout [Effect]) {
    let isReactive = self.switches[name]?.config.placement == .reactive
    let meters: ReadBack.Scope = self.switches[name]?.readsMeters == true ? [.meters] : []
    self.read(name, meters.union(isReactive ? [.connections] : []), at: now, &effects) {
      .reading(ticket: $0, again: now + Self.readTimeout)
    }
  }

  private mutating func startAudit(_ name: SwitchName, at now: Instant, _ effects: inout [Effect]) {
    self.read(name, self.switches[name]?.readsMeters == true ? [.meters] : [], at: now, &effects) {
      .auditing(ticket: $0, again: now + Self.readTimeout)
    }
  }

  private mutating func read(
    _ name: SwitchName, _ scope: ReadBack.Scope, at now: Instant, _ effects: inout [Effect],
    _ phase: (UInt64) -> SwitchState.Phase
  ) {
    guard let id = self.switches[name]?.config.datapath else { return }
    let ticket = self.ticket(for: name)
    self.switches[name]?.connection?.phase = phase(ticket)
    self.switches[name]?.connection?.nextAudit = now + Self.auditInterval
    effects.append(.read(id, ticket: ticket, scope))
  }

  private mutating func ticket(for name: SwitchName) -> UInt64 {
    self.tickets += 1
    self.switches[name]?.connection?.ticket = self.tickets
    return self.tickets
  }
}

extension Compiler {
  /// Compiles only the sections of regions and services whose part of the plan changed.
  fileprivate func recompile(
    _ program: [Section: DatapathProgram], from before: SteeringPlan, to after: SteeringPlan, for intent: Intent
  ) -> [Section: DatapathProgram] {
    var program = program
    let changed = before.carrying.symmetricDifference(after.carrying)
      .union(before.draining.symmetricDifference(after.draining))
    for region in changed where self.facts.gateways[region] != nil {
      program[.region(region)] = self.region(region, after.use(of: region))
    }
    for (index, service) in intent.services.enumerated() {
      let steering = after.services[index]
      let hasMoved =
        before.carrying != after.carrying && self.facts.division(of: service) != .groups
      if hasMoved || steering != before.services[index] {
        program[.service(service.name)] = self.service(service, steering, carrying: after.carrying)
      }
    }
    return program
  }
}

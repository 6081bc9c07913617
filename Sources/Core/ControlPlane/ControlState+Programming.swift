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
    case .claiming(_, let again) where now >= again: self.join(name, at: now, &effects)
    case .auditing(_, let again) where now >= again: self.startAudit(name, at: now, &effects)
    case .changing where connection.givesUpAt.map { $0 <= now } == true: self.startAudit(name, at: now, &effects)
    case .settled where state.mustTry: self.tryConntrack(name, at: now, &effects)
    case .settled where state.mustReadMeters || state.placement != nil && !state.wasFound:
      self.startReading(name, at: now, &effects)
    case .settled
    where now >= connection.nextAudit && self.repairs[name] == nil
      && (state.placement == nil || !state.mustSteer):
      self.startAudit(name, at: now, &effects)
    default: break
    }
    guard let state = self.switches[name], state.isWritable, state.wasFound else { return }
    var difference = ProgramDifference()
    if let gate = self.turnGate(name) {
      difference.add(from: gate.before.program(.base), to: gate.after.program(.base))
      return self.order(difference.changePlan.messages, on: name, at: now, &effects)
    }
    if self.takeOutLostRegions(name, into: &difference) {
      return self.order(difference.changePlan.messages, on: name, at: now, &effects)
    }
    if state.mustSteer {
      self.revise(name, into: &difference, at: now, &effects)
      let cuts =
        self.switches[name].map {
          self.deadConnections(from: state, to: $0, moved: self.places(of: state))
        } ?? []
      self.switches[name]?.cuts += cuts
    }
    let repair = self.advanceRepair(name, into: &difference)
    if !difference.isEmpty {
      let change = difference.changePlan
      if !change.isEmpty { self.order(change.messages, on: name, at: now, &effects) }
    }
    if let repair { self.conclude(repair, of: name, at: now, &effects) }
  }

  /// A region that is lost costs one message, and if there are thousands of services the switch gets it before anybody
  /// thinks of each of them. They follow at once.
  ///
  /// - Returns: whether there is such a region.
  private mutating func takeOutLostRegions(_ name: SwitchName, into difference: inout ProgramDifference) -> Bool {
    guard let state = self.switches[name], state.needsSteering, let before = state.blueprint,
      before.catalogue == self.catalogue, self.intent.services.count > self.pace.sections,
      before.facts.keepsRegionsInGroups
    else { return false }
    let lost = lostRegions(
      on: state.config, given: self.health(for: state, of: []), draining: self.drainView, previous: before.plan)
    guard !lost.isEmpty, lost.allSatisfy({ self.repairs[name]?.hasDone(.region($0)) != false }) else { return false }
    let after = before.losing(lost)
    for region in lost {
      difference.add(from: before.program(.region(region)), to: after.program(.region(region)))
    }
    self.switches[name]?.blueprint = after
    return true
  }

  /// Makes a new plan, and finds what must be changed for it.
  private mutating func revise(
    _ name: SwitchName, into difference: inout ProgramDifference, at now: Instant, _ effects: inout [Effect]
  ) {
    let before = self.switches[name]?.blueprint
    let moved = self.switches[name].flatMap(self.places(of:))
    guard let after = self.aim(name, at: now, &effects) else { return }
    if after.catalogue != before?.catalogue { self.repairs[name]?.plan(after) }
    guard let before else { return }
    var extent = self.switches[name]?.extent ?? Extent()
    for section in after.sectionsThatMayDiffer(from: before, moved: moved) {
      // What was not compared yet is what the switch was found with, whatever was wanted.
      if self.repairs[name]?.hasDone(section) == false {
        if let settled = self.repairs[name]?.settle(section, of: after, into: &difference) { extent += settled }
      } else {
        let (old, new) = (before.program(section), after.program(section))
        extent -= Extent(old)
        extent += Extent(new)
        difference.add(from: old, to: new)
      }
    }
    self.switches[name]?.extent = extent
  }

  /// - Returns: the repair, if it has compared everything with this step.
  private mutating func advanceRepair(_ name: SwitchName, into difference: inout ProgramDifference) -> Repair? {
    guard let blueprint = self.switches[name]?.blueprint, self.repairs[name]?.isBlocked == false,
      let settled = self.repairs[name]?.advance(blueprint, into: &difference)
    else { return nil }
    self.switches[name]?.extent += settled
    self.repairEntries(name, into: &difference)
    return self.repairs[name]?.isComplete == true ? self.repairs[name] : nil
  }

  /// All was compared.
  private mutating func conclude(
    _ repair: Repair, of name: SwitchName, at now: Instant, _ effects: inout [Effect]
  ) {
    let changes = self.repairs.removeValue(forKey: name)?.changes ?? 0
    self.holdsProgram(name)
    self.switches[name]?.connection?.planNextAudit(isRight: changes == 0, at: now)
    if case .changing = self.switches[name]?.connection?.phase { return }
    if changes > 0 {
      effects.append(.record(.switchProgrammed(name, changes: changes, took: now - repair.since)))
    } else if !repair.isAudit {
      effects.append(.record(.switchProgrammed(name, changes: 0, took: .zero)))
    }
  }

  /// Makes the plan, and the blueprint for it.
  private mutating func aim(_ name: SwitchName, at now: Instant, _ effects: inout [Effect]) -> Blueprint? {
    guard var state = self.switches[name] else { return nil }
    let facts = state.facts()
    let moved = self.places(of: state)
    let health = self.health(for: state, of: moved)
    let past = self.past(of: state)
    func steered(_ steps: [ServiceName: [RegionName: Int]]) -> SteeringPlan {
      steer(
        self.intent, on: state.config, given: health, draining: self.drainView, full: self.excess,
        shares: self.sharesByLoad, starting: steps, previous: past, moved: moved, slotCounts: facts.slotCounts)
    }
    var plan = steered(state.slowStarts.steps)
    if state.slowStarts.begin(self.intent.services, from: state.plan, to: plan, at: now) {
      plan = steered(state.slowStarts.steps)
    }
    let blueprint = Blueprint(self.catalogue, facts: facts, plan: plan)
    state.needsSteering = false
    state.moved = []
    state.failbacks = []
    state.deaths = []
    let before = state.plan
    if before != plan, moved == nil { self.haveStandbysFollow(name) }
    state.plan = plan
    state.blueprint = blueprint
    state.keeping = state.regionsKeepingConnections(self.intent.detection)
    state.addresses = facts.gateways.mapValues(\.addresses)
    self.switches[name] = state
    self.report(on: name, from: before, to: plan, moved: moved, &effects)
    return blueprint
  }

  /// In the intent, of the services of whose members something changed, if nothing else did; nil: of all.
  private func places(of state: SwitchState) -> [Int]? {
    state.needsSteering ? nil : state.moved.compactMap(self.catalogue.index(of:)).sorted()
  }

  /// - Parameter services: whose members are looked at, by their places; nil: of all.
  private func health(for state: SwitchState, of services: [Int]?) -> HealthView {
    let detection = self.intent.detection
    var health = HealthView(paths: [:], members: [:])
    for region in state.config.gateways.map(\.region) { health.paths[region] = state.standing(of: region, detection) }
    func look(at service: Service) {
      var members: [RegionName: Standing] = [:]
      for region in service.regions {
        let key = ServiceRegion(service: service.name, region: region)
        members[region] = self.held.contains(key) ? .well : self.services[key]?.standing(detection)
      }
      health.members[service.name] = members
    }
    guard let services else {
      health.members.reserveCapacity(self.intent.services.count)
      for service in self.intent.services { look(at: service) }
      return health
    }
    for index in services { look(at: self.intent.services[index]) }
    return health
  }

  /// The plan on the switch, without the past of services whose failback was asked for.
  private func past(of state: SwitchState) -> SteeringPlan {
    let followed = state.needsSteering ? self.followedPlan(of: state) : nil
    guard !state.failbacks.isEmpty else { return followed ?? state.plan }
    var plan = followed ?? state.plan
    plan.services.removeAll { state.failbacks.contains($0.service) }
    return plan
  }

  /// Has a switch do something and confirm it.
  mutating func order(_ messages: [MessageBody], on name: SwitchName, at now: Instant, _ effects: inout [Effect]) {
    guard let state = self.switches[name] else { return }
    let ticket = self.ticket(for: name)
    // An audit under way is void.
    if case .auditing = state.connection?.phase { self.switches[name]?.connection?.nextAudit = now }
    var count = messages.count { if case .conntrackFlush = $0 { false } else { true } }
    var began = now
    // One confirmation stands for all that was not confirmed before.
    if case .changing(_, let earlier, let since, _) = state.connection?.phase {
      count += earlier
      began = since
    }
    if let repair = self.repairs[name] {
      self.repairs[name]?.unconfirmed.insert(ticket)
      if case .changing = state.connection?.phase {} else { count += repair.changes }
      self.repairs[name]?.changes = count
      began = repair.since
    }
    self.switches[name]?.connection?.phase = .changing(ticket: ticket, count: count, began: began, since: now)
    // Before what is recorded of it: the packets wait for the messages, nobody for the words. But behind what the same
    // step has had changed already.
    let last = effects.lastIndex { if case .change = $0 { true } else { false } }
    effects.insert(.change(state.config.datapath, ticket: ticket, messages), at: last.map { $0 + 1 } ?? 0)
    self.gateWasSent(to: name)
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
    self.closeBeforeReading(name, &effects)
    let isReactive = self.switches[name]?.config.placement == .reactive
    var meters: ReadBack.Scope = self.switches[name]?.readsMeters == true ? [.meters] : []
    if self.entries.isKnown { meters.insert(.entries) }
    if let id = self.switches[name]?.config.datapath { self.entries.startsOver(id) }
    self.read(name, meters.union(isReactive ? [.connections] : []), at: now, &effects) {
      .reading(ticket: $0, again: now + Self.readTimeout)
    }
  }

  private mutating func startAudit(_ name: SwitchName, at now: Instant, _ effects: inout [Effect]) {
    let meters: ReadBack.Scope = self.switches[name]?.readsMeters == true ? [.meters] : []
    let entries: ReadBack.Scope = self.entries.isKnown ? [.entries] : []
    self.read(name, meters.union(entries), at: now, &effects) {
      .auditing(ticket: $0, again: now + Self.readTimeout)
    }
  }

  private mutating func read(
    _ name: SwitchName, _ scope: ReadBack.Scope, at now: Instant, _ effects: inout [Effect],
    _ phase: (UInt64) -> SwitchState.Phase
  ) {
    guard let id = self.switches[name]?.config.datapath else { return }
    self.repairs[name] = nil
    let ticket = self.ticket(for: name)
    self.switches[name]?.connection?.phase = phase(ticket)
    self.switches[name]?.connection?.nextAudit = now + Self.auditInterval
    effects.append(.read(id, ticket: ticket, scope))
  }

  mutating func ticket(for name: SwitchName) -> UInt64 {
    self.tickets += 1
    self.switches[name]?.connection?.ticket = self.tickets
    return self.tickets
  }
}

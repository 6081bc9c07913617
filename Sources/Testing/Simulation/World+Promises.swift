// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import DatapathModel
import FlowPipeline
import OpenFlow
import Reconciliation
import ServiceModel
import Steering

/// The promises that hold always, judged at every decision, every change and every packet of a client.
extension World {
  /// Whether a service must be served on a switch now: one of its regions has been well for long enough to be used,
  /// and nothing that the controller must notice first has happened lately.
  private func mustServe(_ service: Int, on datapath: Int) -> Bool {
    let reaction = self.promises.reaction
    let recovery = self.promises.recovery
    guard self.now >= self.scenario.hasComeUp, self.truth.control[datapath].isWell(for: recovery, at: self.now),
      self.truth.tables[datapath].isWell(for: recovery, at: self.now)
    else { return false }
    let regions = self.regions(of: service)
    let isKnown = regions.allSatisfy { region in
      let member = self.truth.members[region][service]
      return member.isStable(for: reaction, at: self.now)
        && self.truth.dark[region].isStable(for: reaction, at: self.now)
        && self.truth.ports[datapath][region].isStable(for: reaction, at: self.now)
        && (self.truth.forwarding[region].isUntouched
          || self.truth.forwarding[region].isStable(for: reaction + self.promises.mending, at: self.now))
        // Nobody checks members while their agent is not there.
        && (!member.isWrong || self.truth.agents[region].isWell(for: reaction, at: self.now))
    }
    return isKnown
      && regions.contains { region in
        [
          self.truth.dark[region], self.truth.ports[datapath][region], self.truth.probes[datapath][region],
          self.truth.members[region][service], self.truth.agents[region],
        ].allSatisfy { $0.isWell(for: recovery, at: self.now) }
          && (self.truth.forwarding[region].isUntouched
            || self.truth.forwarding[region].isWell(for: recovery + self.promises.mending, at: self.now))
      }
  }

  func regions(of service: Int) -> [Int] {
    self.scenario.intent.services[service].regions.compactMap { name in
      self.scenario.intent.regions.firstIndex { $0.name == name }
    }
  }

  mutating func judgeNewConnection(to service: Int, on datapath: Int) {
    let attempt = self.attempt(.syn, port: 1, to: service, on: datapath)
    self.judgeLoss(attempt, to: service, on: datapath)
    guard self.mustServe(service, on: datapath) else { return }
    self.report.judged += 1
    if !attempt.isAnswered {
      let region = attempt.region.map { Site.region($0).text } ?? "nobody"
      self.fail("\(Site.service(service)) must be served on \(Site.switchName(datapath)); it was sent to \(region)")
    }
  }

  /// Every prefix of a change leaves services served that were.
  mutating func judgePrefix(of message: MessageBody, on datapath: Int) {
    switch message {
    case .flowMod, .groupMod: break
    default: return
    }
    for service in self.scenario.intent.services.indices where self.mustServe(service, on: datapath) {
      guard !self.attempt(.syn, port: 1, to: service, on: datapath).isAnswered else { continue }
      self.fail("\(Site.service(service)) is not served on \(Site.switchName(datapath)) in the middle of a change")
    }
  }

  mutating func judge(_ attempt: Attempt, on connection: Clients.Connection, to service: Int, on datapath: Int) {
    self.judgeLoss(attempt, to: service, on: datapath)
    guard let openedAt = connection.openedAt, let region = connection.region else {
      if !attempt.isAnswered, self.mustServe(service, on: datapath) {
        self.fail("a client that keeps trying \(Site.service(service)) on \(Site.switchName(datapath)) is not served")
      }
      return
    }
    // Without probes a region whose agent is not heard is lost, however well it is.
    guard self.scenario.intent.detection.probe != .none else { return }
    let isUntouched = self.truth.isUntouched(
      region, service, on: datapath, since: openedAt, actingWithin: self.promises.recovery)
    guard isUntouched, attempt != Attempt(region: region, isAnswered: true) else { return }
    self.fail(
      "a connection to \(Site.service(service)) in \(Site.region(region)) on \(Site.switchName(datapath)) was "
        + (attempt.region == region ? "cut" : "moved") + ", though nothing was wrong with that region")
  }

  /// Nothing is sent to a region that the controller declared lost once the switch knows it, unless all are, or the
  /// region answers again and there is nobody else.
  private mutating func judgeLoss(_ attempt: Attempt, to service: Int, on datapath: Int) {
    guard let region = attempt.region, let governor = self.governor(of: datapath),
      self.controllers[governor].promises.isLost(Site.region(region), on: datapath),
      self.controllers[governor].life?.state.isCutting(Site.switchName(datapath)) == false,
      !self.isHeld(service, on: datapath), !self.isInUse(region, on: datapath)
    else { return }
    self.fail("\(Site.service(service)) is sent to \(Site.region(region)), lost on \(Site.switchName(datapath))")
  }

  private func isHeld(_ service: Int, on datapath: Int) -> Bool {
    let status = self.decider(for: datapath)?.status(at: self.now).services[service]
    return status?.switches[datapath].isHeld ?? true
  }

  /// A service is sent to a region that only has to wait for its hold time, because there is nobody else.
  private func isUsedEarly(_ service: Int, on datapath: Int) -> Bool {
    guard let status = self.decider(for: datapath)?.status(at: self.now) else { return false }
    return status.services[service].switches[datapath].shares.contains { share in
      status.regions.first { $0.name == share.region }?.paths[datapath].state != .well
        || status.services[service].regions.first { $0.region == share.region }?.state != .serving
    }
  }

  private func isInUse(_ region: Int, on datapath: Int) -> Bool {
    let path = self.decider(for: datapath)?.status(at: self.now).regions[region].paths[datapath]
    // Of a switch that is mute nothing is known.
    switch path?.state {
    case .returning, .unknown, nil: return true
    case .well, .out: return path?.isCarrying == true
    }
  }

  /// Judges what the controller has decided in one step.
  ///
  /// - Parameter mending: switches whose tables were being compared with what they should hold before.
  mutating func judge(_ effects: [Effect], of controller: Int, mending: Set<SwitchName>) {
    for index in self.datapaths.indices where self.governor(of: index) == controller {
      self.judge(effects, of: controller, on: index, isMending: mending.contains(Site.switchName(index)))
    }
    for case .record(let decision) in effects {
      switch decision {
      case .steered(_, _, let from, let to) where !from.isEmpty && !to.isEmpty: self.report.moves += 1
      case .pathLost, .serviceLost: self.report.losses += 1
      default: break
      }
    }
  }

  private mutating func judge(_ effects: [Effect], of controller: Int, on index: Int, isMending: Bool) {
    let name = Site.switchName(index)
    let decisions = Decisions(effects, on: name)
    var messages: [MessageBody] = []
    for case .change(Site.datapath(index), let ticket, let change) in effects {
      self.controllers[controller].promises.ordered(ticket, on: index)
      for region in decisions.cut { self.controllers[controller].promises.lost(region, by: ticket, on: index) }
      messages += change
    }
    for region in decisions.returned { self.controllers[controller].promises.returned(region, on: index) }
    let groups = messages.count { if case .groupMod = $0 { true } else { false } }
    let flows = messages.count { if case .flowMod = $0 { true } else { false } }
    guard !messages.isEmpty else { return }
    self.story.tell(
      "to \(name): \(groups) GROUP_MODs, \(flows) FLOW_MODs, \(messages.count - groups - flows) flushes", at: self.now)
    guard groups + flows > 0 else { return }
    self.report.changes += groups + flows
    if self.promises.isSettled { self.fail("all has settled, and \(name) is still changed") }
    if self.promises.onlyHarmlessFaults, self.now >= self.scenario.faultsBegin {
      self.fail("nothing has happened that may move traffic, and \(name) is changed")
    }
    guard decisions.isOneLoss, !isMending, groups != 1 || flows != 0 else { return }
    // Also those that a configuration has brought.
    let services = self.decider(for: index)?.status(at: self.now).services.indices
    let isExceptional = (services ?? 0..<0).contains {
      self.isHeld($0, on: index) || self.isUsedEarly($0, on: index)
    }
    if !isExceptional {
      self.fail("losing \(decisions.lost[0]) on \(name) takes one GROUP_MOD, not \(groups) and \(flows) FLOW_MODs")
    }
  }

  /// Judges everything when all has healed and there was time enough.
  mutating func settle() {
    self.promises.isSettled = true
    for index in self.datapaths.indices {
      let held = self.datapaths[index].program
      let found = FoundPlan(in: held, intent: self.scenario.intent, numbering: self.numbering).plan
      var wanted = Bench.healthyPlan(self.scenario.intent)
      for (position, service) in self.scenario.intent.services.enumerated() where service.failback == .manual {
        guard let steering = found.services.first(where: { $0.service == service.name }),
          Set(steering.choices.map(\.region)) == Set(service.regions)
        else { continue }
        wanted.services[position].choices = steering.choices.map {
          RegionChoice(region: $0.region, eligibility: .withRegion)
        }
      }
      for position in wanted.services.indices {
        wanted.services[position].takeSlots(
          of: found, followingLoad: self.scenario.intent.services[position].policy.followsLoad)
      }
      let facts = Site.makeFacts(
        regions: self.scenario.intent.regions.count, services: self.scenario.intent.services, onSwitch: index)
      let catalogue = Catalogue(self.scenario.intent, numbering: self.numbering)
      let program = Blueprint(catalogue, facts: facts, plan: wanted).program
      if held != program {
        let missing = ChangePlan(from: held, to: program).messages
        self.fail(
          "all has healed, and \(Site.switchName(index)) does not hold what it should: \(missing.count) changes are "
            + "missing, the first is \(missing.first.map { "\($0)" } ?? "none"). It holds \(found)")
      }
      for service in self.scenario.intent.services.indices {
        let serving = wanted.services[service].active(carrying: wanted.carrying)
        let attempt = self.attempt(.syn, port: 1, to: service, on: index)
        if attempt.region.map({ serving.contains(Site.region($0)) }) != true || !attempt.isAnswered {
          self.fail(
            "all has healed, and \(Site.service(service)) is not served by \(serving) on \(Site.switchName(index))")
        }
      }
    }
  }
}

extension ServiceSteering {
  /// Which slots a region has depends on all that has happened: a change moves no more than it must. How many it has does
  /// not, unless they follow the load.
  fileprivate mutating func takeSlots(of plan: SteeringPlan, followingLoad: Bool) {
    guard let held = plan.services.first(where: { $0.service == self.service }), held.slots.count == self.slots.count
    else { return }
    let slots = held.slots.compactMap { slot in
      self.choices.firstIndex { $0.region == held.choices[Int(slot)].region }.map { UInt8($0) }
    }
    guard followingLoad || slots.sorted() == self.slots.sorted() else { return }
    self.slots = slots
  }
}

/// What was decided about one switch in one step.
private struct Decisions {
  var lost: [RegionName] = []
  /// Lost, and its connections too.
  var cut: [RegionName] = []
  var returned: [RegionName] = []
  /// Something else that changes tables.
  private var others = 0

  init(_ effects: [Effect], on name: SwitchName) {
    for case .record(let decision) in effects {
      switch decision {
      case .pathLost(name, let region, _): self.lost.append(region)
      case .connectionsCut(name, let region): self.cut.append(region)
      case .pathReturned(name, let region): self.returned.append(region)
      case .serviceLost, .serviceReturned, .configured, .failbackRequested: self.others += 1
      case .allRegionsOut(name, _, _), .gatewayFound(name, _, _), .switchFound(name, _, _), .portMissing(name, _, _, _):
        self.others += 1
      default: break
      }
    }
  }

  /// A region was lost, and that is all.
  var isOneLoss: Bool { self.lost.count == 1 && self.returned.isEmpty && self.others == 0 }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FlowPipeline
import OpenFlow
import ServiceModel
import Simulation
import Southbound
import Steering
import Testing

/// What services make of a switch that another controller has.
@Suite struct DrivenProgramTests {
  private func blueprint(_ placement: Placement, _ change: (inout SteeringPlan) -> Void = { _ in }) -> Blueprint {
    let services = [
      Site.makeService(0, preference: [0, 1], policy: placement == .hash ? .roundRobin : .primaryReplica)
    ]
    let intent = Site.makeIntent(regions: 2, services: services)
    var facts = Site.makeFacts(regions: 2, services: services)
    facts.placement = placement
    facts.hasGroups = false
    facts.isDriven = true
    let slots = facts
    var plan = Bench.healthyPlan(intent, slotCounts: slots.slotCounts)
    change(&plan)
    return Blueprint(Catalogue(intent, numbering: Numbering(intent)), facts: facts, plan: plan)
  }

  private func mods(_ program: DatapathProgram) -> [FlowMod] {
    program.flows.map { key, flow in
      FlowMod(
        tableID: key.table, priority: key.priority, cookie: flow.cookie, flags: flow.flags, match: key.match,
        instructions: flow.instructions)
    }
  }

  @Test(arguments: [Placement.redirect, .hash])
  func `all of it can be said by every driver, and is read back the same`(placement: Placement) {
    let program = self.blueprint(placement).program
    #expect(program.groups.isEmpty)
    #expect(program.meters.isEmpty)
    #expect(program.flows.count >= 8)
    var keys: Set<DatapathProgram.FlowKey> = []
    for mod in self.mods(program) {
      let flat = SingleTable.flatten(mod)
      #expect(RyuDriver.objection(to: flat) == nil)
      #expect(FloodlightDriver.objection(to: flat) == nil)
      if placement == .redirect { #expect(ONOSDriver.objection(to: flat) == nil) }
      #expect(keys.insert(DatapathProgram.FlowKey(table: 0, priority: flat.priority, match: flat.match)).inserted)
      let told = FlowStatistics(
        tableID: flat.tableID, priority: flat.priority, cookie: flat.cookie, flags: flat.flags, match: flat.match,
        instructions: flat.instructions)
      let restored = SingleTable.restore(told)
      #expect(restored.tableID == mod.tableID)
      #expect(restored.priority == mod.priority)
      #expect(restored.instructions == mod.instructions)
    }
  }

  @Test func `nobody is asked or told, and what is no service's traffic is left alone`() {
    for mod in self.mods(self.blueprint(.redirect).program) {
      #expect(mod.match != .any)
      #expect(mod.priority >= TableLayout.Classify.virtualIP || mod.tableID == TableLayout.Table.steer.rawValue)
      for case .applyActions(let actions) in mod.instructions {
        for case .output(let port, _) in actions { #expect(port != .controller) }
      }
    }
  }

  @Test func `the switch remembers which region is out and which is drained`() {
    let blueprint = self.blueprint(.redirect) {
      $0.carrying = []
      $0.draining = [Site.region(1)]
    }
    let found = FoundPlan(
      in: blueprint.program, intent: blueprint.catalogue.intent, numbering: blueprint.catalogue.numbering)
    #expect(found.plan.carrying == [])
    #expect(found.plan.draining == [Site.region(1)])
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import DatapathModel
import FlowPipeline
import Reconciliation
import ServiceModel
import Simulation
import Steering
import Testing

/// The switch is the memory of the last plan.
@Suite struct FoundPlanTests {
  @Test(arguments: 0..<200 as Range<UInt64>)
  func `what is read from a switch is the plan that was compiled for it`(seed: UInt64) {
    var random = RandomSource(seed: seed)
    let intent = Site.makeIntent(
      regions: 4,
      services: [
        Site.makeService(0, preference: [3, 1, 0, 2]),
        Site.makeService(1, preference: [1, 2], address: seed % 2 == 0 ? nil : .v6(Site.virtualIPv6(1))),
      ])
    var bench = Bench(intent)
    var plan = Bench.healthyPlan(intent)
    plan.carrying = plan.carrying.filter { _ in random.next(below: 3) > 0 }
    for service in plan.services.indices {
      for choice in plan.services[service].choices.indices {
        let eligibilities: [RegionChoice.Eligibility] = [.withRegion, .excluded, .withPort]
        plan.services[service].choices[choice].eligibility = eligibilities[Int(random.next(below: 3))]
      }
      if random.next(below: 2) == 0 { plan.services[service].choices.reverse() }
    }
    #expect(bench.install(plan) == [])

    let found = FoundPlan(
      in: bench.datapath.program, intent: intent, numbering: Numbering(intent))
    #expect(found.plan == plan)
    #expect(found.regions == Set(intent.regions.map(\.name)))
    for index in intent.regions.indices {
      #expect(found.macs[Site.region(index)] == Site.gatewayMAC(index))
      #expect(found.addresses[Site.region(index)] == bench.compiler.facts.gateways[Site.region(index)]?.addresses)
    }
  }

  @Test func `an empty switch tells of nothing`() {
    let intent = Site.makeIntent(regions: 2, services: [Site.makeService(0, preference: [0, 1])])
    let found = FoundPlan(in: DatapathProgram(), intent: intent, numbering: Numbering(intent))
    #expect(found.plan == .empty)
    #expect(found.regions.isEmpty)
    #expect(found.macs.isEmpty)
  }

  @Test func `what stands for regions or services that are configured no more is not taken over`() {
    let before = Site.makeIntent(
      regions: 3, services: [Site.makeService(0, preference: [2, 0]), Site.makeService(1, preference: [1])])
    var bench = Bench(before)
    bench.install(Bench.healthyPlan(before))
    let after = Site.makeIntent(regions: 2, services: [Site.makeService(0, preference: [0])])
    let found = FoundPlan(in: bench.datapath.program, intent: after, numbering: Numbering(after))
    #expect(found.plan.carrying == [Site.region(0), Site.region(1)])
    #expect(found.plan.services.map(\.service) == [Site.service(0)])
    #expect(found.plan.services.first?.choices.map(\.region) == [Site.region(0)])
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import DatapathModel
import FlowPipeline
import OpenFlow
import Reconciliation
import ServiceModel
import Simulation
import Steering
import Testing

/// The laws of changing tables, on random plans of one intent and on random changes of intents.
@Suite struct ChangePlanTests {
  @Test(arguments: 0..<150 as Range<UInt64>)
  func `what a change leaves is what was wanted, and once more changes nothing`(seed: UInt64) {
    var draw = Draw(seed: seed)
    let intent = draw.intent()
    var bench = Bench(intent)
    for _ in 0..<4 {
      let plan = draw.plan(intent)
      #expect(bench.install(plan) == [])
      let held = bench.datapath.program
      #expect(held == bench.program(plan))
      #expect(ChangePlan(from: held, to: bench.program(plan)).isEmpty)
    }
  }

  @Test(arguments: 0..<150 as Range<UInt64>)
  func `a change that comes twice is harmless`(seed: UInt64) {
    var draw = Draw(seed: seed)
    let intent = draw.intent()
    var bench = Bench(intent)
    bench.install(draw.plan(intent))
    let plan = draw.plan(intent)
    let change = ChangePlan(from: bench.datapath.program, to: bench.program(plan))
    bench.apply(change)
    // Some messages may be refused the second time (a group that exists); the result is the same.
    bench.apply(change)
    #expect(bench.datapath.program == bench.program(plan))
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `every prefix of a change keeps services routable that were and will be`(seed: UInt64) {
    var draw = Draw(seed: seed)
    let intent = draw.intent()
    var bench = Bench(intent)
    let before = draw.plan(intent)
    let after = draw.plan(intent)
    bench.install(before)
    let change = ChangePlan(from: bench.program(before), to: bench.program(after))
    let served = intent.services.indices.filter { index in
      // One that is held has nobody to lose.
      before.services[index].isServed(carrying: before.carrying)
        && after.services[index].isServed(carrying: after.carrying)
    }
    var port: UInt16 = 1
    for (index, message) in change.messages.enumerated() {
      #expect(bench.datapath.apply(message).refusal == nil)
      for service in served.map({ intent.services[$0] }) {
        port += 1
        let syn = Packet.fromClient(.syn, port: port, to: bench.endpoint(of: service))
        let outputs = bench.datapath.receive(syn, from: Site.clientPort).outputs
        #expect(outputs.count == 1, "after message \(index + 1) of \(change.count), \(service.name)")
      }
    }
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `every prefix of a new configuration keeps the services of both routable`(seed: UInt64) {
    var draw = Draw(seed: seed)
    let before = draw.intent(services: 1...3)
    var after = before
    after.services.append(Site.makeService(9, preference: [1, 0]))
    after.services[0].pools.reverse()
    var bench = Bench(before)
    bench.install(Bench.healthyPlan(before))
    let desired = Bench(after).program(Bench.healthyPlan(after))
    let change = ChangePlan(from: bench.datapath.program, to: desired)
    var port: UInt16 = 1
    for message in change.messages {
      #expect(bench.datapath.apply(message).refusal == nil)
      for service in before.services {
        port += 1
        let syn = Packet.fromClient(.syn, port: port, to: bench.endpoint(of: service))
        #expect(bench.datapath.receive(syn, from: Site.clientPort).outputs.count == 1)
      }
    }
    #expect(bench.datapath.program == desired)
  }

  @Test func `losing a region is one message, whatever the number of services`() {
    for count in [1, 40] {
      let intent = Site.makeIntent(
        regions: 3, services: (0..<count).map { Site.makeService($0, preference: [0, 1, 2]) })
      let bench = Bench(intent)
      let healthy = Bench.healthyPlan(intent)
      var lost = healthy
      lost.carrying.remove(Site.region(0))
      let change = ChangePlan(from: bench.program(healthy), to: bench.program(lost))
      #expect(change.count == 1)
      guard case .groupMod(let mod)? = change.messages.first else { continue }
      #expect(mod.command == .modify)
      #expect(mod.buckets.isEmpty)
    }
  }

  @Test func `a region's deliveries are known before anything is sent to it`() throws {
    let one = Site.makeIntent(regions: 2, services: [Site.makeService(0, preference: [0])])
    let two = Site.makeIntent(regions: 2, services: [Site.makeService(0, preference: [1, 0])])
    let before = Bench(one).program(Bench.healthyPlan(one))
    let after = Bench(two).program(Bench.healthyPlan(two))
    let messages = ChangePlan(from: before, to: after).messages
    let lastAdded = try #require(
      messages.lastIndex { if case .flowMod(let m) = $0 { m.command == .add } else { false } })
    let firstChange = try #require(
      messages.firstIndex { if case .groupMod(let m) = $0 { m.command == .modify } else { false } })
    #expect(lastAdded < firstChange)
  }
}

extension ServiceSteering {
  fileprivate func isServed(carrying: Set<RegionName>) -> Bool {
    self.choices.contains { $0.eligibility == .withRegion && carrying.contains($0.region) }
  }
}

/// Random intents and plans from a seed.
private struct Draw {
  private var random: RandomSource

  init(seed: UInt64) { self.random = RandomSource(seed: seed) }

  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var elements = elements
    for index in elements.indices.reversed() {
      elements.swapAt(index, Int(self.random.next(below: UInt64(index + 1))))
    }
    return elements
  }

  mutating func intent(services: ClosedRange<UInt64> = 1...4) -> Intent {
    let regions = 2 + Int(self.random.next(below: 3))
    let count = services.lowerBound + self.random.next(below: UInt64(services.count))
    return Site.makeIntent(
      regions: regions,
      services: (0..<Int(count)).map { Site.makeService($0, preference: self.shuffled(Array(0..<regions))) })
  }

  mutating func plan(_ intent: Intent) -> SteeringPlan {
    var plan = Bench.healthyPlan(intent)
    for region in intent.regions where self.random.next(below: 3) == 0 { plan.carrying.remove(region.name) }
    for service in plan.services.indices {
      if self.random.next(below: 3) == 0 {
        plan.services[service].choices = self.shuffled(plan.services[service].choices)
      }
      for choice in plan.services[service].choices.indices {
        switch self.random.next(below: 6) {
        case 0, 1: plan.services[service].choices[choice].eligibility = .excluded
        case 2: plan.services[service].choices[choice].eligibility = .withPort
        default: break
        }
      }
    }
    return plan
  }
}

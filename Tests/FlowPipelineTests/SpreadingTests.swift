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

/// Connections of a service that spreads its load go where the slots say.
@Suite struct SpreadingTests {
  private let web = Site.makeService(0, preference: [0, 1, 2], policy: .weighted, weights: [60, 40, 0])

  private func bench(_ service: Service) -> Bench {
    .programmed([service], regions: 3)
  }

  /// Opens connections and counts the regions that they went to.
  private func regions(_ bench: inout Bench, ports: Range<UInt16>) -> [Int: Int] {
    var counts: [Int: Int] = [:]
    for port in ports {
      let syn = Packet.fromClient(.syn, port: port, to: bench.endpoint(of: bench.intent.services[0]))
      for output in bench.datapath.receive(syn, from: Site.clientPort).outputs {
        for region in 0..<3 where output.port == Site.gatewayPort(region) { counts[region, default: 0] += 1 }
      }
    }
    return counts
  }

  private func without(_ regions: [Int], _ plan: SteeringPlan) -> SteeringPlan {
    var plan = plan
    for region in regions { plan.carrying.remove(Site.region(region)) }
    return plan
  }

  @Test func `new connections are divided by weight, and a standby gets none`() {
    var bench = self.bench(self.web)
    let counts = self.regions(&bench, ports: 10_000..<14_000)
    #expect(counts[2] == nil)
    #expect(counts[0].map { (2200...2600).contains($0) } == true, "\(counts)")
    #expect(counts[0, default: 0] + counts[1, default: 0] == 4000)
  }

  @Test func `a region that is lost gives its share to the other, and back`() {
    var bench = self.bench(self.web)
    let plan = bench.plan
    bench.install(self.without([0], plan))
    #expect(self.regions(&bench, ports: 10_000..<10_100) == [1: 100])
    bench.install(plan)
    #expect(self.regions(&bench, ports: 20_000..<20_100).keys.sorted() == [0, 1])
  }

  @Test func `a standby serves when nobody with a share lives`() {
    var bench = self.bench(self.web)
    bench.install(self.without([0, 1], bench.plan))
    #expect(self.regions(&bench, ports: 10_000..<10_100) == [2: 100])
  }

  @Test func `losing a region is one message`() {
    let bench = self.bench(self.web)
    let change = ChangePlan(
      from: bench.datapath.program, to: bench.program(self.without([0], bench.plan)))
    #expect(change.count == 1)
  }

  @Test func `all connections of a client go to one region with source-hash`() {
    var bench = self.bench(Site.makeService(0, preference: [0, 1, 2], policy: .sourceHash))
    #expect(self.regions(&bench, ports: 10_000..<10_200).count == 1)
  }

  @Test func `a connection stays where it is when the weights change`() throws {
    var bench = self.bench(self.web)
    let endpoint = bench.endpoint(of: self.web)
    var homes: [UInt16: PortNumber] = [:]
    for port in 10_000..<10_050 as Range<UInt16> {
      let syn = bench.datapath.receive(.fromClient(.syn, port: port, to: endpoint), from: Site.clientPort)
      let sent = try #require(syn.outputs.first)
      homes[port] = sent.port
      _ = bench.datapath.receive(try #require(sent.packet.answered(with: [.syn, .ack])), from: sent.port)
    }
    var plan = bench.plan
    plan.services[0].slots = plan.services[0].slots.map { _ in 2 }
    bench.install(plan)
    for (port, home) in homes {
      let ack = bench.datapath.receive(.fromClient(.ack, port: port, to: endpoint), from: Site.clientPort)
      #expect(ack.outputs.map(\.port) == [home])
    }
    #expect(self.regions(&bench, ports: 20_000..<20_020) == [2: 20])
  }

  @Test func `a controller that begins anew finds the shares as they are`() {
    let bench = self.bench(self.web)
    let numbering = Numbering(bench.intent)
    let found = FoundPlan(in: bench.datapath.program, intent: bench.intent, numbering: numbering)
    #expect(found.plan.services[0].choices.map(\.region) == bench.plan.services[0].choices.map(\.region))
    #expect(found.plan.services[0].slots == bench.plan.services[0].slots)
  }

  @Test func `slots of a region that is configured no more are nobody's`() {
    let bench = self.bench(Site.makeService(0, preference: [0, 1, 2], policy: .roundRobin))
    let after = Site.makeIntent(regions: 2, services: [Site.makeService(0, preference: [0, 1], policy: .roundRobin)])
    let found = FoundPlan(in: bench.datapath.program, intent: after, numbering: Numbering(after))
    let slots = found.plan.services[0].slots
    #expect(slots.count { $0 == ServiceSteering.nobody } == bench.plan.services[0].slots.count { $0 == 2 })
  }
}

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

/// Placements in which the switch keeps no connection: by groups, by rules for sources, and all to one region.
@Suite struct PlacementTests {
  struct Kind: Sendable, CustomTestStringConvertible {
    var placement: Placement
    var hasGroups: Bool
    var testDescription: String { "\(self.placement)\(self.hasGroups ? "" : " without groups")" }

    static let stateless = [
      Kind(placement: .hash, hasGroups: true), Kind(placement: .hash, hasGroups: false),
      Kind(placement: .redirect, hasGroups: true), Kind(placement: .redirect, hasGroups: false),
    ]
    static let hash = [Kind(placement: .hash, hasGroups: true), Kind(placement: .hash, hasGroups: false)]
  }

  private let web = Site.makeService(0, preference: [0, 1, 2], policy: .weighted, weights: [50, 50, 0])

  private func bench(_ service: Service, _ kind: Kind, regions: Int = 3) -> Bench {
    .programmed([service], regions: regions, placement: kind.placement, hasGroups: kind.hasGroups)
  }

  /// Opens connections from as many clients and counts the regions that they went to.
  private func regions(_ bench: inout Bench, clients: Int = 512) -> [Int: Int] {
    var counts: [Int: Int] = [:]
    for client in 0..<clients {
      if let region = self.region(&bench, client: client) { counts[region, default: 0] += 1 }
    }
    return counts
  }

  private func region(_ bench: inout Bench, client: Int) -> Int? {
    var syn = Packet.fromClient(.syn, port: 10_000, to: bench.endpoint(of: bench.intent.services[0]))
    syn.datagram?.source = .v4(IPv4Address(rawValue: Site.clientAddress.rawValue &+ UInt32(client)))
    let outputs = bench.datapath.receive(syn, from: Site.clientPort).outputs
    return (0..<bench.intent.regions.count).first { region in
      outputs.contains { $0.port == Site.gatewayPort(region) }
    }
  }

  private func without(_ regions: [Int], _ plan: SteeringPlan) -> SteeringPlan {
    var plan = plan
    for region in regions { plan.carrying.remove(Site.region(region)) }
    return plan
  }

  @Test(arguments: Kind.stateless) func `a packet arrives at the target, and the answer is the virtual IP's`(
    _ kind: Kind
  ) throws {
    var bench = self.bench(Site.makeService(0, preference: [0, 1]), kind, regions: 2)
    let endpoint = bench.endpoint(of: bench.intent.services[0])
    let sent = try #require(
      bench.datapath.receive(.fromClient(.syn, port: 10_000, to: endpoint), from: Site.clientPort).outputs.first)
    #expect(sent.port == Site.gatewayPort(0))
    #expect(sent.packet.destination == Site.gatewayMAC(0))
    let target = bench.target(of: bench.intent.services[0], inRegion: 0)
    #expect(sent.packet.datagram?.destination == target.address)
    #expect(sent.packet.segment?.destination == target.port)
    let answer = try #require(sent.packet.answered(with: [.syn, .ack]))
    let back = try #require(bench.datapath.receive(answer, from: sent.port).outputs.first)
    #expect(back.packet.datagram?.source == endpoint.address)
    #expect(back.packet.segment?.source == endpoint.port)
    #expect(back.packet.source == bench.intent.services[0].virtualIP.mac)
  }

  @Test(arguments: Kind.stateless) func `losing the region moves everything to the next, and back`(_ kind: Kind) {
    var bench = self.bench(Site.makeService(0, preference: [0, 1]), kind, regions: 2)
    let plan = bench.plan
    #expect(bench.install(self.without([0], plan)) == [])
    #expect(self.regions(&bench, clients: 20) == [1: 20])
    #expect(bench.install(plan) == [])
    #expect(self.regions(&bench, clients: 20) == [0: 20])
  }

  @Test(arguments: Kind.hash) func `connections are divided by weight, and a standby gets none`(_ kind: Kind) {
    var bench = self.bench(self.web, kind)
    let counts = self.regions(&bench)
    #expect(counts[2] == nil)
    #expect(counts[0].map { (206...306).contains($0) } == true, "\(counts)")
    bench.install(self.without([0, 1], bench.plan))
    #expect(self.regions(&bench) == [2: 512])
  }

  @Test(arguments: Kind.hash) func `a region that dies moves its own, and spreads them over the others`(_ kind: Kind) {
    var bench = self.bench(
      Site.makeService(0, preference: [0, 1, 2, 3], policy: .roundRobin), kind, regions: 4)
    let before = (0..<512).map { self.region(&bench, client: $0) }
    bench.install(self.without([1], bench.plan))
    let after = (0..<512).map { self.region(&bench, client: $0) }
    for (old, new) in zip(before, after) where old != 1 { #expect(old == new) }
    let heirs = zip(before, after).filter { $0.0 == 1 }.compactMap(\.1)
    #expect(Set(heirs) == [0, 2, 3])
  }

  @Test(arguments: Kind.stateless) func `a controller that begins anew changes nothing`(_ kind: Kind) {
    let service =
      kind.placement == .redirect ? Site.makeService(0, preference: [0, 1, 2]) : self.web
    let bench = self.bench(service, kind)
    let held = bench.datapath.program
    let found = FoundPlan(in: held, intent: bench.intent, numbering: Numbering(bench.intent))
    #expect(found.plan.carrying == bench.plan.carrying)
    #expect(found.plan.services[0].slots == bench.plan.services[0].slots)
    #expect(found.macs == bench.compiler.facts.gateways.compactMapValues(\.mac).filter { found.macs[$0.key] != nil })
    #expect(ChangePlan(from: held, to: bench.program(bench.plan)).isEmpty)
  }

  @Test(arguments: Kind.stateless) func `the switch remembers who was out and who is drained`(_ kind: Kind) {
    var bench = self.bench(Site.makeService(0, preference: [0, 1, 2]), kind)
    var plan = self.without([0, 1], bench.plan)
    plan.draining = [Site.region(1)]
    bench.install(plan)
    let found = FoundPlan(
      in: bench.datapath.program, intent: bench.intent, numbering: Numbering(bench.intent))
    #expect(found.plan.carrying == [Site.region(2)])
    #expect(found.plan.draining == [Site.region(1)])
    #expect(found.regions == Set((0..<3).map(Site.region)))
  }

  @Test(arguments: Kind.hash) func `a restart while a region is out moves no slot`(_ kind: Kind) {
    var bench = self.bench(Site.makeService(0, preference: [0, 1, 2], policy: .roundRobin), kind)
    bench.install(self.without([1], bench.plan))
    let found = FoundPlan(
      in: bench.datapath.program, intent: bench.intent, numbering: Numbering(bench.intent))
    let after = found.plan.services[0]
    #expect(
      after.slots.map { after.choices[Int($0)].region } == bench.plan.services[0].slots.map { Site.region(Int($0)) })
  }

  @Test(arguments: Kind.stateless) func `a service that left a region that carries traffic is known to have`(
    _ kind: Kind
  ) {
    var bench = self.bench(Site.makeService(0, preference: [0, 1]), kind, regions: 2)
    var plan = bench.plan
    plan.services[0].choices[0].eligibility = .excluded
    bench.install(plan)
    let found = FoundPlan(
      in: bench.datapath.program, intent: bench.intent, numbering: Numbering(bench.intent))
    #expect(found.plan.services[0].choices == plan.services[0].choices)
  }

  @Test func `losing a region with groups is one message, however many services`() {
    let services = (0..<20).map { Site.makeService($0, preference: [0, 1], policy: .roundRobin) }
    var bench = Bench(Site.makeIntent(regions: 2, services: services), placement: .hash)
    bench.install(bench.healthyPlan)
    let change = ChangePlan(
      from: bench.datapath.program, to: bench.program(self.without([0], bench.plan)))
    #expect(change.count == 1)
  }

  @Test func `a client stays with its region where a switch cannot be told what to hash`() {
    var facts = Site.makeFacts(regions: 2)
    let hash = Site.makeService(0, preference: [0, 1], policy: .sourceHash)
    let turns = Site.makeService(0, preference: [0, 1], policy: .roundRobin)
    facts.placement = .hash
    #expect(facts.division(of: hash) == .groups)
    facts.version = .v1_3
    #expect(facts.division(of: hash) == .sourceRules)
    #expect(facts.division(of: turns) == .groups)
  }

  @Test func `a budget of rules bounds the slots`() {
    var facts = Site.makeFacts(regions: 2)
    (facts.placement, facts.hasGroups, facts.sourceRules) = (.hash, false, 8)
    let service = Site.makeService(0, preference: [0, 1], policy: .weighted, weights: [1, 2])
    let plan = Bench.healthyPlan(
      Site.makeIntent(regions: 2, services: [service]), slotCounts: facts.slotCounts)
    #expect(plan.services[0].slots.count == 8)
  }
}

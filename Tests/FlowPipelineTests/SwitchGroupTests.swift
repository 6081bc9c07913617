// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import DatapathModel
import FlowPipeline
import OpenFlow
import ServiceModel
import Simulation
import Steering
import Testing

/// What a switch says because others stand in for it, tried with packets.
@Suite struct SwitchGroupTests {
  private let peer = IPv4Address(rawValue: 0x0a00_0002)
  private let router = MACAddress(rawValue: 0x02ee_0000_0001)
  private let web = Site.makeService(0, preference: [0, 1], policy: .roundRobin)

  private var catalogue: Catalogue {
    let intent = Site.makeIntent(regions: 2, services: [self.web])
    return Catalogue(intent, numbering: Numbering(intent))
  }

  private func datapath(_ change: (inout DatapathFacts) -> Void) -> SoftwareSwitch {
    var facts = Site.makeFacts(regions: 2)
    facts.peers = [self.peer]
    change(&facts)
    let blueprint = Blueprint(
      self.catalogue, facts: facts,
      plan: Bench.healthyPlan(self.catalogue.intent, slotCounts: facts.slotCounts))
    var datapath = SoftwareSwitch(datapath: Site.datapath(0), ports: Site.makePorts(regions: 2))
    for (number, group) in blueprint.program.groups.sorted(by: { GroupNumbers.precedes($0.key, $1.key) }) {
      let mod = GroupMod(
        command: .add, kind: group.kind, group: number, buckets: group.buckets, properties: group.properties)
      #expect(datapath.apply(.groupMod(mod)).refusal == nil)
    }
    for (key, flow) in blueprint.program.flows {
      let mod = FlowMod(
        command: .add, tableID: key.table, priority: key.priority, cookie: flow.cookie, match: key.match,
        instructions: flow.instructions)
      #expect(datapath.apply(.flowMod(mod)).refusal == nil)
    }
    return datapath
  }

  private func shared() -> SoftwareSwitch {
    self.datapath {
      $0.isShared = true
      $0.sharedUplink = Site.clientPort
      $0.placement = .hash
    }
  }

  private func ports(_ packet: Packet, from port: PortNumber, on datapath: SoftwareSwitch) -> [PortNumber] {
    var datapath = datapath
    return datapath.receive(packet, from: port).outputs.map(\.port)
  }

  private var syn: Packet { .fromClient(.syn, port: 5, to: SocketEndpoint(self.web.virtualIP.address, 80)) }

  // MARK: The gate

  @Test func `a closed switch forwards nothing, answers for itself, and hears its peer`() {
    let closed = self.datapath { $0.isGated = true }
    #expect(self.ports(self.syn, from: Site.clientPort, on: closed) == [])
    let stranger = Packet.whoHas(Site.gatewayAddress(9), from: Site.clientAddress, at: Site.clientMAC)
    #expect(self.ports(stranger, from: Site.clientPort, on: closed) == [])
    let virtual = Packet.whoHas(Site.virtualIP(0), from: Site.clientAddress, at: Site.clientMAC)
    #expect(self.ports(virtual, from: Site.clientPort, on: closed) == [])
    let peerMAC = DatapathFacts.probeMAC(of: self.peer)
    let alive = Packet.whoHas(Site.probeAddress(), from: self.peer, at: peerMAC)
    #expect(self.ports(alive, from: Site.clientPort, on: closed) == [Site.clientPort])
    let own = DatapathFacts.probeMAC(of: Site.probeAddress())
    let answer = Packet.isAt(peerMAC, self.peer, to: Site.probeAddress(), at: own)
    #expect(self.ports(answer, from: Site.clientPort, on: closed) == [.controller])
  }

  @Test func `an open one forwards everything but what its peer probes with`() {
    let open = self.datapath { _ in }
    #expect(self.ports(self.syn, from: Site.clientPort, on: open).count == 1)
    let probe = Packet.whoHas(
      Site.gatewayAddress(0), from: self.peer, at: DatapathFacts.probeMAC(of: self.peer))
    #expect(self.ports(probe, from: Site.gatewayPort(1), on: open) == [])
  }

  @Test func `to close or open is one flow, whatever the placement`() {
    for placement in Placement.allCases {
      var facts = Site.makeFacts(regions: 2)
      facts.peers = [self.peer]
      facts.placement = placement
      let plan = Bench.healthyPlan(self.catalogue.intent, slotCounts: facts.slotCounts)
      let open = Blueprint(self.catalogue, facts: facts, plan: plan)
      let closed = open.gated(true)
      #expect(closed.program.flows.count == open.program.flows.count + 1)
      #expect(closed.program.isGated && !open.program.isGated)
      #expect(!open.sectionsThatMayDiffer(from: closed).contains(.service(self.web.name)))
    }
  }

  // MARK: All forward

  @Test func `a switch that shares forwards between router and gateways, and nowhere else`() {
    let shared = self.shared()
    let toGateway = Packet(
      source: self.router, destination: Site.gatewayMAC(0), content: .other(type: 0x0800, payload: []))
    #expect(self.ports(toGateway, from: Site.clientPort, on: shared) == [Site.gatewayPort(0)])
    let fromGateway = Packet(
      source: Site.gatewayMAC(0), destination: .broadcast, content: .other(type: 0x0800, payload: []))
    #expect(self.ports(fromGateway, from: Site.gatewayPort(0), on: shared) == [Site.clientPort])
    // What another switch has forwarded does not pass.
    #expect(self.ports(fromGateway, from: Site.clientPort, on: shared) == [])
    #expect(self.ports(toGateway, from: Site.gatewayPort(0), on: shared) == [])
    let question = Packet.whoHas(Site.gatewayAddress(1), from: Site.clientAddress, at: self.router)
    #expect(self.ports(question, from: Site.clientPort, on: shared) == [Site.gatewayPort(1)])
    #expect(self.ports(question, from: Site.gatewayPort(0), on: shared) == [])
  }

  @Test func `nobody answers for a virtual IP, and the switch does for its own address`() {
    let shared = self.shared()
    let virtual = Packet.whoHas(Site.virtualIP(0), from: Site.clientAddress, at: self.router)
    #expect(self.ports(virtual, from: Site.clientPort, on: shared) == [])
    let own = Packet.whoHas(Site.probeAddress(), from: Site.clientAddress, at: self.router)
    #expect(self.ports(own, from: Site.clientPort, on: shared) == [Site.clientPort])
  }

  @Test func `a connection's packets go to a region and its replies to the router, whichever switch has seen it`() {
    var first = self.shared()
    var second = self.shared()
    let there = first.receive(self.syn, from: Site.clientPort).outputs
    #expect(there.count == 1)
    #expect(second.receive(self.syn, from: Site.clientPort).outputs.map(\.port) == there.map(\.port))
    guard let arrived = there.first, let reply = arrived.packet.answered(with: [.syn, .ack]) as Packet? else { return }
    let back = second.receive(reply, from: arrived.port).outputs
    #expect(back.map(\.port) == [Site.clientPort])
    #expect(back.first?.packet.datagram?.source == self.web.virtualIP.address)
  }

  @Test func `select groups of switches that share name what they hash, and without OpenFlow 1.5 there are none`() {
    var facts = Site.makeFacts(regions: 2)
    facts.placement = .hash
    facts.isShared = true
    func groups() -> [DatapathProgram.Group] {
      let plan = Bench.healthyPlan(self.catalogue.intent, slotCounts: facts.slotCounts)
      return Blueprint(self.catalogue, facts: facts, plan: plan).program.groups.values.filter { $0.kind == .select }
    }
    let methods = groups().flatMap(\.properties).compactMap { property in
      if case .selectionMethod(let method) = property { method } else { nil }
    }
    #expect(methods.map(\.name) == ["hash"])
    #expect(methods.first?.fields.map(\.field) == [.ipv4Source, .tcpSource])
    facts.version = .v1_3
    #expect(groups().isEmpty)
  }
}

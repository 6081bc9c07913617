// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import DatapathModel
import FlowPipeline
import OpenFlow
import PacketHeaders
import Reconciliation
import ServiceModel
import Simulation
import Steering
import Testing

/// Clients behind the port of the gateway that serves them.
@Suite struct HairpinTests {
  private static let services = [
    Site.makeService(0, preference: [0, 1]),
    Site.makeService(1, preference: [0, 1], address: .v6(Site.virtualIPv6(1))),
  ]

  private func bench(_ plan: (inout SteeringPlan) -> Void = { _ in }) -> Bench {
    .programmed(Self.services, plan)
  }

  private func gateway(_ region: Int) -> GatewayHost {
    GatewayHost(address: Site.gatewayAddress(region), ipv6: Site.gatewayIPv6(region), mac: Site.gatewayMAC(region))
  }

  @Test(arguments: services)
  func `a connection goes to its gateway by the port that it came from, and back`(service: Service) throws {
    var bench = self.bench()
    let endpoint = bench.endpoint(of: service)
    let own = bench.compiler.facts.ownAddress(beside: Site.gatewayAddress(0, of: endpoint.address.family))
    for flags in [TCPSegment.Flags.syn, .syn, .ack] {
      let packet = Packet.fromClient(flags, port: 40_000, to: endpoint)
      let sent = bench.datapath.receive(packet, from: Site.gatewayPort(0)).outputs
      try #require(sent.map(\.port) == [Site.gatewayPort(0)])
      #expect(sent[0].packet.destination == Site.gatewayMAC(0))
      #expect(sent[0].packet.source == bench.compiler.facts.probeMAC, "the client is not behind the switch")
      #expect(sent[0].packet.datagram?.source == own)
      #expect(sent[0].packet.datagram?.destination == bench.target(of: service, inRegion: 0).address)
      let answer = try #require(self.gateway(0).answer(to: sent[0].packet, serves: { _ in true }))
      let back = bench.datapath.receive(answer, from: Site.gatewayPort(0)).outputs
      try #require(back.map(\.port) == [Site.gatewayPort(0)])
      #expect(back[0].packet.destination == Site.clientMAC)
      #expect(back[0].packet.source == service.virtualIP.mac)
      #expect(back[0].packet.datagram?.source == endpoint.address)
      #expect(back[0].packet.segment?.source == endpoint.port)
      #expect(back[0].packet.datagram?.destination == packet.datagram?.source)
      #expect(back[0].packet.segment?.destination == 40_000)
    }
  }

  @Test(arguments: services)
  func `one that another region serves keeps its source, as that of any client`(service: Service) throws {
    var bench = self.bench { $0.carrying = [Site.region(1)] }
    let packet = Packet.fromClient(.syn, port: 40_000, to: bench.endpoint(of: service))
    let sent = bench.datapath.receive(packet, from: Site.gatewayPort(0)).outputs
    try #require(sent.map(\.port) == [Site.gatewayPort(1)])
    #expect(sent[0].packet.datagram?.source == packet.datagram?.source)
    let answer = try #require(self.gateway(1).answer(to: sent[0].packet, serves: { _ in true }))
    let back = bench.datapath.receive(answer, from: Site.gatewayPort(1)).outputs
    #expect(back.map(\.port).contains(Site.gatewayPort(0)))
    #expect(back.allSatisfy { $0.packet.datagram?.source == service.virtualIP.address })
  }

  @Test func `connections from the same port to two services on one gateway are told apart`() throws {
    let others = [Self.services[0], Site.makeService(2, preference: [0, 1])]
    var bench = Bench(Site.makeIntent(regions: 2, services: others))
    bench.install(bench.healthyPlan)
    for service in others {
      let packet = Packet.fromClient(.syn, port: 40_000, to: bench.endpoint(of: service))
      let sent = bench.datapath.receive(packet, from: Site.gatewayPort(0)).outputs
      let answer = try #require(sent.first?.packet.answered(with: [.syn, .ack]))
      let back = bench.datapath.receive(answer, from: Site.gatewayPort(0)).outputs
      #expect(back.map { $0.packet.datagram?.source } == [service.virtualIP.address])
    }
  }

  @Test func `clients with the same port get different ones`() throws {
    var bench = self.bench()
    let endpoint = bench.endpoint(of: Self.services[0])
    var ports: [UInt16?] = []
    for client in [Site.clientAddress, IPv4Address(rawValue: Site.clientAddress.rawValue + 1)] {
      let packet = Packet.tcp(
        .syn, from: SocketEndpoint(client, 40_000), to: endpoint, source: Site.clientMAC,
        destination: Self.services[0].virtualIP.mac)
      let sent = bench.datapath.receive(packet, from: Site.gatewayPort(0)).outputs
      ports.append(sent.first?.packet.segment?.source)
      let answer = try #require(sent.first?.packet.answered(with: [.syn, .ack]))
      let back = bench.datapath.receive(answer, from: Site.gatewayPort(0)).outputs
      #expect(back.map { $0.packet.datagram?.destination } == [.v4(client)])
    }
    #expect(ports == [40_000, 40_001])
  }

  @Test(arguments: services)
  func `one flush of what a target answers forgets both translations`(service: Service) throws {
    var bench = self.bench()
    let packet = Packet.fromClient(.syn, port: 40_000, to: bench.endpoint(of: service))
    _ = bench.datapath.receive(packet, from: Site.gatewayPort(0))
    #expect(bench.datapath.connections.count == 2)
    let target = bench.target(of: service, inRegion: 0)
    let flush = ConntrackFlush(
      ipProtocol: 6, zone: TableLayout.zone,
      reply: ConntrackFlush.Tuple(source: target.address, sourcePort: target.port))
    _ = bench.datapath.apply(.conntrackFlush(flush))
    #expect(bench.datapath.connections.isEmpty)
  }

  @Test func `an echo request turns around nowhere, and the controller's own are answered`() {
    var bench = self.bench()
    func echo(_ kind: ICMPEcho.Kind, _ from: IPv4Address, _ to: IPv4Address) -> Packet {
      .echo(
        ICMPEcho(kind: kind, identifier: 7, sequence: 1, payload: []), from: from, to: to, source: Site.clientMAC,
        destination: VirtualIP.defaultMAC(for: to))
    }
    let request = echo(.request, Site.clientAddress, Site.virtualIP(0))
    #expect(bench.datapath.receive(request, from: Site.gatewayPort(0)).outputs.isEmpty)
    let reply = echo(.reply, Site.gatewayAddress(0), Site.probeAddress())
    #expect(bench.datapath.receive(reply, from: Site.gatewayPort(0)).outputs.map(\.port) == [.controller])
  }

  @Test func `a gateway learns the switch's own IPv6 address from the switch`() throws {
    var bench = self.bench()
    let own = try #require(bench.compiler.facts.ownAddress(beside: .v6(Site.gatewayIPv6(0))).ipv6)
    let question = Packet.neighbourSolicitation(of: own, from: Site.gatewayIPv6(0), at: Site.gatewayMAC(0))
    let sent = bench.datapath.receive(question, from: Site.gatewayPort(0)).outputs
    #expect(sent.map(\.port) == [Site.gatewayPort(0)])
    #expect(sent.first?.packet.neighbour?.option?.mac == bench.compiler.facts.probeMAC)
    #expect("\(own)" == "2001:db8::849:aff:fe00:1")
  }

  @Test func `services cost no flows for it`() {
    func flows(_ count: Int) -> Int {
      let services = (0..<count).map { Site.makeService($0, preference: [0, 1]) }
      let bench = Bench(Site.makeIntent(regions: 2, services: services))
      return bench.program(bench.healthyPlan).flows.keys.count {
        $0.table == TableLayout.Table.hairpin.rawValue || $0.table == TableLayout.Table.deliver.rawValue
          || $0.priority == TableLayout.Classify.hairpin
      }
    }
    #expect(flows(1) == flows(20))
  }

  @Test(arguments: [Placement.hash, .reactive, .redirect])
  func `a switch that tracks nothing has none of it`(placement: Placement) {
    let bench = Bench(Site.makeIntent(regions: 2, services: [Self.services[0]]), placement: placement)
    let flows = bench.program(bench.healthyPlan).flows.keys
    #expect(!flows.contains { $0.table == TableLayout.Table.hairpin.rawValue })
  }
}

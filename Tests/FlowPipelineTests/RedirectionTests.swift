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

/// Packets through the compiled program end where the plan says.
@Suite struct RedirectionTests {
  private let web = Site.makeService(0, preference: [0, 1, 2])
  private let mail = Site.makeService(1, preference: [2, 0])

  private func bench() -> Bench {
    .programmed([self.web, self.mail], regions: 3)
  }

  @Test func `a new connection goes to the target of the first region and carries its MAC`() throws {
    var bench = self.bench()
    for (service, region) in [(self.web, 0), (self.mail, 2)] {
      let syn = Packet.fromClient(.syn, port: 40_000, to: bench.endpoint(of: service))
      let sent = bench.datapath.receive(syn, from: Site.clientPort).outputs
      try #require(sent.count == 1)
      #expect(sent[0].port == Site.gatewayPort(region))
      #expect(sent[0].packet.destination == Site.gatewayMAC(region))
      #expect(sent[0].packet.datagram?.source == .v4(Site.clientAddress))
      let target = bench.target(of: service, inRegion: region)
      #expect(sent[0].packet.datagram?.destination == target.address)
      #expect(sent[0].packet.segment?.destination == target.port)
    }
  }

  @Test func `a service with an IPv6 virtual IP goes by the gateways' IPv6 addresses, and so do its replies`() throws {
    let web6 = Site.makeService(2, preference: [1, 0], address: .v6(Site.virtualIPv6(0)))
    var bench = Bench(Site.makeIntent(regions: 3, services: [self.web, web6]))
    #expect(bench.install(Bench.healthyPlan(bench.intent)) == [])
    let endpoint = bench.endpoint(of: web6)
    let syn = Packet.fromClient(.syn, port: 40_000, to: endpoint)
    let sent = bench.datapath.receive(syn, from: Site.clientPort).outputs
    try #require(sent.map(\.port) == [Site.gatewayPort(1)])
    #expect(sent[0].packet.destination == Site.gatewayMAC(1))
    #expect(sent[0].packet.datagram?.source == .v6(Site.clientIPv6))
    #expect(sent[0].packet.datagram?.destination == .v6(Site.gatewayIPv6(1)))
    for isForgotten in [false, true] {
      if isForgotten { _ = bench.datapath.apply(.conntrackFlush(ConntrackFlush())) }
      let answer = try #require(sent[0].packet.answered(with: .ack))
      let back = bench.datapath.receive(answer, from: Site.gatewayPort(1)).outputs
      #expect(back.map(\.port).contains(Site.clientPort))
      #expect(back.allSatisfy { $0.packet.datagram?.source == endpoint.address })
      #expect(back.allSatisfy { $0.packet.segment?.source == endpoint.port })
    }
    let reply = ConntrackFlush.Tuple(source: .v6(Site.gatewayIPv6(1)))
    _ = bench.datapath.receive(syn, from: Site.clientPort)
    #expect(bench.datapath.connections.count == 1)
    _ = bench.datapath.apply(
      .conntrackFlush(ConntrackFlush(zone: TableLayout.zone, reply: .init(source: .v4(Site.gatewayAddress(1))))))
    #expect(bench.datapath.connections.count == 1)
    _ = bench.datapath.apply(.conntrackFlush(ConntrackFlush(zone: TableLayout.zone, reply: reply)))
    #expect(bench.datapath.connections.isEmpty)
  }

  @Test func `two services behind one gateway arrive on different ports`() {
    let bench = self.bench()
    #expect(bench.target(of: self.web, inRegion: 0) != bench.target(of: self.mail, inRegion: 0))
  }

  @Test func `a reply comes back with the virtual IP as source`() throws {
    var bench = self.bench()
    let endpoint = bench.endpoint(of: self.web)
    let syn = bench.datapath.receive(.fromClient(.syn, port: 40_000, to: endpoint), from: Site.clientPort)
    let answer = try #require(syn.outputs.first?.packet.answered(with: [.syn, .ack]))
    let sent = bench.datapath.receive(answer, from: Site.gatewayPort(0)).outputs
    #expect(sent.map(\.port).contains(Site.clientPort))
    for output in sent {
      #expect(output.packet.datagram?.source == endpoint.address)
      #expect(output.packet.segment?.source == endpoint.port)
      #expect(output.packet.source == self.web.virtualIP.mac)
      #expect(output.packet.datagram?.destination == .v4(Site.clientAddress))
    }
  }

  @Test func `a SYN that is sent again before anybody answered goes the same way`() throws {
    var bench = self.bench()
    let syn = Packet.fromClient(.syn, port: 40_000, to: bench.endpoint(of: self.web))
    let first = bench.datapath.receive(syn, from: Site.clientPort).outputs
    let second = bench.datapath.receive(syn, from: Site.clientPort).outputs
    #expect(first.count == 1)
    #expect(second.map(\.port) == first.map(\.port))
    #expect(second.map(\.packet) == first.map(\.packet))
  }

  @Test func `an open connection stays in its region when the plan prefers another`() throws {
    var bench = self.bench()
    let endpoint = bench.endpoint(of: self.web)
    let syn = bench.datapath.receive(.fromClient(.syn, port: 40_000, to: endpoint), from: Site.clientPort)
    let answer = try #require(syn.outputs.first?.packet.answered(with: [.syn, .ack]))
    _ = bench.datapath.receive(answer, from: Site.gatewayPort(0))

    var plan = bench.plan
    plan.services[0].choices[0].eligibility = .excluded
    bench.install(plan)
    let old = bench.datapath.receive(.fromClient(.ack, port: 40_000, to: endpoint), from: Site.clientPort)
    let new = bench.datapath.receive(.fromClient(.syn, port: 40_001, to: endpoint), from: Site.clientPort)
    #expect(old.outputs.map(\.port) == [Site.gatewayPort(0)])
    #expect(new.outputs.map(\.port) == [Site.gatewayPort(1)])
  }

  @Test func `a region that does not carry traffic is passed over by every service`() {
    var bench = self.bench()
    var plan = bench.plan
    plan.carrying.remove(Site.region(2))
    plan.carrying.remove(Site.region(0))
    bench.install(plan)
    let web = bench.datapath.receive(.fromClient(.syn, port: 1, to: bench.endpoint(of: self.web)), from: 1)
    let mail = bench.datapath.receive(.fromClient(.syn, port: 2, to: bench.endpoint(of: self.mail)), from: 1)
    #expect(web.outputs.map(\.port) == [Site.gatewayPort(1)])
    #expect(mail.outputs.isEmpty)
  }

  @Test func `a port that goes down moves new connections without any message`() {
    var bench = self.bench()
    #expect(bench.datapath.setPort(Site.gatewayPort(0), isUp: false) != nil)
    let sent = bench.datapath.receive(.fromClient(.syn, port: 1, to: bench.endpoint(of: self.web)), from: 1)
    #expect(sent.outputs.map(\.port) == [Site.gatewayPort(1)])
  }

  @Test func `a held region gets new connections although it is out`() {
    var bench = self.bench()
    var plan = bench.plan
    plan.carrying = []
    plan.services[0].choices[1].eligibility = .withPort
    bench.install(plan)
    let sent = bench.datapath.receive(.fromClient(.syn, port: 1, to: bench.endpoint(of: self.web)), from: 1)
    #expect(sent.outputs.map(\.port) == [Site.gatewayPort(1)])
  }

  @Test func `a reply whose connection the switch has forgotten never shows the gateway's address`() throws {
    var bench = self.bench()
    let endpoint = bench.endpoint(of: self.web)
    let syn = bench.datapath.receive(.fromClient(.syn, port: 40_000, to: endpoint), from: Site.clientPort)
    let answer = try #require(syn.outputs.first?.packet.answered(with: .ack))
    _ = bench.datapath.apply(.conntrackFlush(ConntrackFlush()))
    let sent = bench.datapath.receive(answer, from: Site.gatewayPort(0)).outputs
    #expect(!sent.isEmpty)
    for output in sent {
      #expect(output.packet.datagram?.source == endpoint.address)
      #expect(output.packet.segment?.source == endpoint.port)
    }
  }

  @Test func `a connection that was flushed is opened anew in another region`() throws {
    var bench = self.bench()
    let endpoint = bench.endpoint(of: self.web)
    _ = bench.datapath.receive(.fromClient(.syn, port: 40_000, to: endpoint), from: Site.clientPort)
    var plan = bench.plan
    plan.carrying.remove(Site.region(0))
    bench.install(plan)
    let reply = ConntrackFlush.Tuple(source: .v4(Site.gatewayAddress(0)))
    _ = bench.datapath.apply(.conntrackFlush(ConntrackFlush(zone: TableLayout.zone, reply: reply)))
    let sent = bench.datapath.receive(.fromClient(.ack, port: 40_000, to: endpoint), from: Site.clientPort)
    #expect(sent.outputs.map(\.port) == [Site.gatewayPort(1)])
  }

  @Test func `what is no listener of a dedicated virtual IP is dropped`() {
    var bench = self.bench()
    let endpoint = SocketEndpoint(self.web.virtualIP.address, 81)
    let sent = bench.datapath.receive(.fromClient(.syn, port: 1, to: endpoint), from: Site.clientPort)
    #expect(sent.outputs.isEmpty)
  }

  @Test func `other services' traffic is forwarded as before`() {
    var bench = self.bench()
    let host = IPv4Address(rawValue: 0x0808_0808)
    let mac = MACAddress(rawValue: 0x0299_0000_0001)
    let packet = Packet.tcp(
      .syn, from: SocketEndpoint(Site.clientAddress, 1), to: SocketEndpoint(host, 22), source: Site.clientMAC,
      destination: mac)
    let flood = bench.datapath.receive(packet, from: Site.clientPort)
    #expect(flood.outputs.map(\.port) == (0..<3).map(Site.gatewayPort))
    #expect(flood.outputs.allSatisfy { $0.packet == packet })
    // The other side answers: from now on both are known.
    let back = Packet.tcp(
      [.syn, .ack], from: SocketEndpoint(host, 22), to: SocketEndpoint(Site.clientAddress, 1), source: mac,
      destination: Site.clientMAC)
    #expect(bench.datapath.receive(back, from: Site.gatewayPort(1)).outputs.map(\.port) == [Site.clientPort])
    let again = bench.datapath.receive(packet, from: Site.clientPort)
    #expect(again.outputs.map(\.port) == [Site.gatewayPort(1)])
  }

  @Test func `direct traffic to a gateway and its replies are left alone`() {
    var bench = self.bench()
    let direct = SocketEndpoint(Site.gatewayAddress(0), 22)
    let packet = Packet.tcp(
      .syn, from: SocketEndpoint(Site.clientAddress, 1), to: direct, source: Site.clientMAC,
      destination: Site.gatewayMAC(0))
    #expect(bench.datapath.receive(packet, from: Site.clientPort).outputs.allSatisfy { $0.packet == packet })
    let reply = packet.answered(with: [.syn, .ack])
    let sent = reply.map { bench.datapath.receive($0, from: Site.gatewayPort(0)).outputs } ?? []
    #expect(sent.map(\.port) == [Site.clientPort])
    #expect(sent.map(\.packet) == [reply])
    #expect(bench.datapath.connections.isEmpty)
  }
}

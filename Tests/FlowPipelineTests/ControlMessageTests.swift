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

/// Echo requests to a virtual IP are answered by a region that serves.
@Suite struct ControlMessageTests {
  private static let services = [
    Site.makeService(0, preference: [0, 1]),
    Site.makeService(1, preference: [0, 1], address: .v6(Site.virtualIPv6(1))),
  ]

  private func echo(_ kind: ICMPEcho.Kind, to address: IPAddress) -> Packet {
    .echo(
      ICMPEcho(kind: kind, identifier: 7, sequence: 1, payload: [1, 2, 3]), from: Site.clientAddress(address.family),
      to: address, source: Site.clientMAC, destination: VirtualIP.defaultMAC(for: address))
  }

  private func bench(_ plan: (inout SteeringPlan) -> Void = { _ in }) -> Bench {
    .programmed(Self.services, plan)
  }

  @Test(arguments: services.prefix(1).map(\.virtualIP.address))
  func `the first region's gateway gets them, and its replies come from the virtual IP`(address: IPAddress) throws {
    var bench = self.bench()
    for sequence in 1...2 {
      let sent = bench.datapath.receive(self.echo(.request, to: address), from: Site.clientPort).outputs
      try #require(sent.map(\.port) == [Site.gatewayPort(0)], "\(sequence)")
      #expect(sent[0].packet.destination == Site.gatewayMAC(0))
      #expect(sent[0].packet.datagram?.destination == Site.gatewayAddress(0, of: address.family))
      let host = GatewayHost(address: Site.gatewayAddress(0), ipv6: Site.gatewayIPv6(0), mac: Site.gatewayMAC(0))
      let reply = try #require(host.answer(to: sent[0].packet, serves: { _ in false }))
      let back = bench.datapath.receive(reply, from: Site.gatewayPort(0)).outputs
      #expect(back.map(\.port).contains(Site.clientPort))
      #expect(back.allSatisfy { $0.packet.datagram?.source == address })
      #expect(back.allSatisfy { $0.packet.source == VirtualIP.defaultMAC(for: address) })
    }
  }

  @Test(arguments: services.prefix(1).map(\.virtualIP.address))
  func `the other region gets them if the first one is out, and nobody if both are`(address: IPAddress) {
    var other = self.bench { $0.carrying = [Site.region(1)] }
    let sent = other.datapath.receive(self.echo(.request, to: address), from: Site.clientPort).outputs
    #expect(sent.map(\.port) == [Site.gatewayPort(1)])
    var nobody = self.bench { $0.carrying = [] }
    #expect(nobody.datapath.receive(self.echo(.request, to: address), from: Site.clientPort).outputs.isEmpty)
  }

  @Test(arguments: IPAddress.Family.allCases)
  func `a gateway's own replies are forwarded as before`(family: IPAddress.Family) {
    var bench = self.bench()
    let reply = Packet.echo(
      ICMPEcho(kind: .reply, identifier: 7, sequence: 1, payload: []), from: Site.gatewayAddress(1, of: family),
      to: Site.clientAddress(family), source: Site.gatewayMAC(1), destination: Site.clientMAC)
    let outputs = bench.datapath.receive(reply, from: Site.gatewayPort(1)).outputs
    #expect(outputs.map(\.port) == [Site.clientPort, Site.gatewayPort(0)])
    #expect(outputs.allSatisfy { $0.packet == reply })
  }

  @Test func `one to an IPv6 address is not answered`() {
    var bench = self.bench()
    let request = self.echo(.request, to: Self.services[1].virtualIP.address)
    #expect(bench.datapath.receive(request, from: Site.clientPort).outputs.isEmpty)
    #expect(bench.datapath.connections.isEmpty)
  }

  @Test func `a service that moves costs echo nothing`() {
    let bench = self.bench()
    var plan = bench.plan
    plan.services[0].choices[0].eligibility = .excluded
    #expect(ChangePlan(from: bench.datapath.program, to: bench.program(plan)).count == 1)
  }

  @Test func `an adopted address is left to its owner`() {
    let owned = Site.makeService(0, preference: [0], owner: Site.region(0), address: .v4(Site.gatewayAddress(0)))
    var bench = Bench(Site.makeIntent(regions: 2, services: [owned]))
    bench.install(bench.healthyPlan)
    let request = self.echo(.request, to: owned.virtualIP.address)
    let outputs = bench.datapath.receive(request, from: Site.clientPort).outputs
    #expect(outputs.map(\.port) == [Site.gatewayPort(0)])
    #expect(outputs.first?.packet.datagram?.destination == owned.virtualIP.address)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import DatapathModel
import FlowPipeline
import OpenFlow
import PacketHeaders
import ServiceModel
import Simulation
import Testing

/// The switch answers neighbour discovery for IPv6 virtual IPs, and nobody else does.
@Suite struct NeighbourDiscoveryTests {
  private let owner = Site.region(0)
  private var web: Service { Site.makeService(0, preference: [0, 1], address: .v6(Site.virtualIPv6(0))) }
  private var adopted: Service {
    Site.makeService(1, preference: [0, 1], owner: self.owner, address: .v6(Site.gatewayIPv6(0)))
  }

  private func bench() -> Bench {
    .programmed([self.web, self.adopted])
  }

  private func address(of service: Service) throws -> IPv6Address { try #require(service.virtualIP.address.ipv6) }

  @Test(arguments: [nil, MACAddress(rawValue: 0x0a4a_0000_0001)])
  func `a question is answered with the virtual MAC, by the port that it came from`(at known: MACAddress?) throws {
    var bench = self.bench()
    for service in [self.web, self.adopted] {
      let address = try self.address(of: service)
      let question = Packet.neighbourSolicitation(of: address, from: Site.clientIPv6, at: Site.clientMAC, to: known)
      let outputs = bench.datapath.receive(question, from: Site.clientPort).outputs
      try #require(outputs.count == 1)
      #expect(outputs[0].port == Site.clientPort)
      let packet = outputs[0].packet
      #expect(packet.source == service.virtualIP.mac)
      #expect(packet.destination == Site.clientMAC)
      #expect(packet.datagram?.source == .v6(address))
      #expect(packet.datagram?.destination == .v6(Site.clientIPv6))
      #expect(packet.datagram?.timeToLive == 255)
      #expect(
        packet.neighbour
          == NeighbourMessage(
            kind: .advertisement, flags: 0x6000_0000, target: address,
            option: NeighbourMessage.Option(.target, service.virtualIP.mac)))
    }
  }

  @Test func `a question without the asker's MAC address is answered without one`() throws {
    var bench = self.bench()
    let address = try self.address(of: self.web)
    let question = Packet.neighbourSolicitation(
      of: address, from: Site.clientIPv6, at: Site.clientMAC, tellingOwn: false, to: self.web.virtualIP.mac)
    let outputs = bench.datapath.receive(question, from: Site.clientPort).outputs
    #expect(outputs.map(\.port) == [Site.clientPort])
    #expect(
      outputs.first?.packet.neighbour
        == NeighbourMessage(kind: .advertisement, flags: 0x6000_0000, target: address))
  }

  @Test func `who wants to take the address is told that it is taken, with all others`() throws {
    var bench = self.bench()
    let address = try self.address(of: self.web)
    let check = Packet.neighbourSolicitation(of: address, from: .unspecified, at: Site.clientMAC, tellingOwn: false)
    let outputs = bench.datapath.receive(check, from: Site.clientPort).outputs
    #expect(outputs.map(\.port) == [Site.clientPort])
    #expect(outputs.first?.packet.datagram?.destination == .v6(.allNodes))
    #expect(outputs.first?.packet.destination.description == "33:33:00:00:00:01")
    #expect(outputs.first?.packet.neighbour?.kind == .advertisement)
    #expect(outputs.first?.packet.neighbour?.flags == 0x2000_0000, "nobody in particular is answered")
  }

  @Test func `the owner's duplicate address check is not answered`() throws {
    var bench = self.bench()
    let check = Packet.neighbourSolicitation(
      of: try self.address(of: self.adopted), from: .unspecified, at: Site.gatewayMAC(0), tellingOwn: false)
    #expect(bench.datapath.receive(check, from: Site.gatewayPort(0)).outputs.isEmpty)
  }

  private func advertisement(of address: IPv6Address, by mac: MACAddress) -> Packet {
    Packet(
      source: mac, destination: Site.clientMAC,
      content: .ip(
        Packet.Datagram(
          source: .v6(address), destination: .v6(Site.clientIPv6), timeToLive: 255,
          transport: .neighbour(
            NeighbourMessage(
              kind: .advertisement, flags: 0x6000_0000, target: address,
              option: NeighbourMessage.Option(.target, mac))))))
  }

  @Test func `nobody else may claim the address`() throws {
    var bench = self.bench()
    for service in [self.web, self.adopted] {
      let address = try self.address(of: service)
      let claim = self.advertisement(of: address, by: Site.gatewayMAC(1))
      #expect(bench.datapath.receive(claim, from: Site.gatewayPort(1)).outputs.isEmpty)
      let question = Packet.neighbourSolicitation(of: Site.clientIPv6, from: address, at: Site.gatewayMAC(1))
      #expect(bench.datapath.receive(question, from: Site.gatewayPort(1)).outputs.isEmpty)
    }
  }

  @Test func `what the owner says of its address carries the virtual MAC`() throws {
    var bench = self.bench()
    let address = try self.address(of: self.adopted)
    let question = Packet.neighbourSolicitation(of: Site.clientIPv6, from: address, at: Site.gatewayMAC(0))
    let asked = bench.datapath.receive(question, from: Site.gatewayPort(0)).outputs
    #expect(asked.map(\.port) == [Site.clientPort, Site.gatewayPort(1)])
    #expect(asked.allSatisfy { $0.packet.neighbour?.option?.mac == self.adopted.virtualIP.mac })
    let told = bench.datapath.receive(
      self.advertisement(of: address, by: Site.gatewayMAC(0)), from: Site.gatewayPort(0))
    #expect(!told.outputs.isEmpty)
    #expect(told.outputs.allSatisfy { $0.packet.neighbour?.option?.mac == self.adopted.virtualIP.mac })
  }

  @Test func `the owner gets the answers to its own questions`() throws {
    var bench = self.bench()
    var answer = self.advertisement(of: Site.clientIPv6, by: Site.clientMAC)
    answer.destination = self.adopted.virtualIP.mac
    answer.datagram?.destination = .v6(try self.address(of: self.adopted))
    let outputs = bench.datapath.receive(answer, from: Site.clientPort).outputs
    #expect(outputs.map(\.port) == [Site.gatewayPort(0)])
    #expect(outputs.first?.packet.destination == Site.gatewayMAC(0))
  }

  @Test func `questions for other addresses are forwarded as before`() {
    var bench = self.bench()
    let question = Packet.neighbourSolicitation(of: Site.gatewayIPv6(1), from: Site.clientIPv6, at: Site.clientMAC)
    let outputs = bench.datapath.receive(question, from: Site.clientPort).outputs
    #expect(outputs.map(\.port) == [Site.gatewayPort(0), Site.gatewayPort(1)])
    #expect(outputs.allSatisfy { $0.packet == question })
  }
}

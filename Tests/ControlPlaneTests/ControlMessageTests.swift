// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ControlPlane
import DatapathModel
import FlowPipeline
import OpenFlow
import PacketHeaders
import ServiceModel
import Simulation
import Testing

/// What a switch cannot do with ICMP, ARP and neighbour discovery the controller does.
@Suite struct ControlMessageTests {
  private static let services = [
    Site.makeService(0, preference: [0, 1], policy: .roundRobin),
    Site.makeService(1, preference: [0, 1], policy: .roundRobin, address: .v6(Site.virtualIPv6(1))),
  ]
  private static let plain: [Placement] = [.hash, .reactive, .redirect]

  private func rehearse(
    _ placement: Placement?, extras: Set<SoftwareSwitch.Extra> = Set(SoftwareSwitch.Extra.allCases)
  ) -> Rehearsal {
    let detection = Detection(heartbeatInterval: .milliseconds(100), misses: 3, rise: 3, hold: .seconds(2))
    var intent = Site.makeIntent(regions: 2, detection: detection, services: Self.services)
    intent.switches[0].placement = placement
    var rehearsal = Rehearsal(intent, extras: extras)
    rehearsal.connect()
    rehearsal.run(for: .seconds(1))
    #expect(rehearsal.controller.status(at: rehearsal.now).switches[0].refusal == nil)
    return rehearsal
  }

  /// Says that `packet` was too big.
  private func error(
    from sender: IPAddress, to receiver: IPAddress, about packet: Packet, source: MACAddress, destination: MACAddress
  ) -> Packet {
    let message: [UInt8] = (sender.family == .v4 ? [3, 4] : [2, 0]) + [0, 0, 0, 0, 5, 0xdc]
    return Packet(
      source: source, destination: destination,
      content: .ip(
        Packet.Datagram(
          source: sender, destination: receiver,
          transport: .other(
            protocolNumber: sender.family == .v4 ? 1 : 58,
            payload: message + packet.bytes.dropFirst(EthernetFrame.headerLength)))))
  }

  private func endpoint(_ service: Service) -> SocketEndpoint {
    SocketEndpoint(service.virtualIP.address, service.listeners[0].port)
  }

  private func target(_ service: Service, in region: Int, of rehearsal: Rehearsal) -> SocketEndpoint {
    SocketEndpoint(
      Site.gatewayAddress(region, of: service.virtualIP.address.family),
      Numbering(rehearsal.intent).targetPort(of: service.listeners[0], in: service.name))
  }

  private func client(_ service: Service) -> SocketEndpoint {
    SocketEndpoint(Site.clientAddress(service.virtualIP.address.family), 40_000)
  }

  @Test(arguments: plain, services)
  func `an error from a region reaches the client as one about the virtual IP`(
    placement: Placement, service: Service
  ) throws {
    var rehearsal = self.rehearse(placement)
    let target = self.target(service, in: 1, of: rehearsal)
    let sent = Packet.tcp(
      .ack, from: self.client(service), to: target, source: Site.clientMAC, destination: Site.gatewayMAC(1))
    let error = self.error(
      from: target.address, to: self.client(service).address, about: sent, source: Site.gatewayMAC(1),
      destination: Site.clientMAC)
    let outputs = rehearsal.send(error, from: Site.gatewayPort(1)).filter { $0.packet != error }
    let told = try #require(outputs.first.flatMap { ICMPError(frame: $0.packet.bytes) })
    #expect(outputs.allSatisfy { $0.packet.source == service.virtualIP.mac })
    #expect(told.source == service.virtualIP.address)
    #expect(told.destination == self.client(service).address)
    #expect(told.quoted.source == self.client(service))
    #expect(told.quoted.destination == self.endpoint(service))
  }

  @Test(arguments: plain, services)
  func `what a gateway says of other packets goes on as before, and only that`(
    placement: Placement, service: Service
  ) {
    var rehearsal = self.rehearse(placement)
    var other = self.target(service, in: 1, of: rehearsal)
    other.port = 9
    let sent = Packet.tcp(
      .ack, from: self.client(service), to: other, source: Site.clientMAC, destination: Site.gatewayMAC(1))
    let error = self.error(
      from: other.address, to: self.client(service).address, about: sent, source: Site.gatewayMAC(1),
      destination: Site.clientMAC)
    let outputs = rehearsal.send(error, from: Site.gatewayPort(1))
    #expect(outputs.map(\.port).contains(Site.clientPort))
    #expect(outputs.allSatisfy { $0.packet == error })
    // Another region's port cannot speak for this target.
    let target = self.target(service, in: 1, of: rehearsal)
    let foreign = self.error(
      from: target.address, to: self.client(service).address,
      about: .tcp(
        .ack, from: self.client(service), to: target, source: Site.clientMAC, destination: Site.gatewayMAC(1)),
      source: Site.gatewayMAC(0), destination: Site.clientMAC)
    #expect(rehearsal.send(foreign, from: Site.gatewayPort(0)).allSatisfy { $0.packet == foreign })
  }

  @Test(arguments: plain, services)
  func `an error about a reply reaches the regions that may have sent it`(
    placement: Placement, service: Service
  ) throws {
    var rehearsal = self.rehearse(placement)
    let syn = Packet.fromClient(.syn, port: 40_000, to: self.endpoint(service))
    let serving = try #require(rehearsal.send(syn, from: Site.clientPort).first?.port)
    let reply = Packet.tcp(
      .ack, from: self.endpoint(service), to: self.client(service), source: service.virtualIP.mac,
      destination: Site.clientMAC)
    let router = Site.clientAddress(service.virtualIP.address.family)
    let error = self.error(
      from: router, to: service.virtualIP.address, about: reply, source: Site.clientMAC,
      destination: service.virtualIP.mac)
    let outputs = rehearsal.send(error, from: Site.clientPort)
    #expect(outputs.map(\.port).contains(serving))
    #expect(outputs.count == (placement == .hash ? 2 : 1))
    for output in outputs {
      let region = try #require((0..<2).first { Site.gatewayPort($0) == output.port })
      let told = try #require(ICMPError(frame: output.packet.bytes))
      let target = self.target(service, in: region, of: rehearsal)
      #expect(output.packet.destination == Site.gatewayMAC(region))
      #expect(told.source == router)
      #expect(told.destination == target.address)
      #expect(told.quoted.source == target)
      #expect(told.quoted.destination == self.client(service))
    }
  }

  @Test(arguments: [nil, .hash, .reactive] as [Placement?])
  func `a switch that cannot answer questions has the controller answer them`(placement: Placement?) throws {
    for canAnswer in [true, false] {
      var rehearsal = self.rehearse(placement, extras: canAnswer ? [.groups, .rewriting] : [.groups])
      #expect(rehearsal.look().contains { $0.contains("the controller does") } == !canAnswer)
      let asker = Site.clientAddress
      let question = Packet.whoHas(Site.virtualIP(0), from: asker, at: Site.clientMAC)
      let outputs = rehearsal.send(question, from: Site.clientPort)
      #expect(outputs.map(\.port) == [Site.clientPort])
      #expect(
        outputs.first?.packet
          == .isAt(Self.services[0].virtualIP.mac, Site.virtualIP(0), to: asker, at: Site.clientMAC))
      let solicitation = Packet.neighbourSolicitation(
        of: Site.virtualIPv6(1), from: Site.clientIPv6, at: Site.clientMAC)
      let advertisements = rehearsal.send(solicitation, from: Site.clientPort)
      #expect(advertisements.map(\.port) == [Site.clientPort])
      #expect(advertisements.first?.packet.neighbour?.kind == .advertisement)
      #expect(advertisements.first?.packet.neighbour?.option?.mac == Self.services[1].virtualIP.mac)
      let cookies = rehearsal.datapaths[Site.datapath(0)]?.flows.map(\.cookie) ?? []
      #expect(cookies.contains(Cookie.question.rawValue) == !canAnswer)
      // Without a configured placement connection tracking is tried again.
      guard placement != nil else { continue }
      rehearsal.restartController()
      rehearsal.run(for: .seconds(1))
      #expect(!rehearsal.look().contains { $0.hasPrefix("change") }, "a restart changes nothing")
    }
  }
}

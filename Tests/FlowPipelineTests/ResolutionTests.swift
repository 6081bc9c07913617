// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import DatapathModel
import OpenFlow
import PacketHeaders
import ServiceModel
import Simulation
import Steering
import Testing

/// Address resolution for virtual IPs is the switch's own affair.
@Suite struct ResolutionTests {
  private let owner = Site.region(0)
  private let dedicated = Site.makeService(0, preference: [0, 1])
  /// Has the address of its owner's gateway.
  private var adopted: Service {
    Site.makeService(1, preference: [0, 1], owner: self.owner, address: .v4(Site.gatewayAddress(0)))
  }

  private func bench() -> Bench {
    .programmed([self.dedicated, self.adopted])
  }

  @Test(arguments: [true, false])
  func `who asks for a virtual IP is answered at once, whoever lives`(isAnybodyAlive: Bool) throws {
    var bench = self.bench()
    if !isAnybodyAlive {
      var plan = bench.plan
      plan.carrying = []
      bench.install(plan)
    }
    for service in [self.dedicated, self.adopted] {
      let question = Packet.whoHas(service.virtualIP.address.ipv4!, from: Site.clientAddress, at: Site.clientMAC)
      let sent = bench.datapath.receive(question, from: Site.clientPort).outputs
      #expect(sent.map(\.port) == [Site.clientPort])
      #expect(
        sent.map(\.packet) == [
          .isAt(service.virtualIP.mac, service.virtualIP.address.ipv4!, to: Site.clientAddress, at: Site.clientMAC)
        ])
    }
  }

  @Test func `the switch answers for the address from which it probes`() {
    var bench = self.bench()
    let question = Packet.whoHas(Site.probeAddress(), from: Site.gatewayAddress(1), at: Site.gatewayMAC(1))
    let sent = bench.datapath.receive(question, from: Site.gatewayPort(1)).outputs
    #expect(sent.map(\.port) == [Site.gatewayPort(1)])
    #expect(
      sent.map(\.packet) == [
        .isAt(
          VirtualIP.defaultMAC(for: Site.probeAddress()), Site.probeAddress(), to: Site.gatewayAddress(1),
          at: Site.gatewayMAC(1))
      ])
  }

  @Test func `questions for other addresses are forwarded as before`() {
    var bench = self.bench()
    let question = Packet.whoHas(Site.gatewayAddress(1), from: Site.clientAddress, at: Site.clientMAC)
    let sent = bench.datapath.receive(question, from: Site.clientPort).outputs
    #expect(sent.map(\.port) == [Site.gatewayPort(0), Site.gatewayPort(1)])
    #expect(sent.allSatisfy { $0.packet == question })
  }

  @Test func `nobody else can claim a virtual IP`() {
    var bench = self.bench()
    for service in [self.dedicated, self.adopted] {
      let claim = Packet.whoHas(Site.clientAddress, from: service.virtualIP.address.ipv4!, at: Site.gatewayMAC(1))
      #expect(bench.datapath.receive(claim, from: Site.gatewayPort(1)).outputs.isEmpty)
    }
  }

  @Test func `answers to probes come to the controller, and only those`() {
    var bench = self.bench()
    let probe = VirtualIP.defaultMAC(for: Site.probeAddress())
    let reply = Packet.echo(
      ICMPEcho(kind: .reply, identifier: 1, sequence: 2, payload: [3]), from: Site.gatewayAddress(1),
      to: Site.probeAddress(), source: Site.gatewayMAC(1), destination: probe)
    let resolution = Packet.isAt(Site.gatewayMAC(1), Site.gatewayAddress(1), to: Site.probeAddress(), at: probe)
    for packet in [reply, resolution] {
      #expect(bench.datapath.receive(packet, from: Site.gatewayPort(1)).outputs.map(\.port) == [.controller])
      // From another port it is no answer of this gateway.
      let forged = bench.datapath.receive(packet, from: Site.clientPort).outputs
      #expect(!forged.contains { $0.port == .controller })
    }
  }

  @Test func `traffic to an adopted address that is no listener's reaches its owner`() throws {
    var bench = self.bench()
    let ssh = SocketEndpoint(self.adopted.virtualIP.address, 22)
    let sent = bench.datapath.receive(.fromClient(.syn, port: 1, to: ssh), from: Site.clientPort).outputs
    #expect(sent.map(\.port) == [Site.gatewayPort(0)])
    #expect(sent.first?.packet.destination == Site.gatewayMAC(0))
    #expect(sent.first?.packet.datagram?.destination == ssh.address)
  }

  @Test func `what the owner says of its address carries the virtual MAC`() throws {
    var bench = self.bench()
    let address = self.adopted.virtualIP.address.ipv4!
    let announcement = Packet.whoHas(address, from: address, at: Site.gatewayMAC(0))
    let question = Packet.whoHas(Site.clientAddress, from: address, at: Site.gatewayMAC(0))
    let answers = bench.datapath.receive(question, from: Site.gatewayPort(0)).outputs
    #expect(answers.map(\.port) == [Site.clientPort, Site.gatewayPort(1)])
    #expect(answers.allSatisfy { $0.packet.resolution?.senderMAC == self.adopted.virtualIP.mac })
    // An announcement asks for the address that it announces; nothing of it gets through with the owner's own MAC.
    let announced = bench.datapath.receive(announcement, from: Site.gatewayPort(0)).outputs
    #expect(announced.allSatisfy { $0.packet.resolution?.senderMAC != Site.gatewayMAC(0) })
  }

  @Test func `the owner gets the answers to its own questions`() {
    var bench = self.bench()
    let address = self.adopted.virtualIP.address.ipv4!
    let answer = Packet.isAt(Site.clientMAC, Site.clientAddress, to: address, at: self.adopted.virtualIP.mac)
    let sent = bench.datapath.receive(answer, from: Site.clientPort).outputs
    #expect(sent.map(\.port) == [Site.gatewayPort(0)])
    #expect(sent.first?.packet.destination == Site.gatewayMAC(0))
    #expect(sent.first?.packet.resolution?.targetMAC == Site.gatewayMAC(0))
  }

  @Test func `the owner's duplicate address check is not answered`() {
    var bench = self.bench()
    let check = Packet.whoHas(
      self.adopted.virtualIP.address.ipv4!, from: IPv4Address(rawValue: 0), at: Site.gatewayMAC(0))
    #expect(bench.datapath.receive(check, from: Site.gatewayPort(0)).outputs.isEmpty)
  }
}

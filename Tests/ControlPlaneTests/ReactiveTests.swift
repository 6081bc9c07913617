// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ControlPlane
import DatapathModel
import FlowPipeline
import OpenFlow
import Reconciliation
import ServiceModel
import Simulation
import Testing

/// The controller is asked about every connection and divides them exactly.
@Suite struct ReactiveTests {
  private let detection = Detection(heartbeatInterval: .milliseconds(100), misses: 3, rise: 3, hold: .seconds(2))

  private func rehearse(
    _ service: Service, extras: Set<SoftwareSwitch.Extra> = Set(SoftwareSwitch.Extra.allCases)
  ) -> Rehearsal {
    var intent = Site.makeIntent(regions: 3, detection: self.detection, services: [service])
    intent.switches[0].placement = .reactive
    var rehearsal = Rehearsal(intent, extras: extras)
    rehearsal.connect()
    rehearsal.run(for: .seconds(1))
    #expect(rehearsal.controller.status(at: rehearsal.now).switches[0].refusal == nil)
    return rehearsal
  }

  /// A client's packet; where it leaves the switch, with the controller's help if that is needed.
  private func region(
    _ rehearsal: inout Rehearsal, _ flags: TCPSegment.Flags = .syn, port: UInt16
  ) -> Int? {
    let service = rehearsal.intent.services[0]
    let packet = Packet.fromClient(
      flags, port: port, to: SocketEndpoint(service.virtualIP.address, service.listeners[0].port))
    return rehearsal.send(packet, from: Site.clientPort).lazy.compactMap { output in
      (0..<3).first { Site.gatewayPort($0) == output.port }
    }.first
  }

  /// The region's answer to a client's packet.
  private func answer(_ rehearsal: inout Rehearsal, from region: Int, _ flags: TCPSegment.Flags, port: UInt16) {
    let service = rehearsal.intent.services[0]
    let target = Numbering(rehearsal.intent).targetPort(of: service.listeners[0], in: service.name)
    let packet = Packet.tcp(
      flags, from: SocketEndpoint(Site.gatewayAddress(region), target),
      to: SocketEndpoint(Site.clientAddress, port), source: Site.gatewayMAC(region), destination: Site.clientMAC)
    _ = rehearsal.send(packet, from: Site.gatewayPort(region))
  }

  @Test func `round-robin is exact`() {
    var rehearsal = self.rehearse(Site.makeService(0, preference: [0, 1, 2], policy: .roundRobin))
    let regions = (0..<9).map { self.region(&rehearsal, port: 1000 + UInt16($0)) }
    #expect(regions == [0, 1, 2, 0, 1, 2, 0, 1, 2])
  }

  @Test func `weights are exact, and evenly mixed`() {
    var rehearsal = self.rehearse(
      Site.makeService(0, preference: [0, 1, 2], policy: .weighted, weights: [2, 1, 0]))
    let regions = (0..<6).map { self.region(&rehearsal, port: 1000 + UInt16($0)) }
    #expect(regions == [0, 1, 0, 0, 1, 0])
  }

  @Test func `least-connections counts ends that it saw`() {
    var rehearsal = self.rehearse(Site.makeService(0, preference: [0, 1, 2], policy: .leastConnections))
    #expect((0..<3).map { self.region(&rehearsal, port: 1000 + UInt16($0)) } == [0, 1, 2])
    self.answer(&rehearsal, from: 1, [.fin, .ack], port: 1001)
    #expect(self.region(&rehearsal, port: 2000) == 1)
    self.answer(&rehearsal, from: 2, [.rst], port: 1002)
    #expect(self.region(&rehearsal, port: 2001) == 2)
  }

  @Test func `a connection has a flow of its own and stays with its region`() {
    var rehearsal = self.rehearse(Site.makeService(0, preference: [0, 1, 2], policy: .roundRobin))
    #expect(self.region(&rehearsal, port: 1000) == 0)
    _ = rehearsal.look()
    for _ in 0..<3 { #expect(self.region(&rehearsal, [.ack], port: 1000) == 0) }
    let flows = rehearsal.datapaths[Site.datapath(0)]?.flows ?? []
    #expect(flows.count { $0.cookie & ConnectionFlow.cookieMask == ConnectionFlow.cookie } == 1)
  }

  @Test func `a client that uses its port again begins another connection`() {
    var rehearsal = self.rehearse(Site.makeService(0, preference: [0, 1, 2], policy: .roundRobin))
    #expect(self.region(&rehearsal, port: 1000) == 0)
    #expect(self.region(&rehearsal, port: 1000) == 0, "a SYN that is sent again is no other connection")
    self.answer(&rehearsal, from: 0, [.fin, .ack], port: 1000)
    #expect(self.region(&rehearsal, [.ack], port: 1000) == 0, "last packets")
    #expect(self.region(&rehearsal, port: 1000) == nil, "what follows would go by the last one's cached flow")
    #expect(self.region(&rehearsal, port: 1000) == 1, "it is sent again")
    #expect(self.region(&rehearsal, [.ack], port: 1000) == 1)
    self.answer(&rehearsal, from: 1, [.rst], port: 1000)
    rehearsal.tell(.drain(Site.region(1), deadline: nil, isForced: false))
    rehearsal.tell(.drain(Site.region(2), deadline: nil, isForced: false))
    rehearsal.expireConnections(packets: 7)
    #expect(self.region(&rehearsal, port: 1000) == 0, "nothing new goes to drained regions")
  }

  @Test func `a new controller does not count connections that have ended`() {
    var rehearsal = self.rehearse(Site.makeService(0, preference: [0, 1, 2], policy: .leastConnections))
    #expect((0..<4).map { self.region(&rehearsal, port: 1000 + UInt16($0)) } == [0, 1, 2, 0])
    for (port, region) in [(1000, 0), (1003, 0)] {
      self.answer(&rehearsal, from: region, [.fin, .ack], port: UInt16(port))
    }
    rehearsal.restartController()
    rehearsal.run(for: .seconds(1))
    #expect(self.region(&rehearsal, port: 2000) == 0)
    #expect(self.region(&rehearsal, [.ack], port: 1000) == 0, "last packets")
  }

  @Test func `a connection whose flow expired finds its region again`() {
    var rehearsal = self.rehearse(Site.makeService(0, preference: [0, 1, 2], policy: .roundRobin))
    #expect(self.region(&rehearsal, port: 1000) == 0)
    self.answer(&rehearsal, from: 0, [.syn, .ack], port: 1000)
    rehearsal.expireConnections(packets: 7)
    #expect(self.region(&rehearsal, [.ack], port: 1000) == 0)
  }

  @Test func `what never became a connection is forgotten`() {
    var rehearsal = self.rehearse(Site.makeService(0, preference: [0, 1, 2], policy: .leastConnections))
    #expect(self.region(&rehearsal, port: 1000) == 0)
    rehearsal.expireConnections(packets: 1)
    #expect(self.region(&rehearsal, port: 1001) == 0)
  }

  @Test func `a drained region keeps what is open and gets nothing new`() {
    var rehearsal = self.rehearse(Site.makeService(0, preference: [0, 1, 2], policy: .roundRobin))
    #expect(self.region(&rehearsal, port: 1000) == 0)
    rehearsal.tell(.drain(Site.region(0), deadline: nil, isForced: false))
    rehearsal.run(for: .seconds(1))
    #expect(self.region(&rehearsal, [.ack], port: 1000) == 0)
    #expect((0..<4).map { self.region(&rehearsal, port: 1001 + UInt16($0)) }.contains(0) == false)
  }

  @Test func `a dead region's connections go elsewhere`() {
    var rehearsal = self.rehearse(Site.makeService(0, preference: [0, 1, 2]))
    #expect(self.region(&rehearsal, port: 1000) == 0)
    rehearsal.dark = [0]
    rehearsal.run(for: .seconds(1))
    #expect(self.region(&rehearsal, [.ack], port: 1000) == 1)
    #expect(self.region(&rehearsal, port: 1001) == 1)
  }

  @Test(arguments: [Set<SoftwareSwitch.Extra>(SoftwareSwitch.Extra.allCases), []])
  func `a restart finds connections and changes nothing`(_ extras: Set<SoftwareSwitch.Extra>) {
    var rehearsal = self.rehearse(
      Site.makeService(0, preference: [0, 1, 2], policy: .leastConnections), extras: extras)
    #expect((0..<2).map { self.region(&rehearsal, port: 1000 + UInt16($0)) } == [0, 1])
    _ = rehearsal.look()
    rehearsal.restartController()
    rehearsal.run(for: .seconds(1))
    let lines = rehearsal.look()
    #expect(!lines.contains { $0.hasPrefix("change") }, "\(lines)")
    #expect(self.region(&rehearsal, [.ack], port: 1001) == 1)
    #expect(self.region(&rehearsal, port: 1002) == 2)
  }

  @Test func `new connections stay where they were after a restart`() {
    var rehearsal = self.rehearse(Site.makeService(0, preference: [0, 1, 2], failback: .manual))
    rehearsal.dark = [0]
    rehearsal.run(for: .seconds(1))
    rehearsal.dark = []
    rehearsal.run(for: .seconds(5))
    #expect(self.region(&rehearsal, port: 1000) == 1)
    rehearsal.restartController()
    rehearsal.run(for: .seconds(5))
    #expect(self.region(&rehearsal, port: 1001) == 1)
  }

  @Test func `asking is bounded by a meter`() {
    let rehearsal = self.rehearse(Site.makeService(0, preference: [0, 1]))
    let program = rehearsal.datapaths[Site.datapath(0)]?.program
    #expect(program?.meters[TableLayout.meter]?.bands.map(\.rate) == [UInt32(Switch.defaultReactiveRate)])
    #expect(program?.flows.values.contains { $0.instructions.contains(.meter(TableLayout.meter.rawValue)) } == true)
  }
}

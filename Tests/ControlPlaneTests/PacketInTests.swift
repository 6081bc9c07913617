// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ControlPlane
import DatapathModel
import OpenFlow
import PacketHeaders
import ServiceModel
import Simulation
import Testing

/// Packets that pretend to be answers to probes.
@Suite struct PacketInTests {
  private let detection = Detection(heartbeatInterval: .milliseconds(100), misses: 3, rise: 3, hold: .seconds(2))
  private let web = Site.makeService(0, preference: [0, 1])

  private func rehearse() -> Rehearsal {
    var rehearsal = Rehearsal(Site.makeIntent(regions: 2, detection: self.detection, services: [self.web]))
    rehearsal.connect()
    rehearsal.run(for: .seconds(1))
    _ = rehearsal.look()
    return rehearsal
  }

  private func packetIn(_ bytes: [UInt8], port: PortNumber?) -> Event {
    .packetArrived(
      Site.datapath(0),
      PacketIn(
        totalLength: UInt16(clamping: bytes.count), reason: .action, tableID: 0, cookie: 0,
        match: port.map { [.inPort($0)] } ?? .any, data: bytes))
  }

  private func reply(nonce: UInt64, identifier: UInt16 = 0x4953, from region: Int = 0) -> Packet {
    .echo(
      ICMPEcho(
        kind: .reply, identifier: identifier, sequence: UInt16(truncatingIfNeeded: nonce),
        payload: (0..<8).map { UInt8(truncatingIfNeeded: nonce >> (56 - 8 * $0)) }),
      from: Site.gatewayAddress(region), to: Site.probeAddress(), source: Site.gatewayMAC(region),
      destination: VirtualIP.defaultMAC(for: Site.probeAddress()))
  }

  @Test func `answers that nobody asked for do not keep a dark region in`() {
    var rehearsal = self.rehearse()
    rehearsal.dark = [0]
    for nonce in 0..<50 as Range<UInt64> {
      rehearsal.tell(self.packetIn(self.reply(nonce: nonce).bytes, port: Site.gatewayPort(0)))
      rehearsal.run(for: .milliseconds(10))
    }
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(1))
  }

  @Test func `what is cut short, unknown, or comes from nowhere does nothing at all`() {
    var rehearsal = self.rehearse()
    let before = rehearsal.controller
    let bytes = self.reply(nonce: 1).bytes
    for length in 0..<bytes.count {
      rehearsal.tell(self.packetIn(Array(bytes.prefix(length)), port: Site.gatewayPort(0)))
    }
    rehearsal.tell(self.packetIn(bytes, port: nil))
    rehearsal.tell(self.packetIn(bytes, port: 999))
    rehearsal.tell(self.packetIn(bytes, port: Site.gatewayPort(0)))
    rehearsal.tell(self.packetIn(bytes, port: .controller))
    rehearsal.tell(self.packetIn(self.reply(nonce: 1, identifier: 7).bytes, port: Site.gatewayPort(0)))
    rehearsal.tell(self.packetIn(self.reply(nonce: 1, from: 1).bytes, port: Site.gatewayPort(0)))
    rehearsal.tell(
      .packetArrived(
        Site.datapath(5),
        PacketIn(totalLength: 0, reason: .action, tableID: 0, cookie: 0, match: .any, data: [])))
    #expect(rehearsal.controller == before)
    #expect(rehearsal.look() == [])
  }

  private func claim(_ mac: MACAddress, region: Int = 0) -> Event {
    let answer = Packet.isAt(
      mac, Site.gatewayAddress(region), to: Site.probeAddress(), at: VirtualIP.defaultMAC(for: Site.probeAddress()))
    return self.packetIn(answer.bytes, port: Site.gatewayPort(region))
  }

  private let stranger = MACAddress(rawValue: 0x02ff_0000_0001)

  @Test func `a gateway that is rebuilt with another MAC is found`() {
    var rehearsal = self.rehearse()
    rehearsal.dark = [0]
    rehearsal.run(for: .milliseconds(210))
    _ = rehearsal.look()
    rehearsal.tell(self.claim(self.stranger))
    let lines = rehearsal.look()
    #expect(lines.contains("gateway of region r1 is \(self.stranger) on switch s1"))
    #expect(lines.contains("change s1: add flow, add flow"))
  }

  @Test func `nobody gets a region's traffic by claiming the address of a gateway that answers`() {
    var rehearsal = self.rehearse()
    for _ in 0..<100 {
      rehearsal.tell(self.claim(self.stranger))
      rehearsal.run(for: .milliseconds(7))
    }
    #expect(rehearsal.look() == [])
    let path = rehearsal.controller.status(at: rehearsal.now).regions[0].paths[0]
    #expect(path.mac == Site.gatewayMAC(0))
  }

  @Test func `two machines that claim one address do not keep each other from answering`() {
    var rehearsal = self.rehearse()
    rehearsal.dark = [0]
    rehearsal.run(for: .milliseconds(210))
    rehearsal.dark = []
    for _ in 0..<100 {
      rehearsal.tell(self.claim(self.stranger))
      rehearsal.run(for: .milliseconds(7))
      rehearsal.tell(self.claim(Site.gatewayMAC(0)))
    }
    let found = rehearsal.look().count { $0.hasPrefix("gateway") }
    #expect(found <= 10, "\(found)")
    rehearsal.run(for: .seconds(4))
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(0))
  }

  @Test func `with ARP probes another machine's answer is none`() {
    var intent = Site.makeIntent(regions: 2, detection: self.detection, services: [self.web])
    intent.detection.probe = .arp
    for index in 0..<2 { intent.switches[0].gateways[index].mac = Site.gatewayMAC(index) }
    var rehearsal = Rehearsal(intent)
    rehearsal.connect()
    rehearsal.run(for: .seconds(1))
    rehearsal.dark = [0]
    for _ in 0..<40 {
      rehearsal.tell(self.claim(self.stranger))
      rehearsal.run(for: .milliseconds(10))
    }
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(1))
  }

  @Test func `an address that is claimed with a group MAC is not believed`() {
    var rehearsal = self.rehearse()
    let before = rehearsal.controller
    let answer = Packet.isAt(
      .broadcast, Site.gatewayAddress(0), to: Site.probeAddress(),
      at: VirtualIP.defaultMAC(for: Site.probeAddress()))
    rehearsal.tell(self.packetIn(answer.bytes, port: Site.gatewayPort(0)))
    #expect(rehearsal.controller == before)
  }
}

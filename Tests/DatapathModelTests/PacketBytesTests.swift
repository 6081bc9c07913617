// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import DatapathModel
import OpenFlow
import PacketHeaders
import Simulation
import Testing

@Suite struct PacketBytesTests {
  private let packets: [Packet] = [
    .fromClient([.syn, .ack], port: 4711, to: .init(Site.virtualIP(0), 80)),
    .whoHas(Site.virtualIP(0), from: Site.clientAddress, at: Site.clientMAC),
    .isAt(Site.gatewayMAC(0), Site.gatewayAddress(0), to: Site.clientAddress, at: Site.clientMAC),
    .echo(
      ICMPEcho(kind: .request, identifier: 7, sequence: 8, payload: [1, 2, 3]), from: Site.clientAddress,
      to: Site.gatewayAddress(0), source: Site.clientMAC, destination: Site.gatewayMAC(0)),
    Packet(source: Site.clientMAC, destination: .broadcast, content: .other(type: 0x86dd, payload: [9, 8])),
    Packet(
      source: Site.clientMAC, destination: .broadcast,
      content: .ip(
        .init(
          source: .v4(Site.clientAddress), destination: .v4(Site.virtualIP(0)),
          transport: .other(protocolNumber: 17, payload: [1])))),
  ]

  @Test func `a packet is the same after it was bytes`() {
    for packet in self.packets { #expect(Packet(bytes: packet.bytes) == packet) }
  }

  @Test func `a frame that was cut anywhere never traps`() {
    for packet in self.packets {
      for length in 0..<packet.bytes.count { _ = Packet(bytes: Array(packet.bytes.prefix(length))) }
    }
  }

  @Test func `a packet sent by the controller leaves by the port that it names`() {
    var model = SoftwareSwitch(datapath: Site.datapath(0), ports: Site.makePorts(regions: 2))
    for packet in self.packets {
      let message = PacketOut(actions: [.output(12)], data: packet.bytes)
      let passage = model.apply(.packetOut(message)).passage
      #expect(passage?.outputs.map(\.port) == [12])
      #expect(passage?.outputs.map(\.packet) == [packet])
    }
  }
}

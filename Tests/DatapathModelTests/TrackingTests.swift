// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import DatapathModel
import OpenFlow
import Simulation
import Testing

/// The connection tracker, on tables that show what it said: a packet leaves by the port whose state it has.
@Suite struct TrackingTests {
  private var model = SoftwareSwitch(
    datapath: Site.datapath(0),
    ports: (1...9).map {
      PortDescription(number: PortNumber($0), hardwareAddress: Site.clientMAC, name: "\($0)")
    })
  private let address = SocketEndpoint(Site.virtualIP(0), 80)
  private let target = SocketEndpoint(Site.gatewayAddress(0), 20_000)

  init() {
    let ip = MatchEntry.ethernetType(0x0800)
    let track = ConntrackAction(zone: 7, table: 1, actions: [.nat(.followConnection)])
    let commit = ConntrackAction(
      commit: true, zone: 7, table: 2, actions: [.nat(.destination(self.target)), .setField(.conntrackMark(5))])
    for mod in [
      FlowMod(tableID: 0, match: [ip], instructions: [.applyActions([.conntrack(track)])]),
      FlowMod(
        tableID: 1, priority: 9, match: [.conntrackState(set: [.tracked, .invalid])],
        instructions: [.applyActions([.output(9)])]),
      FlowMod(
        tableID: 1, priority: 8, match: [ip, .conntrackState(set: [.new]), .conntrackMark(0)],
        instructions: [.applyActions([.conntrack(commit)])]),
      FlowMod(
        tableID: 1, priority: 7, match: [.conntrackState(set: [.new]), .conntrackMark(5)],
        instructions: [.applyActions([.output(4)])]),
      FlowMod(
        tableID: 1, priority: 6, match: [.conntrackState(set: [.established, .reply])],
        instructions: [.applyActions([.output(6)])]),
      FlowMod(
        tableID: 1, priority: 5, match: [.conntrackState(set: [.established], unset: [.reply, .new])],
        instructions: [.applyActions([.output(5)])]),
      FlowMod(tableID: 2, match: [.conntrackMark(5)], instructions: [.applyActions([.output(3)])]),
    ] {
      #expect(self.model.apply(.flowMod(mod)).refusal == nil)
    }
  }

  private mutating func send(_ flags: TCPSegment.Flags, port: UInt16 = 1000) -> Output? {
    self.model.receive(.fromClient(flags, port: port, to: self.address), from: 1).outputs.first
  }

  private mutating func reply(_ flags: TCPSegment.Flags, port: UInt16 = 1000) -> Output? {
    let packet = Packet.tcp(
      flags, from: self.target, to: SocketEndpoint(Site.clientAddress, port), source: Site.gatewayMAC(0),
      destination: Site.clientMAC)
    return self.model.receive(packet, from: 2).outputs.first
  }

  @Test mutating func `a connection is new until it was committed and answered, then established`() {
    #expect(self.send(.syn)?.port == 3)
    #expect(self.send(.syn)?.port == 4, "committed, but nobody has answered")
    #expect(self.reply([.syn, .ack])?.port == 6)
    #expect(self.send(.ack)?.port == 5)
    #expect(self.model.connections.map(\.mark) == [5])
    #expect(self.model.connections.map(\.isAnswered) == [true])
  }

  @Test mutating func `addresses are translated both ways`() {
    let out = self.send(.syn)?.packet
    #expect(out?.datagram?.destination == self.target.address)
    #expect(out?.segment?.destination == self.target.port)
    #expect(self.send(.syn)?.packet == out)
    let back = self.reply([.syn, .ack])?.packet
    #expect(back?.datagram?.source == self.address.address)
    #expect(back?.segment?.source == self.address.port)
  }

  @Test mutating func `an answer to nothing is invalid, the middle of a connection is not`() {
    #expect(self.reply([.syn, .ack])?.port == 9)
    #expect(self.send(.ack)?.port == 3)
  }

  @Test mutating func `a flush forgets the connections whose reply comes from there, and no others`() {
    _ = self.send(.syn, port: 1)
    _ = self.send(.syn, port: 2)
    let other = ConntrackFlush.Tuple(source: .v4(Site.gatewayAddress(1)))
    _ = self.model.apply(.conntrackFlush(ConntrackFlush(zone: 7, reply: other)))
    _ = self.model.apply(.conntrackFlush(ConntrackFlush(zone: 8)))
    #expect(self.model.connections.count == 2)
    let one = ConntrackFlush.Tuple(source: self.target.address, sourcePort: self.target.port, destinationPort: 1)
    _ = self.model.apply(.conntrackFlush(ConntrackFlush(ipProtocol: 6, zone: 7, reply: one)))
    #expect(self.model.connections.map(\.original.source.port) == [2])
    _ = self.model.apply(.conntrackFlush(ConntrackFlush()))
    #expect(self.model.connections.isEmpty)
    #expect(self.reply(.ack)?.port == 3, "a reply without its connection begins a new one")
  }
}

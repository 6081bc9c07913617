// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FlowPipeline
import Forwarding
import OpenFlow
import PacketHeaders
import ServiceModel
import Testing

/// One switch: it learns, and floods what it does not know.
@Suite struct SwitchTests {
  private let x = Desk.host(1)
  private let y = Desk.host(2)

  private func desk(_ settings: ForwardingSettings = ForwardingSettings()) -> Desk {
    var desk = Desk(settings)
    desk.connect(Desk.a)
    return desk
  }

  @Test(arguments: [0, 4] as [UInt8])
  func `a switch that connects gets its base flows and probes, and nothing is deleted`(table: UInt8) {
    var desk = Desk()
    let effects = desk.connect(Desk.a, table: table)
    #expect(effects.sends.count == 1)
    let mods = effects.flowMods(to: Desk.a)
    #expect(mods.map(\.command) == [.add, .add, .add])
    #expect(mods.map(\.cookie) == [ForwardingCookie.base, ForwardingCookie.base, ForwardingCookie.base])
    #expect(mods.allSatisfy { $0.tableID == table && $0.idleTimeout == 0 && $0.hardTimeout == 0 })
    #expect(mods.map(\.priority) == [0x4000, 0x3000, 0])
    #expect(mods[1].instructions.isEmpty, "frames between neighbours are dropped")
    #expect(Set(effects.probes(to: Desk.a).flatMap(\.ports)) == [1, 2, 3, 4])
  }

  @Test func `the reconciler takes none of the flows for its own`() {
    var desk = self.desk()
    desk.frame(Desk.a, 1, from: self.x, to: .broadcast)
    let learnt = desk.frame(Desk.a, 2, from: self.y, to: self.x).flowMods(to: Desk.a)
    #expect(learnt.count == 1)
    for cookie in learnt.map(\.cookie) + [ForwardingCookie.base] {
      #expect(ForwardingCookie.isOurs(cookie))
      #expect(!Cookie.isOurs(cookie))
    }
    #expect(!Cookie.allCases.contains { ForwardingCookie.isOurs($0.rawValue) })
  }

  @Test func `alone, a switch floods at once, and not back`() {
    var desk = self.desk()
    for destination in [MACAddress.broadcast, MACAddress(rawValue: 0x0100_5e00_0001), self.y] {
      let effects = desk.frame(Desk.a, 2, from: self.x, to: destination)
      #expect(effects.flowMods(to: Desk.a).isEmpty)
      let outs = effects.packetOuts(to: Desk.a)
      #expect(outs.map(\.ports) == [[1, 3, 4]])
      #expect(outs.first?.inPort == 2)
      #expect(outs.first?.data == Desk.bytes(from: self.x, to: destination))
    }
  }

  @Test func `a packet to a known host is one flow and one packet in one write`() throws {
    var desk = self.desk()
    desk.frame(Desk.a, 1, from: self.x, to: .broadcast)
    desk.frame(Desk.a, 2, from: self.y, to: .broadcast)
    for _ in 0..<2 {
      let effects = desk.frame(Desk.a, 2, from: self.y, to: self.x)
      #expect(effects.count == 1)
      #expect(effects.sends.first?.messages.count == 2)
      let mod = try #require(effects.flowMods(to: Desk.a).first)
      #expect(mod.command == .add)
      #expect(mod.match == [.inPort(2), .ethernetSource(self.y), .ethernetDestination(self.x), .noVLAN])
      #expect((mod.idleTimeout, mod.hardTimeout) == (60, 600))
      #expect(mod.ports == [1])
      let out = try #require(effects.packetOuts(to: Desk.a).first)
      #expect((out.inPort, out.ports, out.bufferID) == (2, [1], nil))
      #expect(out.data == Desk.bytes(from: self.y, to: self.x))
    }
  }

  @Test func `VLANs are worlds of their own`() throws {
    var desk = self.desk()
    desk.frame(Desk.a, 1, from: self.x, to: .broadcast, vlan: 5)
    desk.frame(Desk.a, 3, from: self.x, to: .broadcast, vlan: 6)
    let five = try #require(desk.frame(Desk.a, 2, from: self.y, to: self.x, vlan: 5).flowMods(to: Desk.a).first)
    let six = try #require(desk.frame(Desk.a, 2, from: self.y, to: self.x, vlan: 6).flowMods(to: Desk.a).first)
    #expect((five.ports, six.ports) == ([1], [3]))
    #expect(five.match[.vlanID] == .vlanID(5))
    #expect(desk.frame(Desk.a, 2, from: self.y, to: self.x).flowMods(to: Desk.a).isEmpty, "unknown without a tag")
    // Tagged with a priority only, a frame is of no VLAN.
    desk.frame(Desk.a, 4, from: self.x, to: .broadcast, vlan: 0x2000)
    let none = try #require(desk.frame(Desk.a, 2, from: self.y, to: self.x).flowMods(to: Desk.a).first)
    #expect((none.ports, none.match[.vlanID]) == ([4], .noVLAN))
  }

  @Test func `what a switch keeps leaves by its number, and what was cut does not leave`() {
    var desk = self.desk()
    desk.frame(Desk.a, 1, from: self.x, to: .broadcast)
    var packet = Desk.packetIn(2, Desk.bytes(from: self.y, to: self.x))
    packet.totalLength = 1500
    let cut = desk.step(.packetArrived(Desk.a, packet))
    #expect((cut.flowMods(to: Desk.a).count, cut.packetOuts(to: Desk.a).count) == (1, 0))
    packet.bufferID = 17
    let kept = desk.step(.packetArrived(Desk.a, packet)).packetOuts(to: Desk.a)
    #expect(kept.map(\.bufferID) == [17])
    #expect(kept.first?.data == [])
  }

  @Test func `a packet that already is where its host is goes nowhere`() {
    var desk = self.desk()
    desk.frame(Desk.a, 1, from: self.x, to: .broadcast)
    desk.frame(Desk.a, 1, from: self.y, to: .broadcast)
    #expect(desk.frame(Desk.a, 1, from: self.y, to: self.x).isEmpty)
  }

  @Test func `nothing is learnt or forwarded that no station may send`() {
    var desk = self.desk()
    for source in [MACAddress.broadcast, MACAddress(rawValue: 0x0100_5e00_0001), MACAddress(rawValue: 0)] {
      #expect(desk.frame(Desk.a, 1, from: source, to: .broadcast).isEmpty)
    }
    for number in 0..<16 as Range<UInt64> {
      let neighbour = MACAddress(rawValue: 0x0180_c200_0000 | number)
      #expect(desk.frame(Desk.a, 1, from: self.x, to: neighbour).isEmpty)
    }
    #expect(desk.state.hostCount == 0)
  }

  @Test func `addresses that switches have are no hosts, and packets to them end`() {
    var desk = self.desk()
    desk.frame(Desk.a, 1, from: self.x, to: .broadcast)
    let reserved = desk.step(.ownAddresses([self.x]))
    #expect(reserved.flowMods(to: Desk.a).map(\.command) == [.delete, .delete])
    let flooded = desk.frame(Desk.a, 1, from: self.x, to: .broadcast)
    #expect(flooded.packetOuts(to: Desk.a).count == 1)
    #expect(desk.state.hostCount == 0)
    #expect(desk.frame(Desk.a, 2, from: self.y, to: self.x).packetOuts(to: Desk.a).isEmpty)
  }

  @Test func `the switch's own network stack is a host's place`() throws {
    var desk = Desk()
    let local = PortDescription(number: .local, hardwareAddress: self.x, name: "br0")
    let effects = desk.step(.switchConnected(Desk.a, ports: [local, Desk.port(1)], table: 0))
    #expect(Set(effects.probes(to: Desk.a).flatMap(\.ports)) == [1])
    let flooded = desk.frame(Desk.a, 1, from: self.y, to: .broadcast).packetOuts(to: Desk.a)
    #expect(flooded.map(\.ports) == [[PortNumber.local.rawValue]])
  }

  @Test func `a switch that shall forward by itself loses its flows and its hosts`() {
    var desk = self.desk()
    desk.frame(Desk.a, 1, from: self.x, to: .broadcast)
    let effects = desk.step(.switchReleased(Desk.a))
    let last = effects.flowMods(to: Desk.a).last
    #expect(last?.command == .delete)
    #expect((last?.cookie, last?.match) == (ForwardingCookie.base, .any))
    #expect(desk.state.hostCount == 0)
    #expect(desk.frame(Desk.a, 1, from: self.x, to: .broadcast).isEmpty)
  }

  @Test func `in another table the base flows are new and the old ones go`() {
    var desk = self.desk()
    let mods = desk.connect(Desk.a, table: 4).flowMods(to: Desk.a)
    #expect(mods.map(\.command) == [.delete, .add, .add, .add])
    #expect(mods.map(\.tableID) == [0, 4, 4, 4])
  }

  @Test func `flows of a controller before are removed once links are found, by their generation`() {
    var desk = Desk(seed: 7)
    desk.connect(Desk.a)
    desk.frame(Desk.a, 1, from: self.x, to: .broadcast)
    let mine = desk.frame(Desk.a, 2, from: self.y, to: self.x).flowMods(to: Desk.a)[0].cookie
    let deletions = desk.wait(.seconds(2)).flowMods(to: Desk.a)
    #expect(deletions.count == 7)
    #expect(deletions.allSatisfy { $0.command == .delete && $0.cookie & $0.cookieMask != mine & $0.cookieMask })
    #expect(deletions.allSatisfy { $0.cookie & $0.cookieMask != ForwardingCookie.base & $0.cookieMask })
    for seed in 8..<200 as Range<UInt64> {
      var other = Desk(seed: seed)
      other.connect(Desk.a)
      other.frame(Desk.a, 1, from: self.x, to: .broadcast)
      let theirs = other.frame(Desk.a, 2, from: self.y, to: self.x).flowMods(to: Desk.a)[0].cookie
      #expect(theirs == mine || deletions.contains { $0.cookie & $0.cookieMask == theirs & $0.cookieMask })
    }
  }
}

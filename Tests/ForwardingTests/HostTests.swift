// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Forwarding
import OpenFlow
import ServiceModel
import Testing

/// Hosts come, move, and are forgotten.
@Suite struct HostTests {
  private let x = Desk.host(1)
  private let y = Desk.host(2)

  @Test func `a host is seen once, and said to move when it does`() {
    var desk = Desk()
    desk.connect(Desk.a)
    let first = PortAddress(Desk.a, 1)
    let seen = desk.frame(Desk.a, 1, from: self.x, to: .broadcast)
    #expect(seen.decisions == [.hostSeen(HostAddress(self.x), at: first)])
    #expect(desk.frame(Desk.a, 1, from: self.x, to: .broadcast).decisions == [])
    let moved = desk.frame(Desk.a, 3, from: self.x, to: .broadcast)
    #expect(moved.decisions == [.hostMoved(HostAddress(self.x), from: first, to: PortAddress(Desk.a, 3))])
  }

  @Test func `the flows of a host that moved go at once, in the write that floods`() {
    var desk = Desk()
    desk.connect(Desk.a)
    desk.frame(Desk.a, 1, from: self.x, to: .broadcast)
    let moved = desk.frame(Desk.a, 3, from: self.x, to: .broadcast)
    #expect(moved.sends.count == 1)
    let mods = moved.flowMods(to: Desk.a)
    #expect(mods.map(\.command) == [.delete, .delete])
    #expect(mods.map(\.match) == [[.ethernetDestination(self.x)], [.ethernetSource(self.x)]])
    #expect(mods.allSatisfy { $0.cookieMask & ForwardingCookie.mask == ForwardingCookie.mask })
    let next = desk.frame(Desk.a, 2, from: self.y, to: self.x)
    #expect(next.flowMods(to: Desk.a).map(\.ports) == [[3]])
  }

  @Test func `an address in two places is not followed with each packet, and makes both ports probe`() {
    var desk = Desk()
    desk.connect(Desk.a)
    desk.wait(.seconds(1))
    var moves = 0
    var probes: Set<UInt32> = []
    for packet in 0..<1000 {
      desk.now = desk.now + .milliseconds(1)
      let effects = desk.frame(Desk.a, packet % 2 == 0 ? 1 : 2, from: self.x, to: .broadcast)
      moves += effects.decisions.count { if case .hostMoved = $0 { true } else { false } }
      probes.formUnion(effects.probes(to: Desk.a).flatMap(\.ports))
    }
    #expect((5...11).contains(moves))
    #expect(probes == [1, 2])
  }

  @Test func `behind a port that goes down nobody is, and its flows go`() {
    var desk = Desk()
    desk.connect(Desk.a)
    desk.frame(Desk.a, 1, from: self.x, to: .broadcast)
    let flow = desk.frame(Desk.a, 2, from: self.y, to: self.x).flowMods(to: Desk.a)[0]
    let effects = desk.step(.portChanged(Desk.a, PortStatus(reason: .modify, port: Desk.port(1, isUp: false))))
    let mods = effects.flowMods(to: Desk.a)
    #expect(mods.allSatisfy { $0.command == .delete })
    #expect(mods.contains { $0.match == .any && flow.cookie & $0.cookieMask == $0.cookie })
    #expect(mods.contains { $0.match == [.inPort(1)] })
    #expect(desk.state.hostCount == 1)
    let flooded = desk.frame(Desk.a, 2, from: self.y, to: self.x).packetOuts(to: Desk.a)
    #expect(flooded.map(\.ports) == [[3, 4]])
  }

  @Test func `hosts stay where they are while their switch is away`() {
    var desk = Desk()
    desk.connect(Desk.a)
    desk.frame(Desk.a, 1, from: self.x, to: .broadcast)
    desk.frame(Desk.a, 4, from: self.y, to: .broadcast)
    desk.step(.switchDisconnected(Desk.a))
    #expect(desk.frame(Desk.a, 2, from: self.y, to: self.x).isEmpty)
    // Port 4 is gone when the switch returns.
    desk.connect(Desk.a, ports: 1...3)
    #expect(desk.state.hostCount == 1)
    #expect(desk.frame(Desk.a, 2, from: Desk.host(3), to: self.x).flowMods(to: Desk.a).map(\.ports) == [[1]])
  }

  @Test func `a host that is silent for longer than a flow lives is forgotten`() {
    var desk = Desk()
    desk.connect(Desk.a)
    desk.frame(Desk.a, 1, from: self.x, to: .broadcast)
    desk.wait(.seconds(500))
    desk.frame(Desk.a, 2, from: self.y, to: self.x)
    desk.wait(.seconds(600))
    #expect(desk.state.hostCount == 2, "a packet to it counts, because a flow was written for it")
    desk.wait(.seconds(200))
    #expect(desk.state.hostCount == 0)
    #expect(desk.state.nextDeadline != nil, "links are still probed")
  }

  @Test func `tables are bounded; what is beyond is said once and flooded`() {
    var desk = Desk(ForwardingSettings(hosts: 30, hostsPerPort: 20))
    desk.connect(Desk.a)
    var decisions: [ForwardingDecision] = []
    for number in 1...100 as ClosedRange<UInt64> {
      decisions += desk.frame(Desk.a, 1, from: Desk.host(number), to: .broadcast).decisions
    }
    #expect(desk.state.hostCount == 20)
    #expect(decisions.filter { $0 == .portFull(PortAddress(Desk.a, 1), limit: 20) }.count == 1)
    for number in 101...200 as ClosedRange<UInt64> {
      decisions += desk.frame(Desk.a, 2, from: Desk.host(number), to: .broadcast).decisions
    }
    #expect(desk.state.hostCount == 30)
    #expect(decisions.filter { $0 == .hostsFull(limit: 30) }.count == 1)
    #expect(decisions.filter { $0.severity == .warning }.count == 2)
    let flooded = desk.frame(Desk.a, 3, from: Desk.host(1), to: Desk.host(99)).packetOuts(to: Desk.a)
    #expect(flooded.map(\.ports) == [[1, 2, 4]])
  }

  @Test func `every decision has a sentence and a kind`() {
    let port = PortAddress(Desk.a, 1)
    let other = PortAddress(Desk.b, 2)
    let host = HostAddress(self.x, vlan: 5)
    let decisions: [ForwardingDecision] = [
      .linkFound(port, other), .linkLost(port, other, because: .silence), .loopFound(port, other),
      .loopFound(port, port), .hostSeen(host, at: port), .hostMoved(host, from: port, to: other),
      .portFull(port, limit: 1), .hostsFull(limit: 1), .probeRejected(port),
    ]
    for decision in decisions {
      #expect(!decision.message.isEmpty && !decision.kind.isEmpty)
      #expect(decision.attributes.allSatisfy { !$0.key.isEmpty && !$0.value.isEmpty })
    }
    #expect(decisions[4].message == "host 02:00:00:00:00:01 in VLAN 5 is at port 1 of 00:00:00:00:00:00:00:0a")
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Forwarding
import OpenFlow
import PacketHeaders
import ServiceModel
import Testing

/// Links are found, lost, and not believed to anybody.
@Suite struct DiscoveryTests {
  private let a1 = PortAddress(Desk.a, 1)
  private let b1 = PortAddress(Desk.b, 1)

  /// Two switches that connect; nothing has been carried between them.
  private func desk() -> (Desk, probeOfA: [UInt8], probeOfB: [UInt8]) {
    var desk = Desk()
    let first = desk.connect(Desk.a).probes(to: Desk.a)
    let second = desk.connect(Desk.b).probes(to: Desk.b)
    return (desk, self.probe(first), self.probe(second))
  }

  /// Of port 1, to the other end of the wire.
  private func probe(_ outs: [PacketOut]) -> [UInt8] {
    outs.first {
      $0.ports == [1] && EthernetFrame(bytes: $0.data)?.destination == LLDPDataUnit.nearestBridge
    }?.data ?? []
  }

  private func carry(_ desk: inout Desk, _ data: [UInt8], to port: PortAddress) -> [ForwardingEffect] {
    desk.step(.packetArrived(port.datapath, Desk.packetIn(port.port.rawValue, data)))
  }

  @Test func `a probe is LLDP that others can read`() throws {
    let (_, probe, _) = self.desk()
    let frame = try #require(EthernetFrame(bytes: probe))
    #expect(frame.type == 0x88cc)
    let unit = try #require(LLDPDataUnit(bytes: frame.payload))
    #expect(String(decoding: unit.port.value, as: UTF8.self) == "1")
    #expect(String(decoding: unit.chassis.value, as: UTF8.self) == "isthmus 00:00:00:00:00:00:00:0a")
    #expect(unit.timeToLive == 18)
  }

  @Test func `a link is found when both ends hear each other`() {
    var (desk, probeOfA, probeOfB) = self.desk()
    let half = self.carry(&desk, probeOfA, to: self.b1)
    #expect(half.decisions.isEmpty)
    let whole = self.carry(&desk, probeOfB, to: self.a1)
    #expect(whole.decisions == [.linkFound(self.a1, self.b1)])
    #expect(self.carry(&desk, probeOfB, to: self.a1).isEmpty, "once")
  }

  @Test func `who hears a probe answers with one, unless it just has sent one`() {
    var (desk, probeOfA, _) = self.desk()
    #expect(self.carry(&desk, probeOfA, to: self.b1).probes(to: Desk.b).isEmpty)
    (desk, probeOfA, _) = self.desk()
    desk.wait(.milliseconds(350))
    let answer = self.carry(&desk, probeOfA, to: self.b1).probes(to: Desk.b)
    #expect(Set(answer.flatMap(\.ports)) == [1])
  }

  @Test func `beside another switch a new port listens for three probes before it floods or learns`() {
    var (desk, _, _) = self.desk()
    let x = Desk.host(1)
    #expect(desk.frame(Desk.b, 2, from: x, to: .broadcast).isEmpty)
    #expect(desk.state.hostCount == 0)
    let probes = desk.wait(.milliseconds(299)).probes(to: Desk.b)
    #expect(probes.filter { $0.ports == [2] }.count == 2 * 2, "two more, to the wire and through bridges")
    #expect(desk.frame(Desk.b, 2, from: x, to: .broadcast).isEmpty)
    desk.wait(.milliseconds(1))
    let flooded = desk.frame(Desk.b, 2, from: x, to: .broadcast).packetOuts(to: Desk.b)
    #expect(flooded.map(\.ports) == [[1, 3, 4]])
  }

  @Test func `a port that hears or is heard is no edge from that moment on`() {
    var (desk, probeOfA, _) = self.desk()
    let x = Desk.host(1)
    desk.frame(Desk.a, 1, from: x, to: .broadcast)
    #expect(desk.state.hostCount == 1)
    let effects = self.carry(&desk, probeOfA, to: self.b1)
    #expect(desk.state.hostCount == 0, "nobody can be behind port 1 of a")
    #expect(effects.flowMods(to: Desk.a).contains { $0.match == [.inPort(1)] && $0.command == .delete })
    desk.wait(.milliseconds(300))
    #expect(desk.frame(Desk.a, 2, from: x, to: .broadcast).packetOuts(to: Desk.a).map(\.ports) == [[3, 4]])
    #expect(desk.frame(Desk.b, 1, from: x, to: .broadcast).isEmpty)
  }

  @Test func `a link that is found carries floods, and hosts are learnt at its far end only`() {
    var (desk, probeOfA, probeOfB) = self.desk()
    _ = self.carry(&desk, probeOfA, to: self.b1)
    _ = self.carry(&desk, probeOfB, to: self.a1)
    desk.wait(.milliseconds(300))
    let x = Desk.host(1)
    let y = Desk.host(2)
    #expect(desk.frame(Desk.a, 2, from: x, to: .broadcast).packetOuts(to: Desk.a).map(\.ports) == [[1, 3, 4]])
    let second = desk.frame(Desk.b, 1, from: x, to: .broadcast)
    #expect(second.packetOuts(to: Desk.b).map(\.ports) == [[2, 3, 4]])
    #expect(second.decisions.isEmpty)

    let answer = desk.frame(Desk.b, 3, from: y, to: x)
    #expect(answer.sends.map(\.id) == [Desk.a, Desk.b], "the last switch first")
    #expect(answer.flowMods(to: Desk.a).map(\.match[.inPort]) == [.inPort(1)])
    #expect(answer.flowMods(to: Desk.a).map(\.ports) == [[2]])
    #expect(answer.flowMods(to: Desk.b).map(\.ports) == [[1]])
    #expect(answer.packetOuts(to: Desk.a).map(\.ports) == [[2]])
    #expect(answer.packetOuts(to: Desk.b).isEmpty)
  }

  @Test func `a link is lost when a port goes down, and when three probes are missed`() {
    for isCut in [true, false] {
      var (desk, probeOfA, probeOfB) = self.desk()
      _ = self.carry(&desk, probeOfA, to: self.b1)
      _ = self.carry(&desk, probeOfB, to: self.a1)
      if isCut {
        let effects = desk.step(.portChanged(Desk.a, PortStatus(reason: .modify, port: Desk.port(1, isUp: false))))
        #expect(effects.decisions == [.linkLost(self.a1, self.b1, because: .portDown)])
      } else {
        #expect(desk.wait(.seconds(17)).decisions.isEmpty)
        #expect(desk.wait(.seconds(1)).decisions == [.linkLost(self.a1, self.b1, because: .silence)])
      }
    }
  }

  @Test func `a switch that goes takes its links along, but nobody takes its neighbour's port for an edge`() {
    var (desk, probeOfA, probeOfB) = self.desk()
    _ = self.carry(&desk, probeOfA, to: self.b1)
    _ = self.carry(&desk, probeOfB, to: self.a1)
    let effects = desk.step(.switchDisconnected(Desk.b))
    #expect(effects.decisions == [.linkLost(self.a1, self.b1, because: .switchGone)])
    #expect(desk.frame(Desk.a, 1, from: Desk.host(1), to: .broadcast).isEmpty)
    desk.wait(.seconds(20))
    #expect(desk.frame(Desk.a, 1, from: Desk.host(1), to: .broadcast).packetOuts(to: Desk.a).count == 1)
  }

  @Test func `a probe that was changed, or comes late, or is another controller's makes no link`() {
    let (original, probeOfA, _) = self.desk()
    for index in probeOfA.indices.dropFirst(EthernetFrame.headerLength) {
      for bit in [0, 3, 7] as [UInt8] {
        var desk = original
        var forged = probeOfA
        forged[index] ^= 1 << bit
        _ = self.carry(&desk, forged, to: self.b1)
        let next = self.carry(&desk, probeOfA, to: self.b1)
        #expect(next.decisions.isEmpty)
      }
    }
    // The tag covers who, where and when.
    var desk = original
    var forged = probeOfA
    forged[forged.count - 2 - 8 - 8 - 1] ^= 2
    #expect(self.carry(&desk, forged, to: self.b1).decisions == [.probeRejected(self.b1)])
    #expect(self.carry(&desk, forged, to: self.b1).decisions.isEmpty, "said once")

    desk = original
    desk.now = desk.now + .seconds(6)
    #expect(self.carry(&desk, probeOfA, to: self.b1).decisions.contains(.probeRejected(self.b1)))

    desk = original
    var other = Desk(seed: 2)
    let theirs = self.probe(other.connect(Desk.a).probes(to: Desk.a))
    #expect(self.carry(&desk, theirs, to: self.b1).decisions == [.probeRejected(self.b1)])
  }

  @Test func `a foreign device's LLDP ends the listening`() {
    var (desk, _, _) = self.desk()
    let unit = LLDPDataUnit(
      chassis: .init(subtype: 4, value: [2, 0, 0, 0, 0, 9]), port: .init(subtype: 5, value: Array("eth0".utf8)),
      timeToLive: 120)
    let frame = EthernetFrame(
      destination: LLDPDataUnit.nearestBridge, source: Desk.host(9), type: LLDPDataUnit.etherType, payload: unit.bytes)
    #expect(self.carry(&desk, frame.bytes, to: self.b1).isEmpty)
    #expect(desk.state.hostCount == 0)
    desk.frame(Desk.b, 1, from: Desk.host(9), to: .broadcast)
    #expect(desk.state.hostCount == 1)
  }

  @Test func `a port that hears itself is not used`() {
    var (desk, probeOfA, _) = self.desk()
    #expect(self.carry(&desk, probeOfA, to: self.a1).decisions == [.loopFound(self.a1, self.a1)])
    #expect(desk.frame(Desk.a, 2, from: Desk.host(1), to: .broadcast).packetOuts(to: Desk.a).map(\.ports) == [[3, 4]])
  }

  @Test func `the keyed hash is SipHash-2-4 as its authors publish it`() {
    // The example of the paper's appendix A, and two lengths of the vectors that come with the reference.
    let key = SipHash.Key(first: 0x0706_0504_0302_0100, second: 0x0f0e_0d0c_0b0a_0908)
    #expect(SipHash.tag(of: (0..<15).map { UInt8($0) }, key: key) == 0xa129_ca61_49be_45e5)
    #expect(SipHash.tag(of: [], key: key) == 0x726f_db47_dd0e_0e31)
    #expect(SipHash.tag(of: (0..<8).map { UInt8($0) }, key: key) == 0x93f5_f579_9a93_2462)
  }
}

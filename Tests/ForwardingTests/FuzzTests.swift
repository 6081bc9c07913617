// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Forwarding
import OpenFlow
import PacketHeaders
import ServiceModel
import Testing

/// Whatever comes from a network or a switch, nothing traps and nothing grows without end.
@Suite struct FuzzTests {
  @Test(arguments: 0..<20 as Range<UInt64>)
  func `random events never trap`(seed: UInt64) {
    var random = RandomSource(seed: seed)
    var desk = Desk(ForwardingSettings(hosts: 200, hostsPerPort: 50), seed: seed)
    let ids = (1...4).map { DatapathID(rawValue: $0) }
    var probes: [[UInt8]] = []
    for _ in 0..<4000 {
      let id = ids[Int(random.next(below: 4))]
      let port = Self.port(&random)
      var effects: [ForwardingEffect] = []
      switch random.next(below: 20) {
      case 0:
        effects = desk.step(
          .switchConnected(
            id, ports: (0..<random.next(below: 6)).map { _ in Self.description(&random) },
            table: UInt8(random.next(below: 3))))
      case 1: effects = desk.step(.switchDisconnected(id))
      case 2 where random.next(below: 8) == 0: effects = desk.step(.switchReleased(id))
      case 3:
        let reason = PortStatus.Reason(rawValue: UInt8(random.next(below: 4)))
        effects = desk.step(.portChanged(id, PortStatus(reason: reason, port: Self.description(&random))))
      case 4: effects = desk.wait(.milliseconds(Int(random.next(below: 20_000))))
      case 5...8:
        guard !probes.isEmpty else { break }
        var probe = probes[Int(random.next(below: UInt64(probes.count)))]
        if random.next(below: 3) == 0 {
          probe[Int(random.next(below: UInt64(probe.count)))] = UInt8(random.next(below: 256))
        }
        if random.next(below: 9) == 0 { probe = Array(probe.prefix(Int(random.next(below: UInt64(probe.count))))) }
        effects = desk.step(.packetArrived(id, Desk.packetIn(port, probe)))
      case 9:
        let bytes = (0..<random.next(below: 80)).map { _ in UInt8(random.next(below: 256)) }
        effects = desk.step(.packetArrived(id, Desk.packetIn(port, bytes)))
      default:
        effects = desk.frame(
          id, port, from: Desk.host(random.next(below: 300)), to: Desk.host(random.next(below: 300)),
          vlan: random.next(below: 4) == 0 ? UInt16(random.next(below: 65_536)) : nil)
      }
      for id in ids { probes += effects.probes(to: id).map(\.data) }
      probes = probes.suffix(40)
      #expect(desk.state.hostCount <= 200)
    }
  }

  private static func port(_ random: inout RandomSource) -> UInt32 {
    let special: [UInt32] = [0, 0xffff_fffe, 0xffff_fffd, 0xffff_ffff, 0xffff_ff00]
    let choice = random.next(below: 30)
    return choice < UInt64(special.count) ? special[Int(choice)] : UInt32(random.next(below: 6))
  }

  private static func description(_ random: inout RandomSource) -> PortDescription {
    PortDescription(
      number: PortNumber(self.port(&random)), hardwareAddress: MACAddress(rawValue: random.next()), name: "",
      configuration: .init(rawValue: random.next(below: 4) == 0 ? UInt32(random.next(below: 128)) : 0),
      state: .init(rawValue: random.next(below: 4) == 0 ? UInt32(random.next(below: 8)) : 0))
  }
}

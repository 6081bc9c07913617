// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import NIOCore
import OpenFlow
import SouthboundLoad
import Testing

@Suite struct EmulatedSwitchTests {
  private static let datapath = DatapathID(rawValue: 7)
  private var emulated = EmulatedSwitch(datapath: datapath, hosts: 10)

  private func packet(
    from: Int, to: Int?, number: UInt32 = 99, version: ProtocolVersion = .v1_3
  ) throws -> (packet: PacketIn, traffic: HostTraffic) {
    let traffic = try HostTraffic(datapath: Self.datapath, hosts: 10, version: version, cookie: 5)
    var buffer = ByteBuffer()
    traffic.write(number: number, from: from, to: to, into: &buffer)
    let message = try Message.decode(from: buffer, version: version)
    guard case .packetIn(let packet) = message.body else {
      Issue.record("\(message)")
      throw CancellationError()
    }
    return (packet, traffic)
  }

  @Test(arguments: ProtocolVersion.allCases)
  func packetsAreWhatTheySay(version: ProtocolVersion) throws {
    let (packet, _) = try self.packet(from: 2, to: 4, version: version)
    #expect(packet.inPort == PortNumber(3) && packet.cookie == 5 && packet.totalLength == 60)
    #expect(Array(packet.data[..<12]) == [2, 0, 0, 7, 0, 4, 2, 0, 0, 7, 0, 2])
    #expect(packet.data.count == 60)
    let (broadcast, _) = try self.packet(from: 2, to: nil, version: version)
    #expect(broadcast.data[..<6].allSatisfy { $0 == 0xff })
  }

  @Test mutating func onlyTheRightPortIsRight() throws {
    let (packet, traffic) = try self.packet(from: 2, to: 4)
    func out(_ port: PortNumber) -> MessageBody {
      .packetOut(PacketOut(inPort: PortNumber(3), actions: [.output(port)], data: packet.data))
    }
    #expect(self.emulated.judge(out(PortNumber(5)), traffic) == .packet(99))
    guard case .wrong(99, _) = self.emulated.judge(out(.flood), traffic) else {
      Issue.record("a flooded packet passed")
      return
    }
    var flow = FlowMod(
      command: .add, tableID: 0, priority: 1, match: [.ethernetDestination(MACAddress(rawValue: 0x0200_0007_0004))],
      instructions: [.applyActions([.output(PortNumber(5))])])
    #expect(self.emulated.judge(.flowMod(flow), traffic) == .flow)
    flow.instructions = [.applyActions([.output(PortNumber(6))])]
    guard case .wrong(nil, _) = self.emulated.judge(.flowMod(flow), traffic) else {
      Issue.record("a flow to the wrong port passed")
      return
    }
  }
}

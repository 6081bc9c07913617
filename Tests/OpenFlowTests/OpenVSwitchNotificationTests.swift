// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import Testing

/// What a real Open vSwitch tells of its own accord, in the forms that this module reads beyond PACKET_IN, FLOW_REMOVED
/// and PORT_STATUS.
@Suite(
  .serialized, .enabled(if: PrivateSwitch.isPossible, "Open vSwitch is not installed (package openvswitch-switch)"))
struct OpenVSwitchNotificationTests {
  @Test func flowsAreMonitored() throws {
    try PrivateSwitch.converse(.v1_5) { connection, privateSwitch in
      var flow = FlowMod(tableID: 1, priority: 5, cookie: 3, match: [.inPort(1)], instructions: [.gotoTable(2)])
      #expect(try connection.apply([.flowMod(flow)]) == [])
      let monitor = FlowMonitorRequest(
        monitorID: 1, flags: [.initial, .add, .removed, .modify, .instructions], tableID: 1)
      #expect(
        try connection.request(.flowMonitor([monitor])) == [
          .flowMonitor([
            .flow(
              .init(
                event: .initial, tableID: 1, priority: 5, cookie: 3, match: [.inPort(1)], instructions: [.gotoTable(2)])
            )
          ])
        ])
      // Another controller's change is told in full.
      let other = try SwitchConnection(privateSwitch.managementSocket, version: .v1_5)
      flow.command = .deleteStrict
      #expect(try other.apply([.flowMod(flow)]) == [])
      guard case .multipartReply(let reply) = try connection.receive().body,
        case .flowMonitor(let updates) = reply.body, case .flow(let change)? = updates.first
      else {
        Issue.record("no update")
        return
      }
      #expect(change.event == .removed)
      #expect(change.reason == .delete)
      #expect(change.match == [.inPort(1)])
    }
  }

  @Test func changesByOthersAreTold() throws {
    try PrivateSwitch.converse(.v1_5) { connection, privateSwitch in
      let other = try SwitchConnection(privateSwitch.managementSocket, version: .v1_5)
      let errors = try connection.apply([
        .setAsync(
          AsyncConfiguration(roleStatus: .init(master: 7, slave: 7), requestForward: .init(master: 3, slave: 3))),
        .roleRequest(RoleMessage(role: .master, generationID: 1)),
      ])
      #expect(errors == [])
      let group = GroupMod(kind: .all, group: 4, buckets: [Bucket(actions: [.output(1)])])
      #expect(try other.apply([.groupMod(group)]) == [])
      guard case .requestForward(let forward) = try connection.receive().body else {
        Issue.record("no forwarded request")
        return
      }
      #expect(forward.request.body == .groupMod(group))
      #expect(try other.apply([.roleRequest(RoleMessage(role: .master, generationID: 2))]) == [])
      guard case .roleStatus(let status) = try connection.receive().body else {
        Issue.record("no role status")
        return
      }
      #expect(status.role == .slave)
      #expect(status.reason == .masterRequest)
      #expect(status.generationID == 2)
    }
  }

  @Test(arguments: ProtocolVersion.allCases)
  func packetsComeInNicirasForm(version: ProtocolVersion) throws {
    try PrivateSwitch.converse(version) { connection, _ in
      let frame = Representative.virtualMAC.octets + Representative.gatewayMAC.octets + [0x88, 0xb5, 1, 2, 3, 4]
      let flow = FlowMod(
        tableID: 0, cookie: 0xabc,
        instructions: [.applyActions([.setField(.register(2, 9)), .output(.controller)])])
      let errors = try connection.apply([
        .setConfig(SwitchConfiguration()), .setPacketInFormat(.nxtPacketIn2), .flowMod(flow),
        .packetOut(PacketOut(inPort: 2, actions: [.output(.table)], data: frame)),
      ])
      #expect(errors == [])
      // The switch answers the barrier before the packet has been through its tables.
      let message = try connection.unsolicited.first ?? connection.receive()
      guard case .niciraPacketIn(let packet) = message.body else {
        Issue.record("\(message)")
        return
      }
      #expect(packet.packet == frame)
      #expect(packet.inPort == 2)
      #expect(packet.cookie == 0xabc)
      #expect(packet.tableID == 0)
      #expect(packet.metadata?[.register(2)]?.value == 9)
    }
  }
}

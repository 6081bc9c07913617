// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import Testing

/// What is sent to a real Open vSwitch comes back as equal values, in both versions and across them.
@Suite(
  .serialized, .enabled(if: PrivateSwitch.isPossible, "Open vSwitch is not installed (package openvswitch-switch)"))
struct OpenVSwitchTests {
  @Test(arguments: ProtocolVersion.allCases, ProtocolVersion.allCases)
  func readsBackWhatWasSent(written: ProtocolVersion, read: ProtocolVersion) throws {
    try PrivateSwitch.run { privateSwitch in
      let writer = try SwitchConnection(privateSwitch.managementSocket, version: written)
      let messages =
        Representative.groups.map { MessageBody.groupMod($0.group) }
        + Representative.flows.map { MessageBody.flowMod($0.flow) }
      #expect(try writer.apply(messages) == [])

      let reader = try SwitchConnection(privateSwitch.managementSocket, version: read)
      let flows = try reader.request(.flows(FlowRequest())).flatMap(\.flows)
      #expect(flows.count == Representative.flows.count)
      for (name, sent) in Representative.flows {
        let found = flows.first { $0.tableID == sent.tableID && $0.priority == sent.priority }
        #expect(found?.match == sent.match, "\(name)")
        #expect(found?.instructions == sent.instructions, "\(name)")
        #expect(found?.cookie == sent.cookie, "\(name)")
        #expect(found?.flags == sent.flags, "\(name)")
        #expect(found?.idleTimeout == sent.idleTimeout, "\(name)")
        #expect(found?.hardTimeout == sent.hardTimeout, "\(name)")
      }

      let groups = try reader.request(.groupDescriptions()).flatMap(\.groups)
      let expected = Representative.groups.map { _, group in
        GroupDescription(kind: group.kind, group: group.group, buckets: group.buckets)
      }
      #expect(groups.sorted { $0.group < $1.group } == expected)
    }
  }

  @Test func keepsWhatOnlyTheNewerVersionHas() throws {
    try PrivateSwitch.run { privateSwitch in
      let connection = try SwitchConnection(privateSwitch.managementSocket, version: .v1_5)
      let buckets = [Bucket(weight: 1, actions: [.output(1)]), Bucket(weight: 3, actions: [.output(2)], id: 9)]
      let properties: [GroupProperty] = [
        .selectionMethod(
          SelectionMethod(
            name: "hash", parameter: 5,
            fields: [.init(.ipv4Source, mask: 0xffff_ff00), .init(.ethernetDestination), .init(.ethernetType)]))
      ]
      let errors = try connection.apply([
        .groupMod(GroupMod(kind: .select, group: 20, buckets: buckets, properties: properties)),
        .flowMod(FlowMod(tableID: 1, importance: 300, instructions: [.applyActions([.group(20)])])),
      ])
      #expect(errors == [])
      #expect(
        try connection.request(.groupDescriptions(20)) == [
          .groupDescriptions([
            GroupDescription(kind: .select, group: 20, buckets: buckets, properties: properties)
          ])
        ])
      let flows = try connection.request(.flows(FlowRequest(tableID: 1))).flatMap(\.flows)
      #expect(flows.map(\.importance) == [300])
    }
  }

  @Test(arguments: ProtocolVersion.allCases)
  func describesItself(version: ProtocolVersion) throws {
    try PrivateSwitch.run { privateSwitch in
      let connection = try SwitchConnection(privateSwitch.managementSocket, version: version)
      try connection.send(.featuresRequest)
      guard case .featuresReply(let features) = try connection.receive().body else {
        Issue.record("no features")
        return
      }
      #expect(features.tableCount == 254)
      #expect(features.capabilities.isSuperset(of: [.flowStatistics, .groupStatistics]))

      guard case .description(let description)? = try connection.request(.description).first else {
        Issue.record("no description")
        return
      }
      #expect(description.hardware == "Open vSwitch")

      guard case .portDescriptions(let ports)? = try connection.request(.portDescriptions()).first else {
        Issue.record("no ports")
        return
      }
      #expect(ports.map(\.name).sorted() == ["br0", "p1", "p2", "p3"])
      #expect(ports.first { $0.name == "p2" }?.number == 2)
      #expect(ports.first { $0.name == "p2" }?.isUp == true)

      guard case .groupFeatures(let groups)? = try connection.request(.groupFeatures).first else {
        Issue.record("no group features")
        return
      }
      #expect(GroupKind.allCases.allSatisfy { groups.supports($0) })
      #expect(groups.capabilities.contains(.selectLiveness))

      let tables = try connection.request(.tableFeatures()).flatMap(\.tables)
      #expect(tables.count == 254)
      #expect(tables[0].name == "classifier" || tables[0].name == "")
      #expect(tables[0].properties.contains { if case .fields = $0.content { true } else { false } })
      #expect(tables[253].properties.allSatisfy { $0.content != .raw([]) })

      // What the switch says is said again with the same bytes.
      for frame in connection.frames {
        #expect(try Message(bytes: frame, version).bytes(version) == frame)
      }
    }
  }

  @Test(arguments: ProtocolVersion.allCases)
  func sendsPacketsAndTellsOfChanges(version: ProtocolVersion) throws {
    try PrivateSwitch.run { privateSwitch in
      let connection = try SwitchConnection(privateSwitch.managementSocket, version: version)
      let frame = Representative.virtualMAC.octets + Representative.gatewayMAC.octets + [0x88, 0xb5, 1, 2, 3, 4]
      let flow = FlowMod(tableID: 0, priority: 9, cookie: 0xabc, flags: [.sendFlowRemoved], match: [.inPort(3)])
      var delete = flow
      delete.command = .deleteStrict
      let errors = try connection.apply([
        .setConfig(SwitchConfiguration()),
        .packetOut(PacketOut(inPort: 2, actions: [.output(.controller)], data: frame)),
        .flowMod(flow), .flowMod(delete),
      ])
      #expect(errors == [])
      try privateSwitch.vsctl(["del-port", "br0", "p1"])
      _ = try connection.apply([])

      let packets = connection.unsolicited.compactMap(\.packetIn)
      #expect(packets.map(\.data) == [frame])
      #expect(packets.map(\.inPort) == [2])

      let removed = connection.unsolicited.compactMap(\.flowRemoved)
      #expect(removed.map(\.reason) == [.delete])
      #expect(removed.map(\.cookie) == [0xabc])
      #expect(removed.map(\.match) == [flow.match])
      #expect(removed.map(\.priority) == [9])

      let ports = connection.unsolicited.compactMap(\.portStatus)
      #expect(ports.last?.reason == .delete)
      #expect(ports.last?.port.number == 1)
    }
  }

  @Test(arguments: ProtocolVersion.allCases)
  func refusesWhatItCannotDo(version: ProtocolVersion) throws {
    try PrivateSwitch.run { privateSwitch in
      let connection = try SwitchConnection(privateSwitch.managementSocket, version: version)
      let unmatched = FlowMod(tableID: 0, match: [.tcpDestination(80)])
      #expect(try connection.applyUnchecked(unmatched).map(\.name) == ["OFPBMC_BAD_PREREQ"])
      let errors = try connection.apply([
        .groupMod(GroupMod(command: .modify, kind: .all, group: 99)),
        .conntrackFlush(
          ConntrackFlush(ipProtocol: 6, zone: 7, reply: .init(source: .v4(Representative.gateway), sourcePort: 20001))),
        .roleRequest(RoleMessage(role: .equal, generationID: 0)),
      ])
      #expect(errors.map(\.name) == ["OFPGMFC_UNKNOWN_GROUP"])
      #expect(
        connection.unsolicited.map(\.body)
          == [.roleReply(RoleMessage(role: .equal, generationID: .max))])
    }
  }
}

extension MultipartReply.Body {
  fileprivate var flows: [FlowStatistics] { if case .flows(let flows) = self { flows } else { [] } }
  fileprivate var groups: [GroupDescription] { if case .groupDescriptions(let groups) = self { groups } else { [] } }
  fileprivate var tables: [TableFeatures] { if case .tableFeatures(let tables) = self { tables } else { [] } }
}

extension Message {
  fileprivate var packetIn: PacketIn? { if case .packetIn(let packet) = self.body { packet } else { nil } }
  fileprivate var flowRemoved: FlowRemoved? { if case .flowRemoved(let flow) = self.body { flow } else { nil } }
  fileprivate var portStatus: PortStatus? { if case .portStatus(let status) = self.body { status } else { nil } }
}

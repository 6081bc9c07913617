// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import Testing

/// What a real Open vSwitch makes of messages beyond flows and groups: it takes them, does what they say, or refuses
/// them for the right reason; and what it says is said again with the same bytes.
@Suite(
  .serialized, .enabled(if: PrivateSwitch.isPossible, "Open vSwitch is not installed (package openvswitch-switch)"))
struct OpenVSwitchMessageTests {
  @Test(arguments: ProtocolVersion.allCases)
  func metersAreKeptAndCount(version: ProtocolVersion) throws {
    try PrivateSwitch.converse(version) { connection, _ in
      let bands = [MeterBand(rate: 1000, burstSize: 100)]
      let meter = MeterMod(meter: 7, flags: [.kilobitsPerSecond, .burst, .statistics], bands: bands)
      var faster = meter
      faster.command = .modify
      faster.bands[0].rate = 2000
      #expect(try connection.apply([.meterMod(meter), .meterMod(faster)]) == [])
      #expect(
        try connection.request(.meterConfigurations(7)) == [
          .meterConfigurations([MeterConfiguration(meter: 7, flags: meter.flags, bands: faster.bands)])
        ])
      guard case .meterStatistics(let statistics)? = try connection.request(.meterStatistics()).first else {
        Issue.record("no meter statistics")
        return
      }
      #expect(statistics.map(\.meter) == [7])
      #expect(statistics.map(\.bands) == [[.init()]])
      guard case .meterFeatures(let features)? = try connection.request(.meterFeatures).first else {
        Issue.record("no meter features")
        return
      }
      #expect(features.maximumMeters > 0)
      #expect(features.bandTypes == 1 << 1)

      var remark = meter
      remark.meter = 8
      remark.bands[0].kind = .dscpRemark(precedenceLevel: 1)
      var unknown = faster
      unknown.meter = 9
      let errors = try connection.apply([
        .meterMod(meter), .meterMod(remark), .meterMod(unknown), .meterMod(MeterMod(command: .delete, meter: .all)),
      ])
      #expect(errors.map(\.name) == ["OFPMMFC_METER_EXISTS", "OFPMMFC_BAD_BAND", "OFPMMFC_UNKNOWN_METER"])
      #expect(try connection.request(.meterConfigurations()) == [.meterConfigurations([])])
    }
  }

  @Test(arguments: ProtocolVersion.allCases)
  func portsAreChanged(version: ProtocolVersion) throws {
    try PrivateSwitch.converse(version) { connection, _ in
      let port = try #require(try connection.ports().first { $0.number == 2 })
      let mod = PortMod(
        port: 2, hardwareAddress: port.hardwareAddress, configuration: [.noForward, .noPacketIn],
        mask: [.noForward, .noPacketIn])
      var stranger = mod
      stranger.hardwareAddress = .broadcast
      var absent = mod
      absent.port = 77
      let errors = try connection.apply([.portMod(mod), .portMod(stranger), .portMod(absent)])
      #expect(errors.map(\.name) == ["OFPPMFC_BAD_HW_ADDR", "OFPPMFC_BAD_PORT"])
      #expect(try connection.ports().first { $0.number == 2 }?.configuration == [.noForward, .noPacketIn])
    }
  }

  @Test(arguments: ProtocolVersion.allCases)
  func asynchronousMessagesAreChosen(version: ProtocolVersion) throws {
    try PrivateSwitch.converse(version) { connection, _ in
      let configuration = AsyncConfiguration(
        packetIn: .init(master: 3, slave: 1), portStatus: .init(master: 4, slave: 2),
        flowRemoved: .init(master: 0xb, slave: 4))
      #expect(try connection.apply([.setAsync(configuration)]) == [])
      try connection.send(.getAsyncRequest)
      guard case .getAsyncReply(let answer) = try connection.receive().body else {
        Issue.record("no asynchronous configuration")
        return
      }
      #expect(answer.packetIn == configuration.packetIn)
      #expect(answer.portStatus == configuration.portStatus)
      #expect(answer.flowRemoved == configuration.flowRemoved)
      #expect((answer.roleStatus.master != nil) == (version >= .v1_5))
    }
  }

  @Test(arguments: ProtocolVersion.allCases)
  func bundlesAreDoneWholeOrNotAtAll(version: ProtocolVersion) throws {
    try PrivateSwitch.converse(version) { connection, _ in
      let flows = (1...3).map { FlowMod(tableID: 9, priority: $0, match: [.inPort(1)]) }
      let done = try connection.commit(1, flows.map { .flowMod($0) })
      #expect(done.answers == [.commitReply])
      #expect(done.errors == [])
      #expect(try connection.flowCount(table: 9) == 3)

      // The last message names a group that is not there: nothing of the bundle is done.
      let group = GroupMod(command: .modify, kind: .all, group: 99)
      let more = FlowMod(tableID: 9, priority: 100)
      let failed = try connection.commit(2, [.flowMod(more), .groupMod(group)])
      #expect(failed.answers == [])
      #expect(failed.errors == ["OFPGMFC_UNKNOWN_GROUP", "OFPBFC_MSG_FAILED"])
      #expect(try connection.flowCount(table: 9) == 3)

      // What is discarded is not done either, and what cannot be in a bundle is refused.
      let refused = try connection.apply([
        .bundleControl(BundleControl(bundleID: 3, .openRequest)),
        .bundleAddMessage(BundleAddMessage(bundleID: 3, .flowMod(more))),
        .bundleAddMessage(BundleAddMessage(bundleID: 3, .barrierRequest)),
        .bundleAddMessage(BundleAddMessage(bundleID: 3, .flowMod(more), xid: 0)),
        .bundleControl(BundleControl(bundleID: 3, .discardRequest)),
        .bundleControl(BundleControl(bundleID: 4, .commitRequest)),
      ])
      #expect(refused.map(\.name) == ["OFPBFC_MSG_UNSUP", "OFPBFC_MSG_BAD_XID", "OFPBFC_BAD_ID"])
      #expect(try connection.flowCount(table: 9) == 3)
    }
  }

  @Test(arguments: ProtocolVersion.allCases)
  func statisticsOfEverythingAreRead(version: ProtocolVersion) throws {
    try PrivateSwitch.converse(version) { connection, _ in
      let frame = [UInt8](repeating: 0xff, count: 12) + [0x88, 0xb5] + [UInt8](repeating: 0, count: 46)
      let flow = FlowMod(tableID: 0, cookie: 5, instructions: [.applyActions([.output(3)])])
      let group = GroupMod(
        kind: .all, group: 4, buckets: [Bucket(actions: [.output(1)]), Bucket(actions: [.output(2)])])
      let packet = PacketOut(inPort: 2, actions: [.output(.table)], data: frame)
      #expect(try connection.apply([.flowMod(flow), .groupMod(group), .packetOut(packet)]) == [])

      guard
        case .aggregate(let sum)? = try connection.request(.aggregate(FlowRequest(cookie: 5, cookieMask: .max))).first
      else {
        Issue.record("no aggregate")
        return
      }
      #expect(sum.flowCount == 1)
      let tables = try connection.request(.tableStatistics).flatMap(\.tables)
      #expect(tables.count == 254)
      #expect(tables[0].activeCount == 1)
      let ports = try connection.request(.portStatistics()).flatMap(\.ports)
      #expect(ports.map(\.port).sorted() == [1, 2, 3, .local])
      #expect(ports.first { $0.port == 3 }?.sent.packets == 1)
      #expect(try connection.request(.portStatistics(3)).flatMap(\.ports).count == 1)
      // Without a configuration of its own each port has the queue 0.
      let queues = try connection.request(.queueStatistics(QueueRequest(port: 2))).flatMap(\.queues)
      #expect(queues.map(\.port) == [2])
      #expect(queues.map(\.queue) == [0])
      guard case .groupStatistics(let groups)? = try connection.request(.groupStatistics(4)).first else {
        Issue.record("no group statistics")
        return
      }
      #expect(groups.map(\.buckets.count) == [2])
      switch version {
      case .v1_3:
        #expect(try connection.apply([.queueGetConfigRequest(2)]) == [])
        #expect(
          connection.unsolicited.map(\.body) == [
            .queueGetConfigReply(QueueConfiguration(port: 2, queues: [QueueDescription(port: 2, queue: 0)]))
          ])
      case .v1_5:
        #expect(
          try connection.request(.queueDescriptions(QueueRequest(port: 2))) == [
            .queueDescriptions([QueueDescription(port: 2, queue: 0)])
          ])
      }
    }
  }

  @Test func tablesAreConfigured() throws {
    try PrivateSwitch.converse(.v1_5) { connection, _ in
      let mod = TableMod(
        tableID: 5, configuration: [.eviction, .vacancyEvents], properties: [.vacancy(.init(down: 10, up: 90))])
      var impossible = mod
      impossible.properties = [.vacancy(.init(down: 90, up: 10))]
      let errors = try connection.apply([.tableMod(mod), .tableMod(impossible)])
      #expect(errors.map(\.name) == ["OFPBPC_BAD_VALUE"])
      guard case .tableDescriptions(let tables)? = try connection.request(.tableDescriptions).first else {
        Issue.record("no table descriptions")
        return
      }
      let table = try #require(tables.first { $0.tableID == 5 })
      #expect(table.configuration == [.eviction, .vacancyEvents])
      #expect(
        table.properties.contains {
          if case .vacancy(let room) = $0 { room.down == 10 && room.up == 90 } else { false }
        })
    }
  }
}

extension SwitchConnection {
  fileprivate func ports() throws -> [PortDescription] {
    try self.request(.portDescriptions()).flatMap { part -> [PortDescription] in
      if case .portDescriptions(let ports) = part { ports } else { [] }
    }
  }

  fileprivate func flowCount(table: UInt8) throws -> Int {
    try self.request(.flows(FlowRequest(tableID: table))).reduce(0) { count, part in
      if case .flows(let flows) = part { count + flows.count } else { count }
    }
  }

  /// Commits `bodies` as one bundle; returns the answers to the commit, and what was refused.
  fileprivate func commit(
    _ id: UInt32, _ bodies: [MessageBody]
  ) throws -> (answers: [BundleControl.Kind], errors: [String]) {
    let flags: BundleFlags = [.atomic, .ordered]
    try self.send(.bundleControl(BundleControl(bundleID: id, .openRequest, flags: flags)))
    for body in bodies { try self.send(.bundleAddMessage(BundleAddMessage(bundleID: id, flags: flags, body))) }
    let commit = try self.send(.bundleControl(BundleControl(bundleID: id, .commitRequest, flags: flags)))
    let errors = try self.apply([])
    let answers = self.unsolicited.compactMap { message -> BundleControl.Kind? in
      guard message.xid == commit, case .bundleControl(let control) = message.body else { return nil }
      return control.kind
    }
    return (answers, errors.map(\.name))
  }
}

extension MultipartReply.Body {
  fileprivate var tables: [TableStatistics] { if case .tableStatistics(let tables) = self { tables } else { [] } }
  fileprivate var queues: [QueueStatistics] { if case .queueStatistics(let queues) = self { queues } else { [] } }
  fileprivate var ports: [PortStatistics] { if case .portStatistics(let ports) = self { ports } else { [] } }
}

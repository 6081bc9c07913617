// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow

extension Sample {
  /// Messages beyond those of flows and groups. The bytes of those whose names are in `unknownToOpenVSwitch` follow
  /// the specification alone.
  static let further: [Sample] = ProtocolVersion.allCases.flatMap { version in
    let bodies = commonMessages + (version == .v1_3 ? olderMessages : newerMessages)
    return bodies.enumerated().map { index, sample in
      Sample(name: sample.name, version: version, message: Message(xid: UInt32(1001 + index), sample.body))
    }
  }

  private typealias Named = (name: String, body: MessageBody)

  private static let meterBands = [
    MeterBand(rate: 10_000, burstSize: 500),
    MeterBand(rate: 5_000, burstSize: 100, kind: .dscpRemark(precedenceLevel: 1)),
  ]

  private static let commonMessages: [Named] = [
    (
      "hello-with-another-element",
      .hello(
        Hello(
          headerVersion: 6, bitmap: VersionBitmap([.v1_3, .v1_5]),
          otherElements: [RawProperty(type: 9, body: [1, 2, 3])]))
    ),
    (
      "port-mod",
      .portMod(
        PortMod(
          port: 2, hardwareAddress: Representative.gatewayMAC, configuration: [.portDown],
          mask: [.portDown, .noForward], advertise: 0x2820))
    ),
    (
      "port-mod-nothing",
      .portMod(PortMod(port: .local, hardwareAddress: Representative.virtualMAC, mask: [.noPacketIn]))
    ),
    ("table-mod", .tableMod(TableMod(tableID: 3))),
    (
      "meter-mod-add",
      .meterMod(MeterMod(meter: 7, flags: [.kilobitsPerSecond, .burst, .statistics], bands: meterBands))
    ),
    (
      "meter-mod-modify",
      .meterMod(
        MeterMod(command: .modify, meter: .controller, flags: [.packetsPerSecond], bands: [MeterBand(rate: 100)]))
    ),
    ("meter-mod-delete", .meterMod(MeterMod(command: .delete, meter: .all))),
    ("get-async-request", .getAsyncRequest),
    ("role-status", .roleStatus(RoleStatus(role: .slave, reason: .masterRequest, generationID: 43))),
    (
      "request-forward",
      .requestForward(RequestForward(request: Message(xid: 77, .meterMod(MeterMod(command: .delete, meter: 7)))))
    ),
    (
      "bundle-open",
      .bundleControl(BundleControl(bundleID: 5, .openRequest, flags: [.atomic, .ordered]))
    ),
    ("bundle-commit-reply", .bundleControl(BundleControl(bundleID: 5, .commitReply, flags: [.atomic]))),
    (
      "bundle-add-flow",
      .bundleAddMessage(
        BundleAddMessage(bundleID: 5, flags: [.atomic, .ordered], .flowMod(Representative.flows[0].flow)))
    ),
    (
      "bundle-add-group",
      .bundleAddMessage(
        BundleAddMessage(bundleID: 5, flags: [.atomic, .ordered], .groupMod(Representative.groups[2].group)))
    ),
    ("set-packet-in-format", .setPacketInFormat(.nxtPacketIn2)),
    (
      "nicira-packet-in",
      .niciraPacketIn(
        NiciraPacketIn(
          packet: frame, fullLength: 1500, tableID: 3, cookie: 0xabc, reason: .action,
          metadata: [.inPort(2), .conntrackMark(5)], userdata: [1, 2, 3, 4, 5]))
    ),
    (
      "request-aggregate",
      .multipartRequest(MultipartRequest(.aggregate(FlowRequest(tableID: 1, match: [.ethernetType(0x0800)]))))
    ),
    ("request-table-statistics", .multipartRequest(MultipartRequest(.tableStatistics))),
    ("request-port-statistics", .multipartRequest(MultipartRequest(.portStatistics(2)))),
    (
      "request-queue-statistics",
      .multipartRequest(MultipartRequest(.queueStatistics(QueueRequest(port: 2, queue: 1))))
    ),
    ("request-meter-statistics", .multipartRequest(MultipartRequest(.meterStatistics(7)))),
    ("request-meter-configurations", .multipartRequest(MultipartRequest(.meterConfigurations()))),
    ("request-meter-features", .multipartRequest(MultipartRequest(.meterFeatures))),
    (
      "reply-aggregate",
      .multipartReply(MultipartReply(.aggregate(AggregateStatistics(packetCount: 9, byteCount: 900, flowCount: 3))))
    ),
    (
      "reply-table-statistics",
      .multipartReply(
        MultipartReply(
          .tableStatistics([
            TableStatistics(tableID: 0, activeCount: 12, lookupCount: 34, matchedCount: 33),
            TableStatistics(tableID: 253),
          ])))
    ),
    (
      "reply-port-statistics",
      .multipartReply(
        MultipartReply(
          .portStatistics([
            PortStatistics(
              port: 2, durationSeconds: 10, durationNanoseconds: 500_000_000,
              received: .init(packets: 1, bytes: 60, dropped: 2, errors: 3),
              sent: .init(packets: 4, bytes: 240, dropped: 5, errors: PortStatistics.unsupported),
              ethernet: .init(frameErrors: 6, overruns: 7, checksumErrors: 8, collisions: 9)),
            PortStatistics(port: .local),
          ])))
    ),
    (
      "reply-queue-statistics",
      .multipartReply(
        MultipartReply(
          .queueStatistics([
            QueueStatistics(
              port: 2, queue: 1, byteCount: 1000, packetCount: 10, errorCount: 1, durationSeconds: 5,
              durationNanoseconds: 1)
          ])))
    ),
    (
      "reply-meter-statistics",
      .multipartReply(
        MultipartReply(
          .meterStatistics([
            MeterStatistics(
              meter: 7, flowCount: 2, packetCount: 100, byteCount: 6000, durationSeconds: 8, durationNanoseconds: 9,
              bands: [.init(packetCount: 3, byteCount: 180), .init()])
          ])))
    ),
    (
      "reply-meter-configurations",
      .multipartReply(
        MultipartReply(
          .meterConfigurations([
            MeterConfiguration(meter: 7, flags: [.kilobitsPerSecond, .burst], bands: meterBands),
            MeterConfiguration(meter: .slowPath, flags: [.packetsPerSecond]),
          ])))
    ),
    (
      "reply-meter-features",
      .multipartReply(
        MultipartReply(
          .meterFeatures(
            MeterFeatures(maximumMeters: 65_536, bandTypes: 2, capabilities: 0xf, maximumBands: 8, maximumColor: 0))))
    ),
  ]

  private static let olderMessages: [Named] = [
    ("get-async-reply", .getAsyncReply(olderAsync)),
    ("set-async", .setAsync(olderAsync)),
    ("queue-get-config-request", .queueGetConfigRequest(2)),
    (
      "queue-get-config-reply",
      .queueGetConfigReply(
        QueueConfiguration(
          port: 2,
          queues: [
            QueueDescription(port: 2, queue: 1, properties: [.minimumRate(100), .maximumRate(500)]),
            QueueDescription(port: 2, queue: 2),
          ]))
    ),
  ]

  private static let olderAsync = AsyncConfiguration(
    packetIn: .init(master: 7, slave: 0), portStatus: .init(master: 7, slave: 7),
    flowRemoved: .init(master: 0xf, slave: 0))

  private static let newerMessages: [Named] = [
    ("get-async-reply", .getAsyncReply(newerAsync)),
    ("set-async", .setAsync(AsyncConfiguration(packetIn: .init(master: 0x3f), tableStatus: .init(slave: 0x18)))),
    (
      "table-mod-vacancy",
      .tableMod(
        TableMod(
          tableID: 3, configuration: [.eviction, .vacancyEvents],
          properties: [.vacancy(.init(down: 20, up: 80))]))
    ),
    (
      "table-status",
      .tableStatus(
        TableStatus(
          reason: .vacancyDown,
          table: TableDescription(
            tableID: 3, configuration: [.vacancyEvents], properties: [.vacancy(.init(down: 20, up: 80, current: 19))])))
    ),
    (
      "group-mod-remove-bucket",
      .groupMod(GroupMod(command: .removeBucket, kind: .select, group: 11, commandBucketID: 3))
    ),
    ("request-table-descriptions", .multipartRequest(MultipartRequest(.tableDescriptions))),
    ("request-queue-descriptions", .multipartRequest(MultipartRequest(.queueDescriptions(QueueRequest(port: 2))))),
    (
      "request-flow-monitor",
      .multipartRequest(
        MultipartRequest(
          .flowMonitor([
            FlowMonitorRequest(
              monitorID: 1, flags: [.initial, .add, .removed, .modify, .instructions], tableID: 1,
              match: [.inPort(2)])
          ])))
    ),
    (
      "reply-table-descriptions",
      .multipartReply(
        MultipartReply(
          .tableDescriptions([
            TableDescription(tableID: 0, configuration: [.eviction], properties: [.eviction([.importance])]),
            TableDescription(tableID: 1),
          ])))
    ),
    (
      "reply-queue-descriptions",
      .multipartReply(
        MultipartReply(
          .queueDescriptions([
            QueueDescription(port: 2, queue: 1, properties: [.minimumRate(100), .maximumRate(500)]),
            QueueDescription(port: 3, queue: 9),
          ])))
    ),
    (
      "reply-flow-monitor",
      .multipartReply(
        MultipartReply(
          .flowMonitor([
            .flow(
              .init(
                event: .added, tableID: 1, idleTimeout: 60, priority: 100, cookie: 7, match: [.inPort(2)],
                instructions: [.applyActions([.output(3)])])),
            .flow(.init(event: .removed, tableID: 1, reason: .hardTimeout, priority: 100, match: [.inPort(2)])),
            .abbreviated(xid: 99), .paused, .resumed,
          ])))
    ),
  ]

  private static let newerAsync = AsyncConfiguration(
    packetIn: .init(master: 0x3f, slave: 0), portStatus: .init(master: 7, slave: 7),
    flowRemoved: .init(master: 0x3f, slave: 0), roleStatus: .init(master: 7, slave: 7),
    tableStatus: .init(master: 0x18, slave: 0), requestForward: .init(master: 3, slave: 3))

  private static let frame: [UInt8] =
    Representative.virtualMAC.octets + Representative.gatewayMAC.octets + [0x08, 0x06]
    + [UInt8](repeating: 0, count: 46)
}

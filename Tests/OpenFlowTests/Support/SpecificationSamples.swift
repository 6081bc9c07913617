// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import OpenFlow

extension Sample {
  /// Messages that Open vSwitch 3.1 does not read, and what this module carries without reading. Their files
  /// (`spec13-…`, `spec15-…`) follow the specification alone.
  static let beyondOpenVSwitch: [Sample] = ProtocolVersion.allCases.flatMap { version in
    let bodies = carried + (version == .v1_5 ? newer : [])
    return bodies.enumerated().map { index, sample in
      Sample(name: sample.name, version: version, message: Message(xid: UInt32(2001 + index), sample.body))
    }
  }

  var specificationFileName: String { "spec" + self.fileName.dropFirst(2) }

  private typealias Named = (name: String, body: MessageBody)

  private static let carried: [Named] = [
    (
      "meter-mod-experimenter-band",
      .meterMod(
        MeterMod(
          meter: 1, flags: [.packetsPerSecond],
          bands: [
            MeterBand(rate: 1, kind: .experimenter(id: 0x1234, body: [1, 2, 3, 4, 5, 6, 7, 8])),
            MeterBand(rate: 2, burstSize: 3, kind: .unknown(type: 9, body: [1, 2, 3, 4])),
          ]))
    ),
    (
      "request-experimenter",
      .multipartRequest(MultipartRequest(.experimenter(ExperimenterMessage(experimenter: 7, type: 8, data: [9]))))
    ),
    (
      "reply-experimenter",
      .multipartReply(
        MultipartReply(.experimenter(ExperimenterMessage(experimenter: 7, type: 8, data: [])), more: true))
    ),
    ("request-unknown", .multipartRequest(MultipartRequest(.unknown(type: 99, body: [1, 2])))),
    ("reply-unknown", .multipartReply(MultipartReply(.unknown(type: 99, body: [1, 2])))),
    ("unknown", .unknown(type: 99, payload: [1, 2, 3])),
    (
      "error-experimenter",
      .error(ErrorMessage(experimenter: ExperimenterMessage.onf, code: 2302, data: [1, 2, 3]))
    ),
    (
      "reply-groups-of-an-experimenter",
      .multipartReply(
        MultipartReply(
          .groupDescriptions([
            GroupDescription(kind: GroupKind(rawValue: 200), group: 1, buckets: [Bucket(actions: [.output(1)])]),
            GroupDescription(kind: .all, group: 2, buckets: []),
          ])))
    ),
    (
      "nicira-resume",
      .niciraResume(
        NiciraPacketIn(
          packet: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x08, 0x06], bufferID: 5, tableID: 0, reason: .action,
          metadata: [.inPort(1)], continuation: [0, 0, 0, 0, 1, 2, 3, 4],
          otherProperties: [RawProperty(type: 77, body: [1])]))
    ),
  ]

  private static let newer: [Named] = [
    (
      "request-flow-summaries",
      .multipartRequest(MultipartRequest(.flowSummaries(FlowRequest(tableID: 2, match: [.inPort(1)]))))
    ),
    (
      "reply-flow-summaries",
      .multipartReply(
        MultipartReply(
          .flowSummaries([
            FlowSummary(
              tableID: 2, reason: .trigger, priority: 7, match: [.inPort(1)],
              counters: FlowCounters(
                durationSeconds: 1, durationNanoseconds: 2, idleSeconds: 3, packetCount: 4, byteCount: 5)),
            FlowSummary(tableID: 3, priority: 0, match: .any),
          ])))
    ),
    (
      "reply-meter-features",
      .multipartReply(
        MultipartReply(
          .meterFeatures(
            MeterFeatures(
              maximumMeters: 1, bandTypes: 6, capabilities: 0xf, maximumBands: 2, maximumColor: 1, features: 7))))
    ),
    (
      "reply-ports-with-other-properties",
      .multipartReply(
        MultipartReply(
          .portDescriptions([
            PortDescription(
              number: 1, hardwareAddress: Representative.gatewayMAC, name: "optical", ethernet: nil,
              otherProperties: [RawProperty(type: 1, body: [UInt8](repeating: 1, count: 36))])
          ])))
    ),
    (
      "reply-port-statistics-with-other-properties",
      .multipartReply(
        MultipartReply(
          .portStatistics([
            PortStatistics(port: 1, ethernet: nil, otherProperties: [RawProperty(type: 0xffff, body: [1, 2, 3, 4, 5])])
          ])))
    ),
    (
      "bundle-add-with-properties",
      .bundleAddMessage(
        BundleAddMessage(
          bundleID: 1, flags: [.ordered], .echoRequest([1, 2, 3]), xid: 4,
          properties: [RawProperty(type: 0xffff, body: [0, 0, 0, 7, 0, 0, 0, 8])]))
    ),
    (
      "bundle-commit-at-a-time",
      .bundleControl(
        BundleControl(
          bundleID: 1, .commitRequest, flags: [.time],
          properties: [RawProperty(type: 1, body: [UInt8](repeating: 2, count: 20))]))
    ),
    (
      "set-async-experimenter",
      .setAsync(
        AsyncConfiguration(
          flowStatistics: .init(master: 3), controllerStatus: .init(master: 0x7f, slave: 0),
          otherProperties: [RawProperty(type: 0xfffe, body: [0, 0, 0, 7, 0, 0, 0, 8])]))
    ),
    (
      "group-mod-bucket-properties",
      .groupMod(
        GroupMod(
          kind: GroupKind(rawValue: 128), group: 4,
          buckets: [Bucket(actions: [.output(1)], otherProperties: [RawProperty(type: 0xffff, body: [1, 2, 3, 4])])],
          properties: [.unknown(RawProperty(type: 0xffff, body: [0, 0, 0, 1, 0, 0, 0, 2]))]))
    ),
    (
      // Open vSwitch 3.1 takes the flags for the switch that they are the details of.
      "table-mod-eviction",
      .tableMod(
        TableMod(tableID: 3, configuration: [.eviction], properties: [.eviction([.importance, .lifetime])]))
    ),
    (
      "table-mod-unknown-property",
      .tableMod(
        TableMod(tableID: 0xff, properties: [.unknown(RawProperty(type: 0xffff, body: [1, 2, 3, 4, 5, 6, 7, 8]))]))
    ),
  ]
}

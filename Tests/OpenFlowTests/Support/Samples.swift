// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import Testing

/// A message whose bytes are pinned by a file in `Tests/Vectors`.
struct Sample: Sendable, CustomTestStringConvertible {
  let name: String
  let version: ProtocolVersion
  let message: Message

  var testDescription: String { self.fileName }
  var fileName: String { "of\(self.version == .v1_3 ? "13" : "15")-\(self.name)" }

  static let all: [Sample] = ProtocolVersion.allCases.flatMap { version in
    (common + (version == .v1_5 ? newer : [])).enumerated().map { index, sample in
      Sample(name: sample.name, version: version, message: Message(xid: UInt32(index + 1), sample.body))
    }
  }

  private static let port = PortDescription(
    number: 2, hardwareAddress: Representative.gatewayMAC, name: "veth-west", configuration: [.noPacketIn],
    state: [.live],
    ethernet: PortDescription.Ethernet(current: 0x2840, currentSpeed: 10_000_000, maximumSpeed: 10_000_000))

  private static let frame: [UInt8] =
    Representative.virtualMAC.octets + Representative.gatewayMAC.octets + [0x08, 0x06]
    + [UInt8](repeating: 0, count: 46)

  private static let common: [(name: String, body: MessageBody)] =
    [
      ("hello", .hello(Hello(offering: [.v1_3, .v1_5]))),
      ("hello-without-bitmap", .hello(Hello(headerVersion: 4, bitmap: nil))),
      ("error", .error(ErrorMessage(type: 4, code: 9, data: [4, 0, 0, 8, 0, 0, 0, 1]))),
      ("echo-request", .echoRequest([1, 2, 3])),
      ("echo-reply", .echoReply([])),
      (
        "experimenter",  // NXT_SET_CONTROLLER_ID
        .experimenter(
          ExperimenterMessage(experimenter: ExperimenterMessage.nicira, type: 20, data: [0, 0, 0, 0, 0, 0, 0, 7]))
      ),
      ("features-request", .featuresRequest),
      (
        "features-reply",
        .featuresReply(
          FeaturesReply(
            datapathID: DatapathID(rawValue: 0x5e), capabilities: [.flowStatistics, .groupStatistics, .portBlocked]))
      ),
      ("get-config-request", .getConfigRequest),
      ("get-config-reply", .getConfigReply(SwitchConfiguration(flags: 0, missSendLength: 128))),
      ("set-config", .setConfig(SwitchConfiguration())),
      (
        "packet-in",
        .packetIn(
          PacketIn(
            totalLength: UInt16(frame.count), reason: .action, tableID: 3, cookie: 7,
            match: [.inPort(2), .register(0, 5)], data: frame))
      ),
      (
        "packet-out",
        .packetOut(PacketOut(inPort: .controller, actions: [.output(2), .output(.controller)], data: frame))
      ),
      (
        "flow-removed",
        .flowRemoved(
          FlowRemoved(
            reason: .idleTimeout, tableID: 5, priority: 2, cookie: 9, idleTimeout: 60, hardTimeout: 600,
            match: [.ethernetType(0x0800), .ipv4Source(Representative.gateway, prefix: 16)],
            counters: FlowCounters(
              durationSeconds: 61, durationNanoseconds: 5_000_000, packetCount: 12, byteCount: 3456)))
      ),
      ("port-status", .portStatus(PortStatus(reason: .modify, port: port))),
      (
        "flow-mod-delete",
        .flowMod(
          FlowMod(
            command: .delete, tableID: TableNumber.all, cookie: 0xff00, cookieMask: 0xff00, outPort: 2, outGroup: 10,
            match: [.inPort(1)]))
      ),
      (
        "flow-mod-modify-strict",
        .flowMod(FlowMod(command: .modifyStrict, tableID: 1, bufferID: 17, flags: [.resetCounts]))
      ),
      ("group-mod-delete", .groupMod(GroupMod(command: .delete, kind: .all, group: .all))),
      ("group-mod-modify", .groupMod(GroupMod(command: .modify, kind: .fastFailover, group: 1))),
      ("group-mod-add-or-modify", .groupMod(GroupMod(command: .addOrModify, kind: .all, group: 3))),
      ("barrier-request", .barrierRequest),
      ("barrier-reply", .barrierReply),
      ("role-request", .roleRequest(RoleMessage(role: .master, generationID: 42))),
      ("role-reply", .roleReply(RoleMessage(role: .slave, generationID: 43))),
      (
        "ct-flush",
        .conntrackFlush(
          ConntrackFlush(ipProtocol: 6, zone: 7, reply: .init(source: .v4(Representative.gateway), sourcePort: 20001)))
      ),
      (
        "ct-flush-both",
        .conntrackFlush(
          ConntrackFlush(
            ipProtocol: 17,
            original: .init(
              source: .v4(Representative.gateway), destination: .v4(Representative.virtualIP), sourcePort: 1,
              destinationPort: 53),
            reply: .init(destinationPort: 1)))
      ),
      ("request-description", .multipartRequest(MultipartRequest(.description))),
      (
        "request-flows",
        .multipartRequest(
          MultipartRequest(.flows(FlowRequest(cookie: 1, cookieMask: .max, match: [.ethernetType(0x0800)]))))
      ),
      ("request-group-statistics", .multipartRequest(MultipartRequest(.groupStatistics(10)))),
      ("request-groups", .multipartRequest(MultipartRequest(.groupDescriptions()))),
      ("request-group-features", .multipartRequest(MultipartRequest(.groupFeatures))),
      ("request-table-features", .multipartRequest(MultipartRequest(.tableFeatures()))),
      ("request-ports", .multipartRequest(MultipartRequest(.portDescriptions()))),
      (
        "reply-description",
        .multipartReply(
          MultipartReply(
            .description(
              SwitchDescription(
                manufacturer: "Isthmus", hardware: "none", software: "1.0", serialNumber: "7", datapath: "west"))))
      ),
      (
        "reply-flows",
        .multipartReply(
          MultipartReply(
            .flows(
              Representative.flows.prefix(3).map { _, flow in
                FlowStatistics(
                  tableID: flow.tableID, priority: flow.priority, cookie: flow.cookie, match: flow.match,
                  instructions: flow.instructions,
                  counters: FlowCounters(
                    durationSeconds: 1, durationNanoseconds: 500_000_000, packetCount: 3, byteCount: 180))
              }), more: true))
      ),
      (
        "reply-groups",
        .multipartReply(
          MultipartReply(
            .groupDescriptions(
              Representative.groups.map { _, group in
                GroupDescription(kind: group.kind, group: group.group, buckets: group.buckets)
              })))
      ),
      (
        "reply-group-statistics",
        .multipartReply(
          MultipartReply(
            .groupStatistics([
              GroupStatistics(
                group: 10, referenceCount: 1, packetCount: 5, byteCount: 500, durationSeconds: 9,
                durationNanoseconds: 1000,
                buckets: [.init(packetCount: 4, byteCount: 400), .init(packetCount: 1, byteCount: 100)])
            ])))
      ),
      (
        "reply-group-features",
        .multipartReply(
          MultipartReply(
            .groupFeatures(
              GroupFeatures(
                kinds: 0xf, capabilities: [.selectWeight, .selectLiveness, .chaining],
                maximumGroups: [1, 2, 3, 4], actions: [1, 1, 1, 0x40_0001]))))
      ),
      ("reply-ports", .multipartReply(MultipartReply(.portDescriptions([port])))),
    ] + Representative.flows.map { ("flow-mod-\($0.name)", .flowMod($0.flow)) }
    + Representative.groups.map { ("group-mod-\($0.name)", .groupMod($0.group)) }

  private static let newer: [(name: String, body: MessageBody)] = [
    (
      "packet-out-metadata",
      .packetOut(
        PacketOut(inPort: 3, metadata: [.metadata(5), .register(1, 2)], actions: [.output(.table)], data: frame))
    ),
    ("flow-mod-importance", .flowMod(FlowMod(tableID: 1, importance: 77, instructions: [.gotoTable(2)]))),
    ("request-one-group", .multipartRequest(MultipartRequest(.groupDescriptions(10)))),
    ("request-one-port", .multipartRequest(MultipartRequest(.portDescriptions(2)))),
    ("role-request-short-id", .roleRequest(RoleMessage(role: .equal, generationID: 1, shortID: 3))),
    (
      "group-mod-selection-method",
      .groupMod(
        GroupMod(
          kind: .select, group: 14,
          buckets: [Bucket(weight: 1, actions: [.output(1)]), Bucket(weight: 1, actions: [.output(2)])],
          properties: [.selectionMethod(SelectionMethod(name: "dp_hash", parameter: 1))]))
    ),
    (
      "group-mod-hash-fields",
      .groupMod(
        GroupMod(
          kind: .select, group: 15, buckets: [Bucket(weight: 1, actions: [.output(1)])],
          properties: [
            .selectionMethod(
              SelectionMethod(
                name: "hash", fields: [.init(.ipv4Source, mask: 0xffff_ff00), .init(.ethernetType), .init(.ipProtocol)])
            )
          ]))
    ),
    (
      "group-mod-insert-bucket",
      .groupMod(
        GroupMod(
          command: .insertBucket, kind: .select, group: 11,
          buckets: [Bucket(weight: 2, actions: [.output(3)], id: 9)], commandBucketID: Bucket.lastBucket))
    ),
  ]
}

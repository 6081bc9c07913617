// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow

/// Flows and groups such as a controller of this project installs, each with a name.
enum Representative {
  static let virtualIP = IPv4Address(rawValue: 0xcb00_7107)  // 203.0.113.7
  static let gateway = IPv4Address(rawValue: 0x0a00_0001)  // 10.0.0.1
  static let virtualMAC = MACAddress(rawValue: 0x0a49_cb00_7107)
  static let gatewayMAC = MACAddress(rawValue: 0x0200_0000_0001)

  static let flows: [(name: String, flow: FlowMod)] = [
    (
      "to-conntrack",
      FlowMod(
        tableID: 0, priority: 200, cookie: 0x1234_5678_9abc_def0,
        match: [.ethernetType(0x0800), .ipv4Destination(virtualIP)],
        instructions: [
          .applyActions([
            .conntrack(ConntrackAction(zone: 7, table: 1, actions: [.nat(.followConnection)]))
          ])
        ])
    ),
    (
      "replies-to-conntrack",
      FlowMod(
        tableID: 0, priority: 201,
        match: [
          .tcpSource(20001), .ipProtocol(6), .inPort(2), .ethernetType(0x0800), .ipv4Source(gateway),
        ],
        instructions: [
          .applyActions([
            .conntrack(ConntrackAction(zone: 7, table: 2, actions: [.nat(.followConnection)]))
          ])
        ])
    ),
    (
      "new-to-group",
      FlowMod(
        tableID: 1, priority: 100,
        match: [
          .conntrackState(set: [.tracked, .new]), .ethernetType(0x0800), .ipProtocol(6),
          .ipv4Destination(virtualIP), .tcpDestination(80),
        ],
        instructions: [.applyActions([.group(10)])])
    ),
    (
      "mark-to-gateway",
      FlowMod(
        tableID: 3, priority: 100, match: [.conntrackMark(5)],
        instructions: [.applyActions([.setField(.ethernetDestination(gatewayMAC)), .output(2)])])
    ),
    ("arp-responder", FlowMod(tableID: 0, priority: 300, match: arpRequest, instructions: [.applyActions(arpReply)])),
    (
      "stateless-reverse",
      FlowMod(
        tableID: 2, priority: 50,
        match: [
          .conntrackState(set: [.tracked, .new], unset: [.reply]), .ethernetType(0x0800), .ipProtocol(6),
          .ipv4Source(gateway), .tcpSource(20001),
        ],
        instructions: [
          .applyActions([
            .setField(.ipv4Source(virtualIP)), .setField(.tcpSource(80)), .setField(.ethernetSource(virtualMAC)),
            .output(.normal),
          ])
        ])
    ),
    (
      "to-controller",
      FlowMod(
        tableID: 0, priority: 400, cookie: 7,
        match: [.inPort(2), .ethernetType(0x0806), .arpOperation(2), .arpSenderAddress(gateway)],
        instructions: [.applyActions([.output(.controller)])])
    ),
    (
      "to-controller-in-part",
      FlowMod(
        tableID: 0, priority: 401, match: [.inPort(1), .ethernetType(0x0800), .ipProtocol(1), .icmpv4Type(0)],
        instructions: [.applyActions([.output(port: .controller, maxLength: 128)])])
    ),
    (
      "commit-with-nat",
      FlowMod(
        tableID: 4, priority: 1, match: [.ethernetType(0x0800), .ipProtocol(6)],
        instructions: [.applyActions([bucketConntrack(mark: 6)])])
    ),
    (
      "nat-ranges",
      FlowMod(
        tableID: 4, priority: 2, match: [.ethernetType(0x0800), .ipProtocol(17), .udpDestination(53)],
        instructions: [
          .applyActions([
            .conntrack(
              ConntrackAction(
                commit: true, force: true, zone: 9, table: 5,
                actions: [
                  .nat(
                    NATAction(
                      .source, options: [.persistent, .random],
                      addresses: gateway...IPv4Address(rawValue: gateway.rawValue + 9), ports: 1024...65535))
                ]))
          ])
        ])
    ),
    (
      "nat-address",
      FlowMod(
        tableID: 4, priority: 3, match: [.ethernetType(0x0800)],
        instructions: [
          .applyActions([
            .conntrack(ConntrackAction(commit: true, zone: 1, actions: [.nat(.source(gateway))])), .output(3),
          ])
        ])
    ),
    (
      "zone-of-register",
      FlowMod(
        tableID: 4, priority: 4, match: [.ethernetType(0x0800), .register(0, 5), .register(3, 0x0f00, mask: 0xff00)],
        instructions: [
          .applyActions([
            .conntrack(
              ConntrackAction(
                commit: true, zone: .field(FieldSlice(.register(1), offset: 8, bitCount: 16)),
                actions: [.setField(.conntrackLabel(0x1_0000_0000_0000_0001))]))
          ])
        ])
    ),
    (
      "partial-writes",
      FlowMod(
        tableID: 5, priority: 1, match: [.ethernetType(0x0800), .ipv4Source(gateway, prefix: 24)],
        instructions: [
          .applyActions([
            .setField(.register(2, 0x0500, mask: 0xff00)), .setField(.conntrackMarkRegister),
            .move(
              source: FieldSlice(.register(2), offset: 8, bitCount: 8),
              destination: FieldSlice(.register(4), offset: 0, bitCount: 8)), .decrementTTL, .setTTL(64),
            .setQueue(3), .output(.inPort),
          ])
        ])
    ),
    (
      "all-instructions",
      FlowMod(
        tableID: 5, priority: 2, idleTimeout: 60, hardTimeout: 600, flags: [.sendFlowRemoved],
        match: [.metadata(0x10, mask: 0xf0), .vlanID(5), MatchEntry(.vlanPriority, 3)],
        instructions: [
          .applyActions([.popVLAN, .pushVLAN(ethernetType: 0x8100), .setField(.vlanID(9))]), .clearActions,
          .writeActions([.setField(.ethernetSource(virtualMAC)), .output(2), .group(10)]),
          .writeMetadata(value: 0x20, mask: 0xff), .gotoTable(6),
        ])
    ),
    (
      "neighbour-discovery",
      FlowMod(
        tableID: 5, priority: 3,
        match: [
          .ethernetType(0x86dd), .ipProtocol(58), MatchEntry(.icmpv6Type, 136), MatchEntry(.icmpv6Code, 0),
          MatchEntry(.ndTarget, 0x2001_0db8 << 96 | 1),
        ],
        instructions: [.applyActions([.setField(MatchEntry(.ndTargetLinkLayer, UInt128(virtualMAC.rawValue)))])])
    ),
    (
      "tcp-flags-and-fragments",
      FlowMod(
        tableID: 5, priority: 4,
        match: [
          .ethernetType(0x0800), .ipProtocol(6), MatchEntry(.tcpFlags, 2, mask: 0x12), MatchEntry(.ipFragment, 0),
          MatchEntry(.ipDSCP, 46),
        ],
        instructions: [.gotoTable(6)])
    ),
    ("untagged", FlowMod(tableID: 5, priority: 5, match: [.noVLAN], instructions: [.gotoTable(6)])),
    (
      "masked-addresses",
      FlowMod(
        tableID: 5, priority: 6,
        match: [
          .ethernetDestination(MACAddress(rawValue: 0x0100_0000_0000), mask: MACAddress(rawValue: 0x0100_0000_0000)),
          .ethernetSource(gatewayMAC),
        ],
        instructions: [.applyActions([.output(.flood), .output(.local)])])
    ),
    ("drop", FlowMod(tableID: 6, priority: 0)),
    ("drop-some", FlowMod(tableID: 6, priority: 0xffff, match: [.inPort(.local)])),
  ]

  static let arpRequest: Match = [
    .ethernetType(0x0806), .arpOperation(1), .arpTargetAddress(virtualIP),
  ]

  static let arpReply: [Action] = [
    .move(.ethernetSource, to: .ethernetDestination), .setField(.ethernetSource(virtualMAC)),
    .setField(.arpOperation(2)), .move(.arpSenderHardware, to: .arpTargetHardware),
    .setField(.arpSenderHardware(virtualMAC)), .move(.arpSenderAddress, to: .arpTargetAddress),
    .setField(.arpSenderAddress(virtualIP)), .output(.inPort),
  ]

  static func bucketConntrack(mark: UInt32) -> Action {
    .conntrack(
      ConntrackAction(
        commit: true, zone: 7, table: 3,
        actions: [
          .nat(.destination(SocketEndpoint(gateway, 20001))), .setField(.conntrackMark(mark)),
        ]))
  }

  /// In an order in which each group comes after those that it watches.
  static let groups: [(name: String, group: GroupMod)] = [
    ("region", GroupMod(kind: .fastFailover, group: 1, buckets: [Bucket(watchPort: 2)])),
    ("region-dead", GroupMod(kind: .fastFailover, group: 2)),
    (
      "service",
      GroupMod(
        kind: .fastFailover, group: 10,
        buckets: [
          Bucket(watchGroup: 1, actions: [bucketConntrack(mark: 5)]),
          Bucket(watchGroup: 2, actions: [bucketConntrack(mark: 6)]),
        ])
    ),
    (
      "balanced",
      GroupMod(
        kind: .select, group: 11,
        buckets: [
          Bucket(weight: 1, watchGroup: 1, actions: [bucketConntrack(mark: 5)]),
          Bucket(weight: 50, watchGroup: 2, actions: [bucketConntrack(mark: 6)]),
          Bucket(weight: 0, watchPort: 1, actions: [.output(1)]),
        ])
    ),
    (
      "all",
      GroupMod(
        kind: .all, group: 12,
        buckets: [
          Bucket(actions: [.setField(.ethernetDestination(gatewayMAC)), .output(2)]),
          Bucket(actions: [.output(port: .controller, maxLength: 64)]),
        ])
    ),
    ("indirect", GroupMod(kind: .indirect, group: 13, buckets: [Bucket(actions: [.group(11)])])),
  ]
}

extension MatchEntry {
  /// The low half of register 5.
  fileprivate static let conntrackMarkRegister = MatchEntry.register(5, 7, mask: 0x0000_ffff)
}

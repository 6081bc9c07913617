// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow

/// Every action, in flows whose packets it can be done to.
enum ActionSamples {
  private static let ipv4: Match = [.ethernetType(0x0800)]
  private static let tcp: Match = [.ethernetType(0x0800), .ipProtocol(6)]

  private static func apply(_ match: Match = .any, _ actions: Action...) -> FlowMod {
    FlowMod(tableID: 1, match: match, instructions: [.applyActions(actions)])
  }

  private static func low(_ field: MatchField, _ bits: UInt16) -> FieldSlice {
    FieldSlice(field, offset: 0, bitCount: bits)
  }

  /// In both versions, and read back by Open vSwitch as they were sent.
  static let common: [(name: String, flow: FlowMod)] =
    headers + fields + ports + [
      ("resubmit-port", apply(.any, .resubmit(ResubmitAction(inPort: 2)))),
      ("resubmit-table", apply(.any, .resubmit(ResubmitAction(table: 5)))),
      ("resubmit-both", apply(.any, .resubmit(ResubmitAction(inPort: .local, table: 5)))),
      (
        "resubmit-ct",
        apply(
          [.ethernetType(0x0800), .conntrackState(set: [.tracked, .established])],
          .resubmit(ResubmitAction(table: 5, withConntrackTuple: true)))
      ),
      ("learn", apply(.any, .learn(macLearning))),
      ("learn-limited", apply(.any, .learn(limitedLearning))),
      ("conjunction", apply(ipv4, .conjunction(Conjunction(id: 7, clause: 1, of: 2)))),
      ("conj-id", apply([MatchEntry(.conjunctionID, 7)], .output(1))),
      ("ct-clear", apply(ipv4, .clearConntrack, .output(1))),
      ("ct-labels", apply(ipv4, labelling)),
      ("ct-nat-ipv6", apply([.ethernetType(0x86dd)], natIPv6)),
      ("note", apply(.any, .note(padding: [1, 2, 3]), .note(padding: [1, 2, 3, 4, 5, 6, 7]))),
      ("fin-timeout", apply(tcp, .finTimeout(idle: 5, hard: 60), .output(1))),
      ("clone", apply(ipv4, .clone([.setField(.ipv4Source(Representative.gateway)), .output(2)]), .output(1))),
      (
        "clone-nested",
        apply(ipv4, .clone([.clone([.clone([.decrementTTL, .output(3)]), .output(2)]), .output(1)]))
      ),
      (
        "multipath",
        apply(
          .any,
          .multipath(
            MultipathAction(
              fields: .symmetricL3L4, basis: 50, algorithm: .highestRandomWeight, linkCount: 12,
              destination: FieldSlice(.register(0), offset: 4, bitCount: 8))))
      ),
      (
        "check-pkt-larger",
        apply(
          .any, .checkPacketLarger(length: 1500, result: FieldSlice(.register(3), offset: 7, bitCount: 1)),
          .output(1))
      ),
      (
        "sample",
        apply(
          .any,
          .sample(
            SampleAction(probability: 12345, collectorSetID: 23456, observationDomainID: 34567, observationPointID: 45)
          ), .output(1))
      ),
      ("sample-port", apply(.any, .sample(SampleAction(probability: 1, port: 3)), .output(1))),
      (
        "sample-egress", apply(.any, .sample(SampleAction(probability: 65535, port: 2, direction: .egress)), .output(1))
      ),
      ("exit", apply(.any, .output(1), .exit)),
      (
        "metered",
        FlowMod(tableID: 1, match: ipv4, instructions: [.meter(7), .applyActions([.decrementTTL, .output(1)])])
      ),
      ("metered-only", FlowMod(tableID: 1, instructions: [.meter(7), .gotoTable(2)])),
    ]

  private static let headers: [(name: String, flow: FlowMod)] = [
    (
      "push-mpls",
      apply(
        ipv4, .pushMPLS(ethernetType: 0x8847), .setField(MatchEntry(.mplsLabel, 1000)),
        .setField(MatchEntry(.mplsTrafficClass, 3)), .setMPLSTTL(64), .output(1))
    ),
    (
      "mpls",
      apply(
        [.ethernetType(0x8847), MatchEntry(.mplsBottomOfStack, 1)], .decrementMPLSTTL,
        .popMPLS(ethernetType: 0x0800), .output(1))
    ),
    ("push-vlan", apply(.any, .pushVLAN(ethernetType: 0x88a8), .setField(.vlanID(7)), .output(1))),
    ("ttl", apply(ipv4, .setTTL(64), .decrementTTL, .decrementTTLTelling(controllers: [1, 2, 500]), .output(1))),
    ("nsh-ttl", apply([.ethernetType(0x894f)], .decrementNSHTTL, .output(1))),
  ]

  private static let fields: [(name: String, flow: FlowMod)] = [
    (
      "stack",
      apply(
        .any, .pushField(FieldSlice(.register(2), offset: 1, bitCount: 5)), .pushField(FieldSlice(.ethernetSource)),
        .popField(FieldSlice(.register(3), offset: 0, bitCount: 16)), .output(1))
    ),
    (
      "set-tunnel",
      apply(
        .any, .setTunnel(0x1_2345), .setField(MatchEntry(.tunnelIPv4Destination, 0x0a00_0001)),
        .setField(MatchEntry(.tunnelFlags, 1)), .output(1))
    ),
    (
      "set-experimenter-fields",
      apply(
        [.ethernetType(0x894f)], .setField(MatchEntry(.nshContext(1), 7)), .setField(MatchEntry(.nshTTL, 63)),
        .setField(MatchEntry(.erspanVersion, 2)), .output(1))
    ),
    (
      "set-wide-registers",
      apply(
        .any, .setField(MatchEntry(.register64(1), 0x1_0000_0002)),
        .setField(MatchEntry(.register128(1), 0x1_0000_0000_0000_0002)), .output(1))
    ),
    (
      "set-in-part",
      apply(
        [.ethernetType(0x86dd)],
        .setField(MatchEntry(.ipv6Source, 0x2001_0db8 << 96 | 0x1234, mask: 0xffff_ffff << 96 | 0xffff)),
        .setField(MatchEntry(.metadata, 0x50, mask: 0xf0)), .output(1))
    ),
    (
      "move",
      apply(
        tcp, .move(.tcpSource, to: .tcpDestination),
        .move(source: low(.tunnelID, 32), destination: low(.register(1), 32)),
        .move(source: low(.ipv4Source, 16), destination: low(.register(0), 16)), .output(1))
    ),
  ]

  private static let ports: [(name: String, flow: FlowMod)] = [
    ("output-field", apply(.any, .outputField(low(.register(1), 16), maxLength: 64))),
    ("output-truncated", apply(.any, .outputTruncated(port: 2, maxLength: 100))),
    ("queues", apply(.any, .setQueue(3), .output(1), .popQueue, .output(2))),
    (
      "controller",
      apply(.any, .controller(ControllerAction(maxLength: 128, controllerID: 9, reason: .tableMiss)))
    ),
    (
      "controller-with-data",
      apply(
        .any,
        .controller(
          ControllerAction(
            maxLength: 100, controllerID: 5, reason: .tableMiss, userData: [1, 2, 3, 4, 5], pause: true, meter: 8)))
    ),
    ("controller-pause", apply(.any, .controller(ControllerAction(pause: true)))),
    (
      "bundle",
      apply(.any, .bundle(BundleAction(algorithm: .highestRandomWeight, fields: .symmetricL4, members: [1, 2, 3])))
    ),
    (
      "bundle-load",
      apply(
        .any,
        .bundle(BundleAction(algorithm: .activeBackup, basis: 60, members: [2, 1], destination: low(.register(0), 16))))
    ),
  ]

  private static let labelling = Action.conntrack(
    ConntrackAction(
      commit: true, zone: .field(FieldSlice(.register(4), offset: 8, bitCount: 16)), table: 3,
      actions: [
        .nat(
          NATAction(
            .source, options: [.hash],
            addresses: Representative.gateway...IPv4Address(rawValue: Representative.gateway.rawValue + 3))),
        .setField(.conntrackMark(0x0500, mask: 0xff00)),
        .setField(.conntrackLabel(7)),
        .move(source: low(.register(0), 32), destination: low(.conntrackMark, 32)),
      ]))

  private static let natIPv6 = Action.conntrack(
    ConntrackAction(
      commit: true, zone: 2,
      actions: [
        .nat(
          NATAction(
            .destination, options: [.random], ipv6Addresses: (0x2001_0db8 << 96 | 1)...(0x2001_0db8 << 96 | 9),
            ports: 80...80))
      ]))

  private static let macLearning = LearnAction(
    tableID: 5, priority: 77, cookie: 0xabcd, idleTimeout: 10, hardTimeout: 60, flags: [.sendFlowRemoved],
    specifications: [
      .match(.ethernetType(0x0800)), .match(.ethernetDestination, from: .ethernetSource),
      .match(.metadata), .load(.register(1, 0x1234)),
      .init(.field(FieldSlice(.inPort16)), .load(low(.register(0), 16))),
      .init(.value([0x5]), .load(FieldSlice(.register(2), offset: 8, bitCount: 3))), .output(FieldSlice(.inPort16)),
    ])

  private static let limitedLearning = LearnAction(
    tableID: 6, finIdleTimeout: 5, finHardTimeout: 6, flags: [.deleteLearned], limit: 100,
    result: FieldSlice(.register(5), offset: 31, bitCount: 1),
    specifications: [.match(.ethernetSource), .output(FieldSlice(.inPort16))])

  /// What only 1.5 has.
  static let newer: [(name: String, flow: FlowMod)] = [
    ("two-meters", apply(.any, .output(1), .meter(8), .output(2)))
  ]

  /// In both versions, but not known to Open vSwitch, or read back in another form.
  static let others: [(name: String, flow: FlowMod)] = [
    ("copy-ttl", apply([.ethernetType(0x8847)], .copyTTLIn, .copyTTLOut)),
    ("pbb", apply(ipv4, .pushPBB(ethernetType: 0x88e7), .setField(MatchEntry(.pbbServiceID, 5)), .popPBB)),
    ("write-metadata", apply(.any, .output(1), .writeMetadata(value: 5, mask: 0xff))),
    ("delete-field", apply(.any, .deleteField(.tunnelMetadata(3, byteCount: 8)))),
    ("output-experimenter-field", apply(.any, .outputField(low(.erspanIndex, 16)))),
    ("experimenter", apply(.any, .experimenter(id: 0x1234, body: [1, 2, 3, 4, 5, 6, 7, 8]))),
    ("unknown", apply(.any, .unknown(type: 99, body: [1, 2, 3, 4]))),
    (
      "experimenter-instruction",
      FlowMod(tableID: 1, instructions: [.clearActions, .experimenter(id: 0x1234, body: [1, 2, 3, 4, 5, 6, 7, 8])])
    ),
  ]

  static let samples: [(name: String, body: MessageBody)] = common.map { ("action-\($0.name)", .flowMod($0.flow)) }
  static let newerSamples: [(name: String, body: MessageBody)] = newer.map { ("action-\($0.name)", .flowMod($0.flow)) }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import Testing

/// A flow that misses a prerequisite is refused before it is sent, with the reason.
@Suite struct PrerequisiteTests {
  private static func problem(_ match: Match) -> String? {
    do {
      try match.validate()
      return nil
    } catch {
      return error.description
    }
  }

  private static func problem(_ match: Match, _ actions: Action...) -> String? {
    do {
      _ = try Message(xid: 1, .flowMod(FlowMod(tableID: 0, match: match, instructions: [.applyActions(actions)])))
        .bytes(.v1_3)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func theReasonNamesTheFieldAndWhatItNeeds() {
    #expect(
      Self.problem([.tcpDestination(80)])
        == "tcp_dst needs ip_proto=6, and that needs eth_type=0x0800 or 0x86dd; the match is tcp_dst=80")
    #expect(
      Self.problem([.ethernetType(0x0806), .ipv4Source(Representative.gateway)])
        == "ipv4_src needs eth_type=0x0800; the match is eth_type=0x0806,ipv4_src=10.0.0.1")
    #expect(
      Self.problem([MatchEntry(.vlanPriority, 3)])
        == "vlan_pcp needs vlan_vid with bit 0x1000; the match is vlan_pcp=3")
    #expect(
      Self.problem([MatchEntry(.conntrackProtocol, 6)])
        == "ct_nw_proto needs ct_state with new, est, rel, rpl, snat or dnat set, or with +trk-inv; the match is "
        + "ct_nw_proto=6")
  }

  @Test func everySampleMeetsItsPrerequisitesAndNoFieldDoesAlone() {
    for family in FieldSamples.families + FieldSamples.unknownToOpenVSwitch {
      for masked in [false, true] { #expect(Self.problem(FieldSamples.match(family, masked: masked)) == nil) }
    }
    let free = [
      "pipeline", "internal", "packet-type", "ethernet", "vlan-tag", "registers", "tunnel", "erspan", "gtp-u",
    ]
    for family in FieldSamples.families where !free.contains(where: { family.name.hasPrefix($0) }) {
      for field in family.fields where field != .vlanID && field.name?.hasPrefix("ct_") != true {
        #expect(Self.problem([MatchEntry(field, FieldSamples.value(of: field))]) != nil, "\(field)")
      }
    }
  }

  @Test(arguments: ProtocolVersion.allCases)
  func flowsAreRefusedWhenTheyAreEncoded(version: ProtocolVersion) {
    let match: Match = [.ethernetType(0x0800), .tcpDestination(80)]
    for command in FlowMod.Command.allCases {
      #expect(throws: OpenFlowEncodingError.self) {
        try Message(xid: 1, .flowMod(FlowMod(command: command, tableID: 0, match: match))).bytes(version)
      }
    }
    // What a switch says is read and said again as it is.
    let removed = FlowRemoved(
      reason: .delete, tableID: 0, priority: 0, cookie: 0, idleTimeout: 0, hardTimeout: 0, match: match,
      counters: FlowCounters())
    #expect(throws: Never.self) {
      let bytes = try Message(xid: 1, .flowRemoved(removed)).bytes(version)
      #expect(try Message(bytes: bytes, version).body == .flowRemoved(removed))
    }
  }

  @Test func actionsNeedTheFieldsThatTheyWrite() {
    #expect(
      Self.problem([.inPort(1)], .setField(.tcpDestination(80)))
        == "tcp_dst needs ip_proto=6, and that needs eth_type=0x0800 or 0x86dd; before the action the match says "
        + "in_port=1")
    #expect(Self.problem([.ethernetType(0x0800), .ipProtocol(6)], .setField(.tcpDestination(80))) == nil)
    #expect(Self.problem([.ethernetType(0x0800)], .move(.ipv4Source, to: .tunnelIPv4Source)) == nil)
    #expect(Self.problem([.ethernetType(0x0806)], .move(.ipv4Source, to: .tunnelIPv4Source)) != nil)
    #expect(Self.problem([.ethernetType(0x0806)], .pushField(FieldSlice(.ipv4Source))) != nil)
  }

  @Test func headersThatActionsAddAndRemoveAreTakenIntoAccount() {
    let label = Action.setField(MatchEntry(.mplsLabel, 5))
    #expect(Self.problem(.any, .setField(.vlanID(5))) != nil)
    #expect(Self.problem([.vlanID(7)], .setField(.vlanID(5))) == nil)
    #expect(Self.problem(.any, .pushVLAN(ethernetType: 0x8100), .setField(.vlanID(5))) == nil)
    #expect(Self.problem([.ethernetType(0x0800)], label) != nil)
    #expect(Self.problem([.ethernetType(0x0800)], .pushMPLS(ethernetType: 0x8847), label) == nil)
    // Behind the label nothing is in reach; what is behind it once it is removed, nobody knows.
    let ttl = Action.setField(MatchEntry(.ipDSCP, 5))
    #expect(Self.problem([.ethernetType(0x0800)], .pushMPLS(ethernetType: 0x8847), ttl) != nil)
    #expect(Self.problem([.ethernetType(0x8847)], .popMPLS(ethernetType: 0x0800), ttl) == nil)
    // An action set pushes before it sets, whatever the order of its list.
    let set = FlowMod(
      tableID: 0, match: .any,
      instructions: [.writeActions([.setField(.vlanID(5)), .pushVLAN(ethernetType: 0x8100)])])
    #expect(throws: Never.self) { try Message(xid: 1, .flowMod(set)).bytes(.v1_3) }
  }

  @Test func whatNoActionCanWriteIsRefusedEverywhere() {
    for field in [MatchField.inPort, .conntrackState, .conntrackZone, .packetType, .conjunctionID, .ipFragment] {
      let action = Action.setField(MatchEntry(field, 1))
      #expect(throws: OpenFlowEncodingError.self) {
        try Message(xid: 1, .packetOut(PacketOut(actions: [action], data: []))).bytes(.v1_3)
      }
    }
    // Marks and labels are the connection's: they are written within ct, where nothing else is.
    #expect(Self.problem(.any, .setField(.conntrackMark(1))) == "set_field(ct_mark=0x1) must stand within ct")
    #expect(
      Self.problem([.ethernetType(0x0800)], .conntrack(ConntrackAction(commit: true, actions: [.output(1)])))
        == "output:1 stands within ct, where only nat, and setting ct_mark or ct_label, may")
    #expect(Self.problem(.any, .nat(.followConnection)) == "nat must stand within ct")
    // A tag that is set is there.
    #expect(Self.problem([.vlanID(1)], .setField(.noVLAN)) != nil)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import Testing

@Suite struct MatchTests {
  @Test func orderDoesNotMatter() {
    let a: Match = [.tcpDestination(80), .ethernetType(0x0800), .ipProtocol(6), .conntrackMark(5), .inPort(2)]
    let b: Match = [.conntrackMark(5), .inPort(2), .ipProtocol(6), .tcpDestination(80), .ethernetType(0x0800)]
    #expect(a == b)
    #expect(a.entries.map(\.field) == [.inPort, .ethernetType, .ipProtocol, .tcpDestination, .conntrackMark])
  }

  @Test func theLastConditionOnAFieldCounts() {
    var match: Match = [.inPort(1), .inPort(2)]
    #expect(match == [.inPort(2)])
    #expect(match[.inPort]?.value == 2)
    #expect(match.remove(.inPort) == .inPort(2))
    #expect(match == .any)
    #expect(match.remove(.inPort) == nil)
  }

  @Test func formIsCanonical() {
    let address = IPv4Address(rawValue: 0x0a01_0203)
    #expect(MatchEntry.ipv4Source(address, prefix: 32).mask == nil)
    #expect(MatchEntry.ipv4Source(address, prefix: 8).value == 0x0a00_0000)
    #expect(MatchEntry.ipv4Source(address, prefix: 8).mask == 0xff00_0000)
    #expect(Match([.ipv4Source(address, prefix: 0)]) == .any)
    #expect(MatchEntry(.vlanID, 0xffff, mask: 0xffff) == MatchEntry(.vlanID, 0x1fff))
    #expect(MatchEntry(.ipv6Source, .max, mask: .max).mask == nil)
  }

  @Test func conntrackStatesAreSetUnsetOrOpen() {
    let entry = MatchEntry.conntrackState(set: [.tracked, .new], unset: [.reply])
    #expect(entry.value == 0x21)
    #expect(entry.mask == 0x29)
  }

  @Test func fieldsSayWhatTheyAre() {
    #expect("\(MatchField.tcpDestination)" == "tcp_dst")
    #expect("\(MatchField.register(7))" == "reg7")
    #expect(MatchField.ethernetSource.byteCount == 6)
    #expect(MatchField.vlanID.byteCount == 2)
    #expect(MatchField(oxmClass: 0x8000, number: 38, byteCount: 17) == nil)
    #expect(MatchField(oxmClass: 0x8000, number: 38, byteCount: 8)?.bitCount == 64)
  }

  @Test func conditionsAreReadable() {
    let match: Match = [
      .inPort(.local), .ethernetType(0x0800), .ipv4Source(IPv4Address(rawValue: 0x0a00_0000), prefix: 8),
      .conntrackState(set: [.tracked, .new], unset: [.reply]), .ethernetSource(MACAddress(rawValue: 1)),
    ]
    #expect(
      "\(match)"
        == "in_port=LOCAL,eth_src=00:00:00:00:00:01,eth_type=0x0800,ipv4_src=10.0.0.0/255.0.0.0,ct_state=+new-rpl+trk")
    #expect("\(Match.any)" == "any")
  }
}

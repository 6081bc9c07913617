// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Foundation
import OpenFlow
import Testing

/// Matches and actions as JSON.
@Suite struct MatchCodingTests {
  private static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  private static func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }

  @Test func matchesAreObjects() throws {
    let match: Match = [
      .inPort(1), .ethernetType(0x0800), .ipv4Destination(IPv4Address(rawValue: 0x0a00_0000), prefix: 24),
      .ipProtocol(6), .tcpDestination(80), .conntrackState(set: [.tracked, .new], unset: [.reply]),
      .metadata(0x10, mask: 0xf0), MatchEntry(.ipFragment, 0), MatchEntry(.tcpSource, 0x50, mask: 0xfff0),
      MatchEntry(.packetType, 0x1_0800),
    ]
    let text =
      #"{"ct_state":"+new-rpl+trk","eth_type":"0x0800","in_port":1,"ip_frag":"no","ip_proto":6,"#
      + #""ipv4_dst":"10.0.0.0/255.255.255.0","metadata":"0x10/0xf0","packet_type":"(1,0x800)","tcp_dst":80,"#
      + #""tcp_src":"0x50/0xfff0"}"#
    #expect(try Self.json(match) == text)
    #expect(try Self.decode(Match.self, text) == match)
  }

  @Test func theNamesAndFormsOfOtherToolsAreReadToo() throws {
    #expect(
      try Self.decode(
        Match.self,
        #"{"dl_type":2048,"nw_src":"10.0.0.0/8","nw_proto":"0x6","in_port":"LOCAL","tun_id":"7","dl_vlan":0}"#
          .replacingOccurrences(of: #","dl_vlan":0"#, with: ""))
        == [
          .ethernetType(0x0800), .ipv4Source(IPv4Address(rawValue: 0x0a00_0000), prefix: 8), .ipProtocol(6),
          .inPort(.local), MatchEntry(.tunnelID, 7),
        ])
    #expect(
      try Self.decode(Match.self, #"{"ipv6_dst":"2001:db8::/32"}"#)
        == [MatchEntry(.ipv6Destination, 0x2001_0db8 << 96, mask: UInt128.max << 96)])
  }

  @Test func fieldsWithoutANameSayTheirBytes() throws {
    let field = try #require(MatchField(oxmClass: 0x8000, number: 99, byteCount: 3))
    let match: Match = [MatchEntry(field, 0x0102), MatchEntry(.tunnelMetadata(5, byteCount: 2), 0x0a0b, mask: 0xff0f)]
    let text = #"{"field(class=0x8000,number=99)":"000102","tun_metadata5":"0a0b/ff0f"}"#
    #expect(try Self.json(match) == text)
    #expect(try Self.decode(Match.self, text) == match)
    for field in [field, .tunnelMetadata(5, byteCount: 2), .register(3), .nshContext(1)] {
      #expect(try Self.decode(MatchField.self, Self.json(field)) == field)
    }
    #expect(try Self.json(field) == #""field(class=0x8000,number=99,length=3)""#)
    #expect(try Self.json(MatchField.tunnelMetadata(5, byteCount: 2)) == #""tun_metadata5(2)""#)
  }

  @Test func actionsAreObjectsWithOneField() throws {
    let expected: [(Action, String)] = [
      (.output(2), #"{"output":{"port":2}}"#),
      (.output(port: .controller, maxLength: 128), #"{"output":{"max_len":128,"port":"controller"}}"#),
      (.group(10), #"{"group":10}"#), (.popVLAN, #"{"pop_vlan":{}}"#),
      (.pushVLAN(ethernetType: 0x8100), #"{"push_vlan":"0x8100"}"#),
      (.setField(.ipv4Destination(IPv4Address(rawValue: 0x0a00_0001))), #"{"set_field":{"ipv4_dst":"10.0.0.1"}}"#),
      (
        .move(source: FieldSlice(.register(0), offset: 8, bitCount: 16), destination: FieldSlice(.udpSource)),
        #"{"copy_field":{"dst":"udp_src[]","src":"reg0[8..23]"}}"#
      ),
      (
        .conntrack(
          ConntrackAction(
            commit: true, zone: 7, table: 3,
            actions: [.nat(.destination(SocketEndpoint(Representative.gateway, 80))), .setField(.conntrackMark(5))])),
        #"{"ct":{"actions":[{"nat":{"direction":"dst","ipv4":"10.0.0.1","port":"80"}},"#
          + #"{"set_field":{"ct_mark":"0x5"}}],"commit":true,"table":3,"zone":7}}"#
      ),
      (.resubmit(ResubmitAction(table: 4)), #"{"resubmit":{"table":4}}"#),
      (.conjunction(Conjunction(id: 7, clause: 1, of: 2)), #"{"conjunction":{"clause":1,"id":7,"n_clauses":2}}"#),
      (.experimenter(id: 0x1234, body: [0xab]), #"{"experimenter":{"body":"ab","id":"0x1234"}}"#),
      (.unknown(type: 99, body: [1, 2]), #"{"unknown":{"body":"0102","type":99}}"#),
    ]
    for (action, text) in expected {
      #expect(try Self.json(action) == text)
      #expect(try Self.decode(Action.self, text) == action)
    }
    #expect(try Self.json(Instruction.gotoTable(3)) == #"{"goto_table":3}"#)
  }

  /// Everything that the samples have is read as it was written.
  @Test(arguments: try HexVector.fileNames(prefix: "of") + HexVector.fileNames(prefix: "ovs"))
  func everyVectorIsReadAsItWasWritten(_ fileName: String) throws {
    let vector = try HexVector(fileName: fileName)
    switch try Message(bytes: vector.bytes, vector.version).body {
    case .flowMod(let mod):
      #expect(try Self.decode(Match.self, Self.json(mod.match)) == mod.match)
      #expect(try Self.decode([Instruction].self, Self.json(mod.instructions)) == mod.instructions)
    case .groupMod(let mod):
      for bucket in mod.buckets { #expect(try Self.decode([Action].self, Self.json(bucket.actions)) == bucket.actions) }
    case .packetOut(let packet):
      #expect(try Self.decode([Action].self, Self.json(packet.actions)) == packet.actions)
    case .packetIn(let packet): #expect(try Self.decode(Match.self, Self.json(packet.match)) == packet.match)
    case .multipartReply(let reply):
      guard case .flows(let flows) = reply.body else { return }
      for flow in flows {
        #expect(try Self.decode(Match.self, Self.json(flow.match)) == flow.match)
        #expect(try Self.decode([Instruction].self, Self.json(flow.instructions)) == flow.instructions)
      }
    default: break
    }
  }

  @Test func otherSamplesAreReadAsTheyWereWritten() throws {
    for flow in ActionSamples.others.map(\.flow) {
      #expect(try Self.decode([Instruction].self, Self.json(flow.instructions)) == flow.instructions)
    }
    for family in FieldSamples.families + FieldSamples.unknownToOpenVSwitch {
      for masked in [false, true] {
        let match = FieldSamples.match(family, masked: masked)
        #expect(try Self.decode(Match.self, Self.json(match)) == match)
      }
    }
  }

  @Test(arguments: [
    (#"[{"tcp_dst":80,"no_such":1}]"#, "there is no field 'no_such'"),
    (#"[{"eth_type":"IPv4"}]"#, "'IPv4' is no value of eth_type, which takes a number"),
    (#"[{"tcp_dst":65536}]"#, "'65536' is no value of tcp_dst"),
    (#"[{"ip_proto":"6/7"}]"#, "of 8 bits and without a mask"),
    (#"[{"ipv4_src":"10.0.0"}]"#, "'10.0.0' is no value of ipv4_src, which takes an IPv4 address"),
    (#"[{"ipv4_src":"10.0.0.1","nw_src":"10.0.0.2"}]"#, "the field ipv4_src is there twice"),
    (#"[{"ct_state":"+new-new"}]"#, "'+new-new' is no value of ct_state"),
    (#"[{"tun_metadata0":"0"}]"#, "'0' is no value of tun_metadata0, which takes hexadecimal digits"),
  ])
  func errorsSayWhereWhatAndWhatIsAccepted(text: String, expected: String) {
    let error = #expect(throws: DecodingError.self) { try Self.decode([Match].self, text) }
    guard case .dataCorrupted(let context)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(context.debugDescription.contains(expected), "\(context.debugDescription)")
    #expect(context.codingPath.first?.intValue == 0)
  }

  @Test(arguments: [
    #"{"output":{"port":2},"group":1}"#, #"{"no_such":{}}"#, #"{}"#,
    #"{"copy_field":{"src":"reg0[0..32]","dst":"reg1[]"}}"#,
    #"{"copy_field":{"src":"reg99[]","dst":"reg1[]"}}"#, #"{"learn":{"table_id":1,"specs":[{"match":"eth_src[]"}]}}"#,
    #"{"learn":{"table_id":1,"specs":[{"output":"in_port[]","src":"reg0[]"}]}}"#,
    #"{"nat":{"direction":"up"}}"#, #"{"ct":{"actions":[{"nat":{"direction":"src","ipv4":"10.0.0.9-10.0.0.1"}}]}}"#,
    #"{"set_field":{}}"#, #"{"set_field":{"tcp_src":1,"tcp_dst":2}}"#, #"{"push_vlan":"0x81000"}"#,
  ])
  func wrongActionsAreErrors(text: String) {
    #expect(throws: DecodingError.self) { try Self.decode(Action.self, text) }
  }
}

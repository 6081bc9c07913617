// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import OpenFlowText
import Southbound
import Testing

@Suite struct FloodlightTests {
  private let mod = FlowMod(
    tableID: 0, priority: 0x3021, cookie: 0x4953_5448_4d55_5304,
    match: [
      .ethernetType(0x0800), .ipProtocol(6), MatchEntry(.ipv4Source, 1, mask: 63), .tcpDestination(80), .inPort(1),
    ],
    instructions: [
      .applyActions([.setField(.ethernetDestination(MACAddress(rawValue: 0xfa16_3ed8_2642))), .output(2)])
    ])

  @Test func `a FLOW_MOD is a flat object of texts`() throws {
    #expect(
      try FloodlightText.write(self.mod, named: "isthmus.x", on: DatapathID(rawValue: 0xb1)).text
        == #"{"switch":"00:00:00:00:00:00:00:b1","name":"isthmus.x","table":"0","priority":"12321","active":"true","#
        + #""in_port":"1","eth_type":"0x800","ip_proto":"0x6","ipv4_src":"0.0.0.1/0.0.0.63","tcp_dst":"80","#
        + #""instruction_apply_actions":"set_field=eth_dst->fa:16:3e:d8:26:42,output=2"}"#)
  }

  @Test func `what the switch's statistics tell is the flow that was written`() throws {
    let told = try JSONScanner.scan(
      """
      {"version":"OF_13","cookie":"45035996376614562","table_id":"0x0","packet_count":"0","priority":"12321",
       "idle_timeout_s":"0","hard_timeout_s":"0","flags":["SEND_FLOW_REM"],
       "match":{"in_port":"1","eth_type":"0x0x800","ip_proto":"0x6","ipv4_src":"0.0.0.1/0.0.0.63","tcp_dst":"80"},
       "instructions":{"instruction_apply_actions":{"actions":"set_field=eth_dst->fa:16:3e:d8:26:42,output=2"}}}
      """.replacing("0x0x800", with: "0x800"))
    let flow = try FloodlightText.flow(told)
    #expect(flow.match == self.mod.match)
    #expect(flow.instructions == self.mod.instructions)
    #expect(flow.cookie == 45_035_996_376_614_562)
  }

  @Test func `a name says the cookie and the flow, and what it is called in Floodlight's cookies`() throws {
    let name = FlowName(self.mod)
    #expect(FlowName(name.text) == name)
    #expect(name.cookie == self.mod.cookie)
    var other = self.mod
    other.cookie += 1
    #expect(FlowName(other).key == name.key)
    #expect(FlowName(other).text != name.text)
    other.priority += 1
    #expect(FlowName(other).key != name.key)
    for text in ["isthmus", "isthmus.1.2", "f1", "other.495354484d555304.0000000000000000"] {
      #expect(FlowName(text) == nil, "\(text)")
    }
  }

  @Test func `what Floodlight would leave out in silence is refused`() {
    var tracked = self.mod
    tracked.match.insert(.conntrackState(set: [.tracked]))
    #expect(FloodlightDriver.objection(to: tracked) != nil)
    var moving = self.mod
    moving.instructions = [.applyActions([.move(.ethernetSource, to: .ethernetDestination)])]
    #expect(FloodlightDriver.objection(to: moving) != nil)
    #expect(FloodlightDriver.objection(to: self.mod) == nil)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import OpenFlowText
import Southbound
import Testing

@Suite struct RyuTests {
  private let datapath = DatapathID(rawValue: 0xb1)

  @Test func `a FLOW_MOD is said without truth values, with addresses as texts and a mask behind a slash`() throws {
    let mod = FlowMod(
      tableID: 0, priority: 0x3021, cookie: 0x4953_5448_4d55_5304, flags: [.sendFlowRemoved],
      match: [
        .ethernetType(0x0800), .ipProtocol(6), MatchEntry(.ipv4Source, 1, mask: 63), .tcpDestination(80), .inPort(1),
      ],
      instructions: [
        .applyActions([
          .setField(.ethernetDestination(MACAddress(rawValue: 0xfa16_3ed8_2642))), .setField(.tcpDestination(20_000)),
          .output(2),
        ]), .gotoTable(6),
      ])
    #expect(
      try RyuWriter.write(mod, on: self.datapath).text
        == #"{"dpid":177,"cookie":5283659457347539716,"table_id":0,"priority":12321,"flags":1,"match":{"in_port":1,"#
        + #""eth_type":2048,"ip_proto":6,"ipv4_src":"0.0.0.1/0.0.0.63","tcp_dst":80},"actions":[{"type":"SET_FIELD","#
        + #""field":"eth_dst","value":"fa:16:3e:d8:26:42"},{"type":"SET_FIELD","field":"tcp_dst","value":20000},"#
        + #"{"type":"OUTPUT","port":2,"max_len":65535},{"type":"GOTO_TABLE","table_id":6}]}"#)
  }

  @Test func `what Ryu tells, with the names of OpenFlow 1 0, is the flow that was written`() throws {
    let told = try JSONScanner.scan(
      """
      {"priority": 12321, "cookie": 5283659457347539716, "idle_timeout": 0, "hard_timeout": 0, "byte_count": 0,
       "duration_sec": 3, "duration_nsec": 1, "packet_count": 0, "length": 168, "flags": 1, "table_id": 0,
       "actions": ["SET_FIELD: {eth_dst:fa:16:3e:d8:26:42}", "SET_FIELD: {tcp_dst:20000}", "OUTPUT:NORMAL", "GOTO_TABLE:6"],
       "match": {"in_port": 1, "dl_type": 2048, "nw_proto": 6, "nw_src": "0.0.0.1/0.0.0.63", "tp_dst": 80}}
      """)
    let flow = try RyuReader.flow(told)
    #expect(flow.cookie == 0x4953_5448_4d55_5304)
    #expect(flow.flags == [.sendFlowRemoved])
    #expect(
      flow.match == [
        .inPort(1), .ethernetType(0x0800), .ipProtocol(6), MatchEntry(.ipv4Source, 1, mask: 63), .tcpDestination(80),
      ])
    #expect(
      flow.instructions == [
        .applyActions([
          .setField(.ethernetDestination(MACAddress(rawValue: 0xfa16_3ed8_2642))), .setField(.tcpDestination(20_000)),
          .output(.normal),
        ]), .gotoTable(6),
      ])
  }

  @Test func `a VLAN id is told with and without the bit that says that there is a tag`() throws {
    for text in [#""100""#, "100", #""0x1064""#] {
      let told = #"{"priority":1,"cookie":0,"table_id":0,"actions":[],"match":{"dl_vlan":\#(text)}}"#
      #expect(try RyuReader.flow(JSONScanner.scan(told)).match == [MatchEntry(.vlanID, 0x1064)], "\(text)")
    }
  }

  @Test func `what would be left out in silence is refused`() {
    let tracked = FlowMod(tableID: 0, match: [.conntrackState(set: [.tracked])])
    #expect(RyuDriver.objection(to: tracked)?.contains("ct_state") == true)
    let moving = FlowMod(tableID: 0, instructions: [.applyActions([.move(.ethernetSource, to: .ethernetDestination)])])
    #expect(RyuDriver.objection(to: moving)?.contains("not OpenFlow 1.3") == true)
    #expect(RyuDriver.objection(to: FlowMod(command: .delete, tableID: 0)) != nil)
    #expect(RyuDriver.objection(to: FlowMod(tableID: 0)) == nil)
  }

  @Test(arguments: [
    #"{"cookie":0,"table_id":0}"#, #"{"priority":1,"cookie":0,"table_id":0,"match":{"tp_dst":80}}"#,
    #"{"priority":1,"cookie":0,"table_id":0,"match":{"nosuch":80}}"#,
    #"{"priority":1,"cookie":0,"table_id":0,"actions":["EXPERIMENTER: {experimenter:1, data:AA==}"]}"#,
    #"{"priority":1,"cookie":0,"table_id":0,"actions":["SET_FIELD: {eth_dst:nobody}"]}"#,
    #"{"priority":1,"cookie":0,"table_id":0,"actions":["OUTPUT:"]}"#,
  ])
  func `what is not known is no flow, rather than another one`(text: String) throws {
    let value = try JSONScanner.scan(text)
    #expect(throws: RyuReader.Unreadable.self) { try RyuReader.flow(value) }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import OpenFlowText
import Testing

/// What a person writes who does not know the form by heart.
@Suite struct EncoderTests {
  @Test(arguments: [
    (
      #"{"version":"1.3","xid":1,"type":"flow_mod","body":{"command":"add","table_id":0,"priority":70000}}"#,
      "line 1: body.priority: found the number 70000 where an integer from 0 to 65535 is expected"
    ),
    (
      #"{"version":"1.3","xid":1,"type":"flow_mod","body":{"command":"add","table_id":0,"priority":1,"idle_timout":9}}"#,
      "line 1: body: the object has no field 'idle_timout'; it has command, table_id, priority, "
    ),
    (
      "\n" + #"{"version":"1.3","xid":1,"type":"flow_mod","body":"# + "\n"
        + #"{"command":"add","table_id":0,"priority":1,"match":"# + "\n" + #"{"ipv4_dst":"10.0.0.300"}}}"#,
      "line 4: body.match.ipv4_dst: '10.0.0.300' is no value of ipv4_dst"
    ),
    (
      #"{"version":"1.3","type":"flow_mod","body":{"command":"add","table_id":0,"priority":1,"#
        + #""instructions":[{"apply_actions":[{"output":{"port":2}},{"output":{"prt":3}}]}]}}"#,
      "line 1: body.instructions[0].apply_actions[1].output: the object has no field 'prt'; it has port, max_len"
    ),
    (#"{"version":"1.3","type":"barrier_reqest"}"#, "line 1: type: 'barrier_reqest' is no type"),
    (#"{"version":"1.3","type":"flow_mod"}"#, "line 1: the object lacks the field 'body'"),
    (#"{"version":"1.3"}"#, "line 1: the object lacks the field 'type'"),
    (#"{"type":"barrier_request"}"#, #"line 1: lacks the field 'version', "1.3" or "1.5""#),
    (#"{"version":1.3,"type":"barrier_request"}"#, "line 1: version: found the number 1.3 where \"1.3\" or \"1.5\""),
    (#"{"version":"1.4","type":"barrier_request"}"#, "line 1: version: message version 1.4 at byte 0 is none of"),
    (#"{"version":"1.3","type":"hello","body":{"version":6}}"#, "line 1: version: is 1.3, but the body of this hello"),
    (
      #"{"version":"1.3","type":"barrier_request","foo":1}"#, "line 1: foo: a message has no such field; it has version"
    ),
    (#"{"lost":1460,"error":"x"}"#, "line 1: lost: stands for bytes that are not there, the number 1460 of them"),
    (#"{"bytes":"0"}"#, "line 1: bytes: found the string '0' where a string of an even number"),
    (
      #"{"version":"1.3","xid":2,"type":"barrier_request","bytes":"0414000800000001"}"#,
      "line 1: bytes: say another message than type and body do; leave one or the other out"
    ),
    (
      #"{"version":"1.5","xid":1,"type":"barrier_request","bytes":"0414000800000001"}"#,
      "line 1: bytes: say another message"
    ),
  ])
  func whatIsWrongIsSaidWithItsPlace(text: String, message: String) {
    let error = #expect(throws: OpenFlowTextError.self) { try encoded(text) }
    #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
  }

  @Test func theMessagesBeforeAWrongOneAreThere() {
    var encoder = OpenFlowEncoder(isHex: true)
    var output: [UInt8] = []
    let text = #"{"version":"1.3","xid":255,"type":"barrier_request"}{"version":"1.5","type":"barrier_reply"} ["#
    #expect(throws: OpenFlowTextError.self) { try encoder.read(Array(text.utf8)[...], into: &output) }
    #expect(String(decoding: output, as: UTF8.self) == "04140008000000ff\n0615000800000000\n")
    #expect(encoder.messageCount == 2)
  }

  @Test func bytesStandForThemselves() throws {
    #expect(try encoded(#"{"bytes":"00FF"}"#) == [0, 255])
    #expect(try encoded(#"{"time":1.5,"source":"a","error":"x","offset":1,"bytes":"0a"}"#) == [10])
    let message = #"{"version":"1.3","xid":1,"type":"barrier_request","bytes":"0414000800000001"}"#
    #expect(try encoded(message) == [4, 20, 0, 8, 0, 0, 0, 1])
  }
}

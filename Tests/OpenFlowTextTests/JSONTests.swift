// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import OpenFlowText
import Testing

@Suite struct JSONTests {
  private struct Thing: Codable {
    enum CodingKeys: String, CodingKey { case zebra, apple, list, nested, big, text, maybe }
    var zebra = 1
    var apple = true
    var list: [[UInt8]] = [[1, 2], []]
    var nested: [String: String] = ["a": "b"]
    var big = UInt64.max
    var text = "a\"b\\c\n\t\u{1}é/😀"
    var maybe: Int?
  }

  @Test func fieldsKeepTheirOrder() throws {
    #expect(
      try JSONValue(encoding: Thing()).text
        == #"{"zebra":1,"apple":true,"list":[[1,2],[]],"nested":{"a":"b"},"big":18446744073709551615,"#
        + #""text":"a\"b\\c\n\t\u0001é/😀"}"#)
  }

  @Test func nothingThatIsNoNumberIsWritten() {
    #expect(throws: EncodingError.self) { try JSONValue(encoding: [Double.nan]) }
    #expect(throws: Never.self) { try JSONValue(encoding: [1.5, -2]) }
  }

  @Test(arguments: [
    (#"[1]"#, "line 1: found '[' where an object that begins with '{' is expected"),
    (#"{"version":"1.3""#, "line 1: the object that begins here does not end before the input does"),
    ("\n\n{\n\"version\":\"1.3\",\n\"xid\":01}", "line 5: '0' is no number of JSON"),
    (#"{"xid":0x1f}"#, "line 1: found 'x' where ',' or '}' is expected"),
    (#"{"xid":1,"xid":2}"#, "line 1: the key 'xid' is there twice in one object"),
    (#"{"xid":1,}"#, "line 1: found '}' where a key in quotation marks is expected"),
    (#"{"xid" 1}"#, "line 1: found '1' where ':' is expected behind the key 'xid'"),
    (#"{"xid":"\q"}"#, "line 1: a string has a backslash with nothing known behind it"),
    (#"{"xid":"\ud800"}"#, "line 1: a string has half of a surrogate pair"),
    (#"{"xid":nul}"#, "line 1: found 'n' where a value is expected"),
    (#"{"xid":]}"#, "line 1: found ']' where a value is expected"),
    (#"{"xid":1.}"#, "line 1: '1.' is no number of JSON"),
    ("{\"xid\":\"\u{1}\"}", "line 1: a string has the control character 1"),
    (
      #"{"x":"# + String(repeating: "[", count: 70) + String(repeating: "]", count: 70) + "}",
      "line 1: is nested deeper"
    ),
  ])
  func whatIsNoJSONIsRefusedWithItsLine(text: String, message: String) {
    let error = #expect(throws: OpenFlowTextError.self) { try encoded(text) }
    #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
  }

  @Test func anyTextAtAllIsNoTrap() {
    var random = SplitMix64(state: 33)
    let whole = Array(
      #"{"version":"1.3","xid":7,"type":"flow_mod","body":{"match":{"in_port":1},"a":[1,2.5e3,null]}}"#.utf8)
    for _ in 0..<20_000 {
      var text = whole
      for _ in 0...random.below(4) {
        let signs = Array("{}[]\",:\\u0123e.-ntf \n\u{e9}".utf8)
        text[random.below(text.count)] = signs[random.below(signs.count)]
      }
      _ = try? encoded(String(decoding: text, as: UTF8.self), chunk: 1 + random.below(40))
    }
  }
}

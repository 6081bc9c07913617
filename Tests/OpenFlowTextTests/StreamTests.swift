// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import OpenFlowText
import Testing

/// Streams that are not what they should be.
@Suite struct StreamTests {
  private static let echo: [UInt8] = [4, 2, 0, 8, 0, 0, 0, 1]

  @Test func aMessageThatCannotBeReadDoesNotStopTheOthers() {
    // A SET_CONFIG that lacks its second half.
    let bad: [UInt8] = [4, 9, 0, 10, 0, 0, 0, 2, 0, 0]
    let decoded = Decoded(Self.echo + bad + Self.echo)
    #expect(decoded.errorCount == 1)
    #expect(decoded.lines.count == 3)
    #expect(decoded.lines[0] == decoded.lines[2])
    #expect(decoded.lines[1].hasPrefix(#"{"version":"1.3","xid":2,"type":"set_config","error":""#))
    #expect(decoded.lines[1].hasSuffix(#""offset":10,"stream_offset":8,"bytes":"0409000a000000020000"}"#))
  }

  @Test func aStreamMayEndAnywhere() {
    for length in 1..<8 {
      let decoded = Decoded(Self.echo + Self.echo.prefix(length))
      #expect(decoded.lines.count == 2)
      #expect(decoded.errorCount == 1)
      #expect(decoded.lines[1].contains(#""error":"the stream ends within the message"#))
      #expect(decoded.lines[1].contains(#""field":"message","offset":\#(length),"stream_offset":8,"bytes":"04"#))
    }
    #expect(Decoded([]).text == "")
    #expect(Decoded([]).errorCount == 0)
    #expect(Decoded([4, 2]).errorCount == 1)
  }

  @Test func aLengthThatCannotBeEndsTheStream() {
    let decoded = Decoded(Self.echo + [4, 2, 0, 7, 0, 0, 0, 3] + [UInt8](repeating: 1, count: 100) + Self.echo)
    #expect(decoded.lines.count == 3)
    #expect(decoded.errorCount == 2)
    #expect(
      decoded.lines[1].contains(
        #""error":"message length at byte 2 is 7, but it must be 8 or more: where the next message begins is not known""#
          + #","field":"message length","offset":2,"stream_offset":8,"bytes":"04020007"#))
    #expect(
      decoded.lines[2]
        == #"{"error":"52 bytes were passed over: where in them a message begins is not known","stream_offset":72,"#
        + #""lost":52}"#)
    #expect(throws: OpenFlowTextError.self) { try encoded(decoded.text) }
  }

  @Test(arguments: [
    (
      Array("04 02 00 08 00 00 00 01\n".utf8),
      "this is text, not OpenFlow: --hex reads hexadecimal digits, and 'encode' reads JSON"
    ),
    (Array("{\"version\"".utf8), "this is text"),
    ([0x16, 3, 1, 2, 0, 1, 0, 1], "this is TLS, not OpenFlow: the connection is encrypted"),
    ([0x1f, 0x8b, 8, 0, 1, 2, 3, 4], "this is compressed with gzip: put 'zcat FILE |' before the command"),
  ])
  func whatIsClearlySomethingElseIsNamed(bytes: [UInt8], what: String) {
    let decoded = Decoded(bytes)
    #expect(decoded.errorCount >= 1)
    #expect(decoded.lines.first?.contains(#""error":"\#(what)"#) == true, "\(decoded.text)")
  }

  @Test func wrongTextIsRefusedAfterTheLinesBeforeIt() {
    let decoded = Decoded(hex: "04 02 00 08 00 00 00 01\n04 02 00 0x\n")
    #expect(decoded.lines.count == 1)
    #expect(
      decoded.problem?.description.hasPrefix("line 2: '0x' is no") == true, "\(String(describing: decoded.problem))")
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Outbound
import Testing

@Suite struct ServerSentEventParserTests {
  private static let stream = """
    : a comment
    retry: 1000

    id: 7-1
    event: steered
    data: {"a":1}

    data:first
    data: second
    data

    event: nothing without data

    id
    data: ä€\u{1F600}
    unknown: field
    no colon


    """

  private static let expected = [
    ServerSentEvent(id: "7-1", event: "steered", data: #"{"a":1}"#),
    ServerSentEvent(id: "7-1", event: "message", data: "first\nsecond\n"),
    ServerSentEvent(id: "", event: "message", data: "ä€\u{1F600}"),
  ]

  @Test(arguments: ["\n", "\r", "\r\n"])
  func readsEveryEndOfLine(end: String) throws {
    var parser = ServerSentEventParser()
    let text = Self.stream.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: end)
    #expect(try parser.read(Array(text.utf8)) == Self.expected)
  }

  /// Wherever the bytes are cut, in a character or between CR and LF: the same events.
  @Test(arguments: ["\n", "\r\n"])
  func cutsDoNotMatter(end: String) throws {
    let text = Self.stream.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: end)
    let bytes = Array(text.utf8)
    for cut in bytes.indices {
      var parser = ServerSentEventParser()
      let events = try parser.read(bytes[..<cut]) + parser.read(bytes[cut...])
      #expect(events == Self.expected, "cut at \(cut)")
    }
    var parser = ServerSentEventParser()
    var events: [ServerSentEvent] = []
    for byte in bytes { events += try parser.read([byte]) }
    #expect(events == Self.expected)
  }

  @Test func whatHasNoEndIsRefused() {
    var parser = ServerSentEventParser()
    #expect(throws: ServerSentEventParser.TooLong.self) {
      _ = try parser.read(Array(repeating: UInt8(ascii: "x"), count: ServerSentEventParser.limit + 1))
    }
  }

  @Test func dataWithoutEndIsRefused() {
    var parser = ServerSentEventParser()
    let line = Array("data: \(String(repeating: "x", count: 1 << 16))\n".utf8)
    #expect(throws: ServerSentEventParser.TooLong.self) {
      for _ in 0...16 { _ = try parser.read(line) }
    }
  }
}

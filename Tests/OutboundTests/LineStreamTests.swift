// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Outbound
import Testing

@Suite struct LineStreamTests {
  private static let text = "one\n\ntwo ä\u{1F600}\r\nthree\nno line"
  private static let expected = ["one", "", "two ä\u{1F600}\r", "three"].map { Array($0.utf8) }

  /// Wherever the bytes are cut: the same lines.
  @Test func cutsDoNotMatter() throws {
    let bytes = Array(Self.text.utf8)
    for cut in bytes.indices {
      var splitter = LineSplitter(limit: 20)
      let lines = try splitter.read(bytes[..<cut]) + splitter.read(bytes[cut...])
      #expect(lines == Self.expected, "cut at \(cut)")
    }
    var splitter = LineSplitter(limit: 20)
    var lines: [[UInt8]] = []
    for byte in bytes { lines += try splitter.read([byte]) }
    #expect(lines == Self.expected)
  }

  @Test func whatHasNoEndIsRefused() throws {
    var splitter = LineSplitter(limit: 4)
    #expect(try splitter.read(Array("1234\n1234".utf8)) == [Array("1234".utf8)])
    #expect(throws: HTTPOutboundError.tooLarge(4)) { _ = try splitter.read([0x35]) }
    #expect(throws: HTTPOutboundError.tooLarge(4)) {
      var splitter = LineSplitter(limit: 4)
      _ = try splitter.read(Array("12345\n".utf8))
    }
  }
}

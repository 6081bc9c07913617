// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import OpenFlowText
import Testing

@Suite struct HexTextTests {
  private static let message: [UInt8] =
    [4, 14, 0, 0x40, 0, 0, 0, 9] + [UInt8](repeating: 0, count: 39) + [0x7c] + [0x23, 0x20] + Array("| # *  text".utf8)
    + [1, 2, 3]

  private static func read(_ text: String, chunk: Int = .max) throws -> [UInt8] {
    var reader = HexTextReader()
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      bytes += try reader.read(rest.prefix(chunk))
      rest = rest.dropFirst(chunk)
    }
    return try bytes + reader.finish()
  }

  /// The same bytes, as programs print them.
  private static let forms: [(name: String, text: String)] = [
    (
      "hexdump -C",
      """
      00000000  04 0e 00 40 00 00 00 09  00 00 00 00 00 00 00 00  |...@............|
      00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|
      00000020  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 7c  |...............||
      00000030  23 20 7c 20 23 20 2a 20  20 74 65 78 74 01 02 03  |# | # *  text...|
      00000040

      """
    ),
    (
      "hexdump -C, squeezed",
      """
      00000000  04 0e 00 40 00 00 00 09  00 00 00 00 00 00 00 00  |...@............|
      00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|
      *
      00000020  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 7c  |...............||
      00000030  23 20 7c 20 23 20 2a 20  20 74 65 78 74 01 02 03  |# | # *  text...|
      00000040
      """
    ),
    (
      "ovs-ofctl",
      """
      00000000  04 0e 00 40 00 00 00 09-00 00 00 00 00 00 00 00 |...@............|
      00000010  00 00 00 00 00 00 00 00-00 00 00 00 00 00 00 00 |................|
      00000020  00 00 00 00 00 00 00 00-00 00 00 00 00 00 00 7c |...............||
      00000030  23 20 7c 20 23 20 2a 20-20 74 65 78 74 01 02 03 |# | # *  text...|

      """
    ),
    (
      "xxd",
      """
      00000000: 040e 0040 0000 0009 0000 0000 0000 0000  ...@............
      00000010: 0000 0000 0000 0000 0000 0000 0000 0000  ................
      00000020: 0000 0000 0000 0000 0000 0000 0000 007c  ...............|
      00000030: 2320 7c20 2320 2a20 2074 6578 7401 0203  # | # *  text...

      """
    ),
    (
      "tshark -x",
      """
      0000  04 0e 00 40 00 00 00 09 00 00 00 00 00 00 00 00   ...@............
      0010  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00   ................
      0020  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 7c   ...............|
      0030  23 20 7c 20 23 20 2a 20 20 74 65 78 74 01 02 03   # | # *  text...

      """
    ),
    (
      "tcpdump -X",
      """
      \t0x0000:  040e 0040 0000 0009 0000 0000 0000 0000  ...@............
      \t0x0010:  0000 0000 0000 0000 0000 0000 0000 0000  ................
      \t0x0020:  0000 0000 0000 0000 0000 0000 0000 007c  ...............|
      \t0x0030:  2320 7c20 2320 2a20 2074 6578 7401 0203  #.|.#.*..text...

      """
    ),
    (
      "xxd -p",
      """
      040e004000000009000000000000000000000000000000000000000000
      000000000000000000000000000000000000
      7c23207c2023202a20207465787401
      0203
      """
    ),
    (
      "by hand",
      """
      # A FLOW_MOD with *nothing* in it
      0x04, 0x0E, 0x00, 0x40,  00000009  # its header
        00:00:00:00:00:00:00:00-00-00-00-00-00-00-00-00 0000000000000000\r
      00000000 00000000 00000000 0000007c

      2320 7c20 2320 2a20	2074 6578 7401 0203
      """
    ),
  ]

  @Test(arguments: forms.indices)
  func everyFormIsRead(_ form: Int) throws {
    for chunk in [1, 2, 5, 64, .max] {
      #expect(try Self.read(Self.forms[form].text, chunk: chunk) == Self.message, "\(Self.forms[form].name)")
    }
  }

  @Test func shortRowsAndSeveralDumpsFollowEachOther() throws {
    let text = """
      00000000  05 00 00 08 00 00 00 01                           |........|
      00000000  05 00 00 08 00                                    |.....|
      00000005
      00000000: 0500 0008                                ....
      00000004: 05                                       .
      0500
      """
    #expect(
      try Self.read(text)
        == [5, 0, 0, 8, 0, 0, 0, 1, 5, 0, 0, 8, 0, 5, 0, 0, 8, 5, 5, 0])
  }

  @Test func aStarStandsForRowsLikeTheOneBefore() throws {
    let text = """
      00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|
      *
      00000040
      """
    #expect(try Self.read(text) == [UInt8](repeating: 0, count: 64))
  }

  @Test(arguments: [
    ("04 0", "line 1: '0' is no even number of hexadecimal digits"),
    ("04\n0g 00", "line 2: '0g' is no even number"),
    ("0000000 0e04 4000", "line 1: '0000000' looks like an offset of hexdump or od without options"),
    (
      "00000000  04 0e\n00000004  00", "line 2: the dump goes on at offset 0x4, but 0x2 was expected: lines are missing"
    ),
    ("00000000  04 0e\n*\n00000003  00", "line 3: '*' before the offset 0x3 stands for no whole number of rows"),
    ("00000000  04 0e\n*", "line 2: after '*' a dump needs an offset"),
    ("00000000  04 0e\n*\nfffffffffff0", "line 3: '*' before the offset 0xfffffffffff0 stands for no whole number"),
    ("*", "line 1: '*' is no even number"),
  ])
  func whatIsNoHexadecimalTextIsRefused(text: String, message: String) {
    let error = #expect(throws: HexTextError.self) { try Self.read(text) }
    #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
  }

  @Test func anyTextAtAllIsNoTrap() {
    var random = SplitMix64(state: 21)
    for _ in 0..<20_000 {
      var text = Array(Self.forms[random.below(Self.forms.count)].text.utf8)
      for _ in 0...random.below(4) {
        let signs = Array("0123456789abcdef |*#:-x\n\u{e9}".utf8)
        text[random.below(text.count)] = signs[random.below(signs.count)]
      }
      _ = try? Self.read(String(decoding: text, as: UTF8.self), chunk: 1 + random.below(100))
    }
  }
}

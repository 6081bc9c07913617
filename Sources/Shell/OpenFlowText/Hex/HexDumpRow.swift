// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A line of a dump: an offset, bytes, and mostly what they are as text.
///
///     00000000  04 0e 00 40 00 00 00 09  00 00 00 00 00 00 00 00  |...@............|    hexdump -C
///     00000000  04 0e 00 40 00 00 00 09-00 00 00 00 00 00 00 00 |...@............|      ovs-ofctl
///     00000000: 040e 0040 0000 0009 0000 0000 0000 0000  ...@............                xxd
///     0000   04 0e 00 40 00 00 00 09 00 00 00 00 00 00 00 00   ...@............          tshark -x
///             0x0000:  040e 0040 0000 0009 0000 0000 0000 0000  ...@............         tcpdump -X
struct HexDumpRow {
  var offset: Int
  /// Whether the offset ends with a colon, as nothing else does.
  var hasColon: Bool
  /// The bytes' digits; empty in the last line of `hexdump -C`, which has an offset only.
  var digits: ArraySlice<UInt8>

  /// Nil: the line cannot be one. It may be digits all the same: whether an offset fits tells.
  init?(_ line: ArraySlice<UInt8>) {
    var rest = line.drop(while: Self.isBlank)
    if rest.starts(with: "0x".utf8) { rest = rest.dropFirst(2) }
    let offset = rest.prefix { Hex.value($0) != nil }
    guard (4...15).contains(offset.count), offset.count != 7,
      let number = Int(String(decoding: offset, as: UTF8.self), radix: 16)
    else { return nil }
    self.offset = number
    rest = rest.dropFirst(offset.count)
    self.hasColon = rest.first == UInt8(ascii: ":")
    if self.hasColon { rest = rest.dropFirst() }
    let blanks = rest.prefix(while: Self.isBlank).count
    // Bytes in pairs with colons between them would look like this, but for the blank.
    guard rest.isEmpty || blanks >= (self.hasColon ? 1 : 2) else { return nil }
    rest = rest.dropFirst(blanks)
    self.digits = rest[..<Self.endOfDigits(rest, blanks: self.hasColon ? 2 : 3)]
  }

  /// Where the text column begins: behind as many blanks, or at a bar.
  private static func endOfDigits(_ rest: ArraySlice<UInt8>, blanks limit: Int) -> Int {
    var blanks = 0
    for (index, character) in zip(rest.indices, rest) {
      blanks = self.isBlank(character) ? blanks + 1 : 0
      if blanks == limit || (character == UInt8(ascii: "|") && limit == 3) { return index }
    }
    return rest.endIndex
  }

  static func isBlank(_ character: UInt8) -> Bool { character == 0x20 || (0x09...0x0d).contains(character) }
}

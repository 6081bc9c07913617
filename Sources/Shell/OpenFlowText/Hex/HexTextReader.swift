// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Reads bytes from the texts in which people keep and paste them, as they arrive:
///
/// - digits, two a byte, with any blanks, commas, colons or dashes between bytes, `0x` before them, and `#` comments;
/// - dumps with offsets, as `ovs-ofctl`, `hexdump -C`, `xxd`, `tshark -x` and `tcpdump -X` print them (`HexDumpRow`).
package struct HexTextReader: Sendable {
  /// The longest line, bytes.
  package static let lineLimit = 16 << 20
  /// How many bytes a `*` in a dump may stand for.
  package static let repetitionLimit = 1 << 20

  /// A dump's rows so far.
  private struct Dump: Sendable {
    /// What the next row's offset must be.
    var offset: Int
    var lastRow: [UInt8] = []
    /// A `*` stands for rows like the last one.
    var isRepeating = false
  }

  private var line: [UInt8] = []
  private var lineNumber = 0
  private var dump: Dump?

  package init() {}

  /// The bytes that the lines say that this text completes.
  package mutating func read(_ text: some Sequence<UInt8>) throws(HexTextError) -> [UInt8] {
    var bytes: [UInt8] = []
    for character in text {
      if character == UInt8(ascii: "\n") {
        try self.endLine(&bytes)
      } else {
        self.line.append(character)
        guard self.line.count <= Self.lineLimit else {
          throw HexTextError(
            line: self.lineNumber + 1, problem: "is longer than \(Self.lineLimit >> 20) MiB; break it into lines")
        }
      }
    }
    return bytes
  }

  /// The bytes of a last line without an end.
  package mutating func finish() throws(HexTextError) -> [UInt8] {
    var bytes: [UInt8] = []
    if !self.line.isEmpty { try self.endLine(&bytes) }
    if self.dump?.isRepeating == true { throw self.error("after '*' a dump needs an offset that says where it ends") }
    return bytes
  }

  private mutating func endLine(_ bytes: inout [UInt8]) throws(HexTextError) {
    self.lineNumber += 1
    defer { self.line.removeAll(keepingCapacity: true) }
    while let last = self.line.last, HexDumpRow.isBlank(last) { self.line.removeLast() }
    if let row = HexDumpRow(self.line[...]), try self.take(row, &bytes) { return }
    if self.line == [UInt8(ascii: "*")], self.dump?.lastRow.isEmpty == false {
      self.dump?.isRepeating = true
      return
    }
    let content = self.line.prefix { $0 != UInt8(ascii: "#") }
    guard content.contains(where: { !HexDumpRow.isBlank($0) }) else { return }
    self.dump = nil
    try self.readDigits(content, separators: ",:-", &bytes)
  }

  /// False: it only looked like a row of a dump.
  private mutating func take(_ row: HexDumpRow, _ bytes: inout [UInt8]) throws(HexTextError) -> Bool {
    guard var dump = self.dump, row.offset != 0 else {
      guard row.offset == 0 || row.hasColon, !row.digits.isEmpty else { return false }
      self.dump = Dump(offset: row.offset)
      try self.addRow(row, &bytes)
      return true
    }
    if dump.isRepeating, row.offset > dump.offset {
      let missing = row.offset - dump.offset
      guard missing <= Self.repetitionLimit, missing % dump.lastRow.count == 0 else {
        throw self.error("'*' before the offset \(hex(row.offset)) stands for no whole number of rows, or too many")
      }
      for _ in 0..<(missing / dump.lastRow.count) { bytes += dump.lastRow }
      dump.offset = row.offset
    }
    dump.isRepeating = false
    guard row.offset == dump.offset else {
      if row.digits.isEmpty { return false }
      throw self.error(
        "the dump goes on at offset \(hex(row.offset)), but \(hex(dump.offset)) was expected: lines are missing")
    }
    self.dump = dump
    try self.addRow(row, &bytes)
    return true
  }

  private mutating func addRow(_ row: HexDumpRow, _ bytes: inout [UInt8]) throws(HexTextError) {
    var data: [UInt8] = []
    try self.readDigits(row.digits, separators: "-", &data)
    self.dump?.offset += data.count
    self.dump?.lastRow = data
    bytes += data
  }

  private func readDigits(
    _ text: ArraySlice<UInt8>, separators: StaticString, _ bytes: inout [UInt8]
  ) throws(HexTextError) {
    let separators = separators.withUTF8Buffer { Array($0) }
    for word in text.split(whereSeparator: { HexDumpRow.isBlank($0) || separators.contains($0) }) {
      let digits = word.starts(with: "0x".utf8) || word.starts(with: "0X".utf8) ? word.dropFirst(2) : word
      guard !digits.isEmpty, let read = Hex.bytes(digits) else { throw self.badWord(word) }
      bytes += read
    }
  }

  private func badWord(_ word: ArraySlice<UInt8>) -> HexTextError {
    let text = String(decoding: word.prefix(40), as: UTF8.self)
    if word.count == 7, word.allSatisfy({ Hex.value($0) != nil }) {
      return self.error(
        "'\(text)' looks like an offset of hexdump or od without options, whose words are in another order; "
          + "use hexdump -C or xxd")
    }
    return self.error(
      "'\(text)' is no even number of hexadecimal digits; accepted are digits with blanks between bytes, "
        + "# comments, and dumps of ovs-ofctl, hexdump -C or xxd")
  }

  private func error(_ problem: String) -> HexTextError { HexTextError(line: self.lineNumber, problem: problem) }
}

private func hex(_ number: Int) -> String { "0x" + String(number, radix: 16) }

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceFiles
import ServiceModel
import Testing

@Suite("A damaged file")
struct FuzzTests {
  /// Each seed damages the example 500 times.
  @Test("is read or refused with places that it has", arguments: 1...10)
  func mutations(seed: UInt64) {
    var random = RandomSource(seed: seed)
    for _ in 0..<500 {
      var bytes = Array(Example.yaml.utf8)
      for _ in 0...random.number(below: 4) { damage(&bytes, &random) }
      let yaml = String(decoding: bytes, as: UTF8.self)
      do {
        let file = try Example.parse(yaml)
        _ = Numbering(file.intent)
      } catch {
        check(error, of: yaml)
      }
    }
  }

  private func check(_ errors: ServiceFileErrors, of yaml: String) {
    let lines = yaml.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    #expect((1...ServiceFileErrors.limit).contains(errors.errors.count))
    for error in errors.errors {
      let isInside =
        lines.indices.contains(error.line - 1) && (1...lines[error.line - 1].count + 1).contains(error.column)
      #expect(isInside, "\(error) is not in:\n\(yaml)")
      #expect(!error.message.isEmpty && !error.hint.isEmpty)
    }
    #expect(errors.errors.map(\.location) == errors.errors.map(\.location).sorted())
  }
}

/// Characters that mean something in YAML or in a value.
private let fragments = [
  "\t", "\n", "\r", "\0", " ", "  ", ":", ": ", "- ", "? ", "[", "]", "{", "}", ",", "#", " #", "&a ", "*a", "!",
  "!!int ", "|", ">",
  "'", "\"", "%", "@", "`", "---\n", "...\n", "<<: *a", "0", "-1", "99999999999", "1h", "''", "{}", "[]", "\u{feff}",
  "\u{10ff00}",
  "\u{2028}", "é", "lisbon", "172.20.126.110",
].map { Array($0.utf8) }

private func damage(_ bytes: inout [UInt8], _ random: inout RandomSource) {
  guard !bytes.isEmpty else { return bytes.append(0x3a) }
  let position = random.number(below: bytes.count)
  switch random.number(below: 7) {
  case 0: bytes[position] = UInt8(random.number(below: 256))
  case 1: bytes.remove(at: position)
  case 2, 3: bytes.insert(contentsOf: fragments[random.number(below: fragments.count)], at: position)
  case 4: bytes.removeSubrange(position..<min(bytes.count, position + random.number(below: 40)))
  default:
    var lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false).map(Array.init)
    let from = random.number(below: lines.count)
    let to = random.number(below: lines.count)
    switch random.number(below: 3) {
    case 0: lines.insert(lines[from], at: to)
    case 1: lines.swapAt(from, to)
    default: lines.remove(at: from)
    }
    bytes = Array(lines.joined(separator: [0x0a]))
  }
}

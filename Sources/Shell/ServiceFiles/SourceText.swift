// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The checks that a text must pass before YAML is made of it.
enum SourceText {
  /// Bytes. A service with four members takes about 300, so this is room for as many as there may be listeners.
  static let limit = 10_000_000

  static func decode(_ bytes: [UInt8], into report: inout Report) -> String? {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let valid = validPrefix(of: bytes)
      let location = Location(
        line: 1 + valid.count { $0 == newline },
        column: 1 + String(decoding: lastLine(of: valid), as: UTF8.self).unicodeScalars.count)
      report.add(
        .notUTF8, at: location, "the byte 0x\(hex(bytes[valid.count])) is not UTF-8", hint: "save the file as UTF-8")
      return nil
    }
    return text
  }

  /// The text as the YAML parser can take it: without the byte order mark that some editors write at the beginning.
  static func prepare(_ text: String, into report: inout Report) -> String? {
    guard text.utf8.count <= Self.limit else {
      report.add(
        .fileTooLarge, at: .start, "the file has \(text.utf8.count) bytes",
        hint: "accepted: at most \(Self.limit) bytes")
      return nil
    }
    let scalars =
      text.unicodeScalars.first == byteOrderMark ? text.unicodeScalars.dropFirst() : text.unicodeScalars[...]
    self.check(scalars, into: &report)
    return report.isEmpty ? String(scalars) : nil
  }

  private static func check(_ scalars: Substring.UnicodeScalarView, into report: inout Report) {
    var location = Location.start
    var isIndentation = true
    for index in scalars.indices {
      let scalar = scalars[index]
      switch scalar {
      case "\n":
        location = Location(line: location.line + 1, column: 0)
        isIndentation = true
      case " ":
        break
      case "\r" where nextIsNewline(scalars, after: index):
        break
      case "\t":
        if isIndentation {
          report.add(.tab, at: location, "a tab in the indentation", hint: "indent with spaces")
        }
        isIndentation = false
      case _ where isBad(scalar):
        report.add(
          .badCharacter, at: location, "the character U+\(hex(scalar)) cannot be here",
          hint: "accepted: printable characters; lines end with LF or CR LF")
      default:
        isIndentation = false
      }
      location.column += 1
    }
  }
}

private let byteOrderMark: Unicode.Scalar = "\u{feff}"
private let newline = UInt8(ascii: "\n")

private func nextIsNewline(_ scalars: Substring.UnicodeScalarView, after index: String.Index) -> Bool {
  let next = scalars.index(after: index)
  return next < scalars.endIndex && scalars[next] == "\n"
}

/// What the YAML parser refuses without saying where, what starts a new line in YAML but in few editors, and what
/// `Placeholder` needs for itself.
private func isBad(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7f..<0xa0, 0x2028, 0x2029, 0xfeff, 0xfffe, 0xffff: true
  default: Placeholder.range.contains(scalar.value)
  }
}

/// The bytes before the first one that is not UTF-8.
private func validPrefix(of bytes: [UInt8]) -> ArraySlice<UInt8> {
  var parser = UTF8.ForwardParser()
  var iterator = bytes.makeIterator()
  var count = 0
  while case .valid(let scalar) = parser.parseScalar(from: &iterator) {
    count += scalar.count
  }
  return bytes.prefix(count)
}

private func lastLine(of bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
  bytes.lastIndex(of: newline).map { bytes[($0 + 1)...] } ?? bytes
}

private func hex(_ byte: UInt8) -> String {
  (byte < 16 ? "0" : "") + String(byte, radix: 16)
}

private func hex(_ scalar: Unicode.Scalar) -> String {
  let digits = String(scalar.value, radix: 16, uppercase: true)
  return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Finds where objects begin and end in JSON text that arrives in pieces: one a line, or over several lines as people and
/// `jq` lay them out. It only counts brackets outside of strings; what is between them is the parser's affair.
struct JSONObjectSplitter: Sendable {
  /// The longest object, bytes: a message of 65,535 bytes takes a tenth of it.
  static let objectLimit = 8 << 20

  struct Object: Sendable, Equatable {
    /// The line on which it begins; the first one is 1.
    var line: Int
    var text: [UInt8]
  }

  private var text: [UInt8] = []
  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  private var line = 1
  /// Where the object that `text` holds the beginning of begins.
  private var firstLine = 1

  /// Hands the objects that `input` completes to `take`, which stops everything by throwing.
  mutating func read(
    _ input: ArraySlice<UInt8>, _ take: (Object) throws(OpenFlowTextError) -> Void
  ) throws(OpenFlowTextError) {
    for byte in input {
      if byte == UInt8(ascii: "\n") { self.line += 1 }
      if self.depth == 0 {
        guard !Self.isBlank(byte) else { continue }
        guard byte == UInt8(ascii: "{") else {
          let found = (0x21..<0x7f).contains(byte) ? "'\(Character(Unicode.Scalar(byte)))'" : "the byte \(byte)"
          throw OpenFlowTextError(
            line: self.line, path: "", problem: "found \(found) where an object that begins with '{' is expected")
        }
        self.firstLine = self.line
      }
      self.text.append(byte)
      guard self.text.count <= Self.objectLimit else {
        throw OpenFlowTextError(
          line: self.firstLine, path: "",
          problem: "the object is longer than \(Self.objectLimit >> 20) MiB; no message needs that")
      }
      self.count(byte)
      if self.depth == 0 {
        try take(Object(line: self.firstLine, text: self.text))
        self.text.removeAll(keepingCapacity: true)
      }
    }
  }

  /// Makes sure that no object is open.
  func finish() throws(OpenFlowTextError) {
    guard self.depth > 0 else { return }
    throw OpenFlowTextError(
      line: self.firstLine, path: "", problem: "the object that begins here does not end before the input does")
  }

  private mutating func count(_ byte: UInt8) {
    if self.isInString {
      if self.isEscaped {
        self.isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        self.isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        self.isInString = false
      }
      return
    }
    switch byte {
    case UInt8(ascii: "\""): self.isInString = true
    case UInt8(ascii: "{"), UInt8(ascii: "["): self.depth += 1
    case UInt8(ascii: "}"), UInt8(ascii: "]"): self.depth -= 1
    default: break
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
}

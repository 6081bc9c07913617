// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A value of JSON with the line on which it stands, so that an error can say where.
struct ParsedJSON: Sendable {
  struct Member: Sendable {
    var key: String
    var value: ParsedJSON
  }

  enum Content: Sendable {
    case null
    case bool(Bool)
    /// As it was written: none of 64 bits is rounded.
    case number(String)
    case string(String)
    case array([ParsedJSON])
    /// In the order of the text, each key once.
    case object([Member])
  }

  var line: Int
  var content: Content

  /// The value of a key; nil: this is no object, or has no such key.
  subscript(key: String) -> ParsedJSON? {
    guard case .object(let members) = self.content else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// What it is, for a sentence.
  var kind: String {
    switch self.content {
    case .null: "null"
    case .bool: "a truth value"
    case .number(let digits): "the number \(digits)"
    case .string(let text): "the string '\(text.count > 40 ? text.prefix(40) + "…" : text[...])'"
    case .array: "an array"
    case .object: "an object"
    }
  }

  /// The line of the value to which `path` leads, or of what comes nearest to it.
  func line(at path: [any CodingKey]) -> Int {
    guard let key = path.first else { return self.line }
    if case .array(let elements) = self.content, let index = key.intValue, elements.indices.contains(index) {
      return elements[index].line(at: Array(path.dropFirst()))
    }
    return self[key.stringValue]?.line(at: Array(path.dropFirst())) ?? self.line
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Writes a tree of values as it is read again: each entry and each item in a line of its own.
enum YAMLWriter {
  static func write(_ value: YAMLValue) -> String { self.lines(value).joined(separator: "\n") + "\n" }

  private static func lines(_ value: YAMLValue) -> [String] {
    switch value.content {
    case .scalar(let text, let isPlain): [self.scalar(text, isPlain)]
    case .list(let items) where items.isEmpty: ["[]"]
    case .list(let items):
      items.flatMap { item in
        self.lines(item).enumerated().map { ($0 == 0 ? "- " : "  ") + $1 }
      }
    case .mapping(let entries) where entries.isEmpty: ["{}"]
    case .mapping(let entries):
      entries.flatMap { entry -> [String] in
        let inner = self.lines(entry.value)
        if self.isInline(entry.value) { return ["\(entry.key.value): \(inner[0])"] }
        return ["\(entry.key.value):"] + inner.map { "  \($0)" }
      }
    case .invalid: []
    }
  }

  private static func isInline(_ value: YAMLValue) -> Bool {
    switch value.content {
    case .scalar, .invalid: true
    case .list(let items): items.isEmpty
    case .mapping(let entries): entries.isEmpty
    }
  }

  private static func scalar(_ text: String, _ isPlain: Bool) -> String {
    // What was plain is plain in a line of its own, too, unless it went over several.
    if isPlain, !text.contains("\n") { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\n": quoted += "\\n"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

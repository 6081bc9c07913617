// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Why text is no message in the JSON form.
package struct OpenFlowTextError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Where it stands; the first line is 1.
  package var line: Int
  /// The keys that lead to what is wrong, `body.match.ipv4_dst`; empty: the object itself.
  package var path: String
  package var problem: String

  package var description: String {
    "line \(self.line): " + (self.path.isEmpty ? "" : "\(self.path): ") + self.problem
  }
}

extension OpenFlowTextError {
  /// What an error of decoding says, with the line of what it is about.
  init(_ error: DecodingError, in root: ParsedJSON) {
    let context = error.context
    self.init(
      line: root.line(at: context.codingPath), path: Self.text(context.codingPath),
      problem: context.debugDescription)
  }

  /// `body.instructions[0].apply_actions[2]`
  private static func text(_ path: [any CodingKey]) -> String {
    path.reduce(into: "") { text, key in
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += (text.isEmpty ? "" : ".") + key.stringValue
      }
    }
  }
}

extension DecodingError {
  fileprivate var context: Context {
    switch self {
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
      .dataCorrupted(let context):
      context
    @unknown default: Context(codingPath: [], debugDescription: "\(self)")
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceFiles
import Testing

/// A file with one thing wrong, and what a person reads about it.
struct Mistake: Sendable, CustomTestStringConvertible {
  let code: ErrorCode
  let yaml: String
  let expected: String

  /// - Parameter at: line and column.
  init(_ code: ErrorCode, in yaml: String, at position: String, _ message: String, _ hint: String) {
    self.code = code
    self.yaml = yaml
    self.expected = "error[\(code.rawValue)]: services.yaml:\(position): \(message)\n  \(hint)"
  }

  var testDescription: String { self.expected }
}

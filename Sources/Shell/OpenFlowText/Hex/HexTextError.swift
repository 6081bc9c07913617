// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Why text is no hexadecimal text.
package struct HexTextError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The first line is 1.
  package var line: Int
  package var problem: String

  package var description: String { "line \(self.line): \(self.problem)" }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A path of lower-case parts: `configuration`, `drains/r1`, `flows/web-1.2`.
package enum DocumentKey {
  /// Bytes of a whole key.
  package static let limit = 255

  /// Parts of one or more of `a`…`z`, `0`…`9`, `.`, `_` and `-`, with `/` between them.
  package static func isValid(_ key: String) -> Bool {
    let bytes = key.utf8
    guard bytes.count <= self.limit else { return false }
    return bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .allSatisfy { part in !part.isEmpty && part.allSatisfy(self.isAllowed) }
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}

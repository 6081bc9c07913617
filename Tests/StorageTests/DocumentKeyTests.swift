// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Storage
import Testing

@Suite struct DocumentKeyTests {
  @Test(arguments: [
    "configuration", "drains/r1", "flows/web-1.2_x", "a", "0", "-", "..", "a/b/c/d", String(repeating: "x", count: 255),
  ])
  func taken(key: String) {
    #expect(DocumentKey.isValid(key))
  }

  @Test(arguments: [
    "", "/", "/a", "a/", "a//b", "A", "ä", "a b", "a\0", "a\n", "a%", "e\u{301}", String(repeating: "x", count: 256),
  ])
  func refused(key: String) {
    #expect(!DocumentKey.isValid(key))
  }
}

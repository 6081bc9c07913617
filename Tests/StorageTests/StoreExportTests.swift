// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Storage
import Testing

@Suite struct StoreExportTests {
  private static let snapshot = Snapshot(
    revision: 7,
    documents: [
      Document(key: "configuration", value: "a:\n  - \"b\" \\ /\0\u{1F600}\n", revision: 7),
      Document(key: "drains/r1", value: "", revision: 7),
    ])

  private static let text = """
    {
      "documents" : [
        {
          "key" : "configuration",
          "value" : "a:\\n  - \\"b\\" \\\\ /\\u0000\u{1F600}\\n"
        },
        {
          "key" : "drains/r1",
          "value" : ""
        }
      ],
      "format" : "isthmus-store",
      "revision" : 7,
      "version" : 1
    }

    """

  @Test func isATextForPeople() throws {
    #expect(try StoreExport.text(of: Self.snapshot) == Self.text)
    #expect(try StoreExport.snapshot(from: Self.text.utf8) == Self.snapshot)
    var other = Self.snapshot
    other.documents.reverse()
    #expect(try StoreExport.text(of: other) == Self.text)
  }

  @Test func cutsAreRefused() {
    let bytes = Array(Self.text.utf8)
    for length in 0..<(bytes.count - 2) {
      #expect(throws: StoreExportError.self) { _ = try StoreExport.snapshot(from: bytes[..<length]) }
    }
  }

  /// Any byte may change: an error or another snapshot, and no trap.
  @Test func damageDoesNotTrap() {
    let bytes = Array(Self.text.utf8)
    for index in bytes.indices {
      for byte: UInt8 in [0, 0x22, 0x2d, 0x39, 0x5c, 0x7d, 0xff] {
        var damaged = bytes
        damaged[index] = byte
        _ = try? StoreExport.snapshot(from: damaged)
      }
    }
  }

  @Test(arguments: [
    (#"{}"#, "format: is missing"),
    (#"{"format": "x", "version": 1}"#, "format: is 'x', not 'isthmus-store'"),
    (#"{"format": 1, "version": 1}"#, "format: is not a text"),
    (
      #"{"format": "isthmus-store", "version": 2}"#,
      "version: is 2: this Isthmus reads 1 only; export again with it"
    ),
    (#"{"format": "isthmus-store", "version": 1, "revision": 1}"#, "documents: is missing"),
    (
      #"{"format": "isthmus-store", "version": 1, "revision": 1, "documents": [{"key": "a"}]}"#,
      "documents[0].value: is missing"
    ),
    (
      #"{"format": "isthmus-store", "version": 1, "revision": 1, "documents": [{"key": "a", "value": 3}]}"#,
      "documents[0].value: is not a text"
    ),
    (
      #"{"format": "isthmus-store", "version": 1, "revision": 1, "documents": "a"}"#,
      "documents: is not a list"
    ),
    (
      #"{"format": "isthmus-store", "version": 1, "revision": 1, "#
        + #""documents": [{"key": "a", "value": ""}, {"key": "a", "value": ""}]}"#,
      "documents[1].key: is 'a', as documents[0].key is"
    ),
  ])
  func saysWhere(text: String, message: String) {
    let error = #expect(throws: StoreExportError.self) { _ = try StoreExport.snapshot(from: text.utf8) }
    #expect(error.map { "\($0)" } == message)
  }

  @Test func keysAndValuesAreChecked() {
    for (key, value) in [("A", ""), ("a", String(repeating: "x", count: StoreLimits.valueBytes + 1))] {
      let text =
        #"{"format": "isthmus-store", "version": 1, "revision": 1, "documents": [{"key": "\#(key)", "value": "\#(value)"}]}"#
      let error = #expect(throws: StoreExportError.self) { _ = try StoreExport.snapshot(from: text.utf8) }
      #expect(error?.place.hasPrefix("documents[0].") == true)
    }
  }
}

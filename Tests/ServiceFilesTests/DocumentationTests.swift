// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import ServiceFiles
import ServiceModel
import Testing

/// A file of the repository.
private func content(of path: String) throws -> String {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  return try String(contentsOf: root.appending(path: path), encoding: .utf8)
}

@Suite("The reference page")
struct DocumentationTests {
  private let text: String

  init() throws {
    self.text = try content(of: "docs/reference/configuration.md")
  }

  @Test("explains every error code", arguments: ErrorCode.allCases)
  func codes(code: ErrorCode) {
    #expect(self.text.contains("\n| `\(code.rawValue)` | "))
  }

  @Test("explains no code that there is not")
  func noMore() throws {
    let codes = self.text.split(separator: "\n").drop { $0 != "## Errors" }.compactMap { line in
      line.hasPrefix("| `") ? String(line.dropFirst(3).prefix { $0 != "`" }) : nil
    }
    #expect(codes.count == ErrorCode.allCases.count)
    #expect(codes.filter { ErrorCode(rawValue: $0) == nil } == [])
  }

  @Test("explains every key")
  func keys() {
    for (section, keys) in ServiceFile.keys {
      for key in keys {
        #expect(self.text.contains("| `\(key)` |"), "\(key) of \(section)")
      }
    }
  }

  @Test("shows a file that can be read")
  func example() throws {
    let block = try #require(
      self.text.components(separatedBy: "```yaml\n").dropFirst().first?.components(separatedBy: "```").first)
    let file = try Example.parse(block)
    #expect(file.intent.services.map(\.name.text) == ["web", "api"])
  }
}

@Suite("The example that is installed")
struct PackagingTests {
  @Test("can be read")
  func example() throws {
    let yaml = try content(of: "packaging/isthmus.yaml")
    let file = try ServiceFile.parse(yaml: yaml, file: "isthmus.yaml") { path throws(KeyFileProblem) in
      let digits: [String: String] = ["keys/lisbon.key": "ab", "keys/porto.key": "cd"]
      guard let digit = digits[path] else { throw .unreadable(path) }
      return Array(String(repeating: digit, count: RegionKey.length).utf8)
    }
    #expect(file.intent.services.map(\.name.text) == ["web"])
  }
}

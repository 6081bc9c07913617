// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import OpenFlowText
import Testing

/// Every line of JSON in docs/reference/openflow-json.md is what the tool prints.
@Suite struct DocumentationTests {
  private static let lines: [String] = {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("docs/reference/openflow-json.md")
    guard let text = try? String(contentsOf: url, encoding: .utf8) else { return [] }
    return text.split(separator: "\n").map(String.init).filter { $0.hasPrefix(#"{"version""#) }
  }()

  @Test func examplesAreThere() {
    #expect(Self.lines.count > 40)
  }

  @Test(arguments: lines)
  func anExampleIsTheSameAgain(_ line: String) throws {
    #expect(Decoded(try encoded(line)).lines == [line])
  }
}

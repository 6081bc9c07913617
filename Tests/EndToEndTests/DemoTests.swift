// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import LabKit
import Testing

extension EndToEnd {
  @Suite struct DemoTests {
    @Test func `the demo's story has four chapters, and JSON says the same`() async throws {
      let isthmus = try #require(LabExecutables.find("isthmus"))
      let output = try await Command([isthmus, "demo", "--regions", "3", "--json"]).run(timeout: .seconds(90))
      let lines = try output.output.split(separator: "\n").map {
        try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
      let chapters = lines.filter { $0["type"] as? String == "measurement" }
      #expect(chapters.count == 4)
      #expect(
        chapters.map { $0["served"] as? [String] } == [["r1", "r2"], ["r2", "r1"], ["r1", "r2"], ["r2", "r1"]])
      let isKept = chapters.allSatisfy { $0["isKept"] as? Bool == true }
      #expect(output.succeeded == isKept)
      #expect(chapters.filter { $0["boundSeconds"] == nil }.allSatisfy { $0["lost"] as? Int == 0 })
    }
  }
}

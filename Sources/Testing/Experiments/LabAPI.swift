// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
package import LabKit

/// The controller's API inside a lab.
package enum LabAPI {
  /// - Throws: `ExperimentError.badAnswer` unless it is one of `type`.
  package static func get<Value: Decodable>(
    _ path: String, as type: Value.Type, from lab: Lab, controller: Int = 1
  ) async throws -> Value {
    let answer = try await self.curl(["--fail", self.url(path, controller)], in: lab).requireSuccess()
    do {
      return try JSONDecoder().decode(type, from: Data(answer.utf8))
    } catch {
      throw ExperimentError.badAnswer("\(error)")
    }
  }

  /// - Returns: what it says, a refusal too.
  @discardableResult
  package static func post(_ path: String, to lab: Lab, controller: Int = 1) async throws -> String {
    try await self.curl(["--request", "POST", self.url(path, controller)], in: lab).requireSuccess()
  }

  private static func curl(_ words: [String], in lab: Lab) async throws -> CommandOutput {
    try await lab.exec(in: .switch, ["curl", "--silent", "--max-time", "2"] + words)
  }

  private static func url(_ path: String, _ controller: Int) -> String {
    "http://\(LabLayout.api(of: controller))\(path)"
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// What other processes know of a lab: the file `lab.json` in its directory.
package struct LabRecord: Sendable, Equatable, Codable {
  package let layout: LabLayout
  /// The process that the lab dies with; nil: it was left in the background.
  package var owner: ProcessIdentity?
  /// Removes the lab when the owner has died.
  package var reaper: ProcessIdentity?

  static func read(from path: String) throws(LabError) -> LabRecord? {
    guard let text = TextFile.read(path) else { return nil }
    do {
      return try JSONDecoder().decode(LabRecord.self, from: Data(text.utf8))
    } catch {
      throw .unreadable(path: path, reason: "\(error)")
    }
  }

  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try TextFile.write(String(decoding: try encoder.encode(self), as: UTF8.self) + "\n", to: path)
  }
}

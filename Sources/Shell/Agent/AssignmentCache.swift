// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import AgentLink
package import AgentPlane
import FoundationEssentials
package import ServiceModel

/// Keeps the last assignment over a restart of the agent, in which no controller may be there.
///
/// The file is sealed with the region's key: it holds the peers' keys, and what is not from a controller is not
/// believed.
package struct AssignmentCache: Sendable {
  private let directory: String
  private let region: RegionName
  private let key: AssignmentKey
  /// A cache is not a fetch: there is no answer to be fresh for.
  private static let nonce = FetchNonce(hex: String(repeating: "0", count: 2 * FetchNonce.size))

  package init(directory: String, region: RegionName, key: RegionKey) {
    self.directory = directory
    self.region = region
    self.key = key.assignmentKey
  }

  package var path: String { "\(self.directory)/assignment-\(self.region)" }

  /// Nil if there is no file.
  package func load() throws -> CachedAssignment? {
    guard let nonce = Self.nonce, FileManager.default.fileExists(atPath: self.path) else { return nil }
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: self.path)))
    let assignment = try AssignmentSeal.open(bytes, region: self.region, key: self.key, nonce: nonce)
    return CachedAssignment(assignment: assignment, revision: try assignment.revision())
  }

  /// Replaces the file as a whole.
  package func store(_ assignment: Assignment) throws {
    guard let nonce = Self.nonce else { return }
    let bytes = try AssignmentSeal.seal(assignment, key: self.key, nonce: nonce)
    try FileManager.default.createDirectory(
      atPath: self.directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try Data(bytes).write(to: URL(filePath: self.path), options: .atomic)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: self.path)
  }
}

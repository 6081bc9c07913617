// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Whether more services have failed at once than can be true.
package struct MassFailureResource: Codable, Sendable, Equatable {
  /// What has failed since is held where it is.
  package var holding: Bool
  /// Services that are, each once for every region in which they failed.
  package var held: Int
  package var links: [String: String]

  package init(holding: Bool, held: Int, links: [String: String]) {
    self.holding = holding
    self.held = held
    self.links = links
  }
}

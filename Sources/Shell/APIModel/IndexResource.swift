// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// `GET /v1`: what answers here, and where everything else is.
package struct IndexResource: Codable, Sendable, Equatable {
  package var product: String
  package var version: String
  /// Names of resources and their paths.
  package var links: [String: String]

  package init(product: String, version: String, links: [String: String]) {
    self.product = product
    self.version = version
    self.links = links
  }
}

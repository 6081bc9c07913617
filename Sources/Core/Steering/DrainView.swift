// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// Which regions an operator has taken out of service.
package struct DrainView: Sendable, Equatable {
  /// They get no new connections, unless nobody else could take them.
  package var draining: Set<RegionName>
  /// Of these: those that get none in any case.
  package var closed: Set<RegionName>

  package init(draining: Set<RegionName> = [], closed: Set<RegionName> = []) {
    self.draining = draining
    self.closed = closed
  }

  package static let none = DrainView()
}

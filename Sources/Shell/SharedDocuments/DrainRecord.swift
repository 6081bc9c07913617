// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// A region that an operator drained: the document `drains/REGION`. It is there as long as the drain is.
package struct DrainRecord: Codable, Sendable, Equatable {
  package static let prefix = "drains/"

  /// Microseconds since 1970-01-01T00:00:00Z.
  package var since: Int64
  /// When what is open is cut, in the same unit; nil: never.
  package var deadline: Int64?
  /// Also where no other region serves.
  package var isForced: Bool

  package init(since: Int64, deadline: Int64?, isForced: Bool) {
    self.since = since
    self.deadline = deadline
    self.isForced = isForced
  }

  private enum CodingKeys: String, CodingKey {
    case since, deadline
    case isForced = "forced"
  }

  package static func key(of region: RegionName) -> String { self.prefix + region.text }
}

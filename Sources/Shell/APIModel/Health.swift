// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// How a service, a region, a switch or everything together is doing. Later cases are worse.
package enum Health: String, Codable, Sendable, CaseIterable, Comparable {
  case healthy
  /// Does its work, but something about it is wrong or not known.
  case degraded
  /// Does not do its work.
  case unavailable

  package static func < (a: Health, b: Health) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .healthy: 0
    case .degraded: 1
    case .unavailable: 2
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceModel

/// One member of one service, as its checks show it.
///
///                 a success                    fall failures in a row
///     unknown ───────────────▶ up ────────────────────────────────────▶ down
///        │                      ▲                                        │ ▲
///        │                      └──────── rise successes in a row ───────┘ │
///        └──────────────────── fall failures in a row ─────────────────────┘
///
/// The first success is enough at the start, so that a restarted agent says soon that all is well; the first failure
/// is not.
struct MemberHealth: Sendable, Equatable {
  /// A check under way.
  struct Running: Sendable, Equatable {
    var id: CheckID
    var startedAt: Instant
  }

  let address: IPAddress
  private(set) var state: ServiceReport.State = .unknown
  private var successes = 0
  private var failures = 0
  var running: Running?
  /// Checks come at their intervals.
  var hasRhythm = false
  /// When the next check starts, if none is running.
  var nextStart: Instant

  init(address: IPAddress, nextStart: Instant) {
    self.address = address
    self.nextStart = nextStart
  }

  /// - Parameters:
  ///   - fall: failures in a row that take the member out.
  ///   - rise: successes in a row that bring it back.
  mutating func record(_ outcome: ProbeOutcome, fall: Int, rise: Int) {
    switch outcome {
    case .success:
      self.failures = 0
      self.successes = min(self.successes + 1, rise)
      if self.state == .unknown || self.successes >= rise { self.state = .up }
    case .failure(let failure):
      self.successes = 0
      self.failures = min(self.failures + 1, fall)
      if self.failures >= fall { self.state = .down(failure) }
    case .notMade: break
    }
  }
}

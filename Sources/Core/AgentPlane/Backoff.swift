// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// How long to wait before a failed operation is tried again.
///
/// | failures in a row | 1 | 2 | 3 | 4 | 5 | more |
/// |---|---|---|---|---|---|---|
/// | seconds | 1 | 2 | 4 | 8 | 16 | 30 |
///
/// Up to a quarter more, drawn at random, so that agents which failed together do not return together.
struct Backoff: Sendable, Equatable {
  private var failures = 0

  mutating func failed(_ random: inout RandomSource) -> Duration {
    let seconds = self.failures < 5 ? 1 << self.failures : 30
    self.failures = min(self.failures + 1, 5)
    let wait: Duration = .seconds(seconds)
    return wait + random.duration(below: wait / 4)
  }

  mutating func succeeded() {
    self.failures = 0
  }
}

extension RandomSource {
  /// At least zero and less than `bound`, if that is more than zero.
  mutating func duration(below bound: Duration) -> Duration {
    .nanoseconds(Int64(self.next(below: UInt64(max(bound.nanoseconds, 1)))))
  }
}

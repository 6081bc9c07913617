// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). Part of the state, so that a run can be repeated.
struct SeededGenerator: Sendable, Equatable {
  private var state: UInt64

  init(seed: UInt64) {
    self.state = seed
  }

  mutating func next() -> UInt64 {
    self.state &+= 0x9e37_79b9_7f4a_7c15
    var z = self.state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// At least zero and less than `bound`.
  mutating func duration(below bound: Duration) -> Duration {
    let nanoseconds = UInt64(max(bound.nanoseconds, 1))
    return .nanoseconds(Int64(self.next().multipliedFullWidth(by: nanoseconds).high))
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// SplitMix64 (Steele, Lea, Flood 2014): randomness as a value in the state, so that a replay draws the same.
package struct RandomSource: Sendable, Equatable {
  private var state: UInt64

  package init(seed: UInt64) {
    self.state = seed
  }

  package mutating func next() -> UInt64 {
    self.state &+= 0x9e37_79b9_7f4a_7c15
    var z = self.state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// 0 ..< bound, without the bias that matters here (bound ≪ 2⁶⁴).
  /// - Precondition: bound > 0
  package mutating func next(below bound: UInt64) -> UInt64 {
    self.next().multipliedFullWidth(by: bound).high
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Numbers that nobody who has seen some of them can foresee: SipHash-2-4 of a counter. A value in the state, so that
/// a replay draws the same.
package struct NonceSource: Sendable, Equatable {
  private let key: SipHash.Key
  private var counter: UInt64 = 0

  /// - Parameter seed: hard to guess; the key is drawn from it.
  package init(seed: UInt64) {
    var random = RandomSource(seed: seed)
    self.key = SipHash.Key(first: random.next(), second: random.next())
  }

  package mutating func next() -> UInt64 {
    self.counter &+= 1
    return SipHash.tag(of: (0..<8).map { UInt8(truncatingIfNeeded: self.counter >> (8 * $0)) }, key: self.key)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Remembers which of the last 64 sequence numbers came, so that each counts once (as in RFC 4303, section 3.4.3).
struct ReplayWindow: Sendable, Equatable {
  static let size: UInt64 = 64

  /// The highest sequence that came; 0: none.
  private(set) var newest: UInt64 = 0
  /// Bit i is set if `newest - i` came.
  private var seen: UInt64 = 0

  /// False if the sequence came before, is more than 63 older than the newest, or is 0, which no sender uses.
  mutating func admit(_ sequence: UInt64) -> Bool {
    guard self.isFresh(sequence) else { return false }
    if sequence > self.newest {
      let step = sequence - self.newest
      self.seen = step < Self.size ? self.seen << step | 1 : 1
      self.newest = sequence
    } else {
      self.seen |= 1 << (self.newest - sequence)
    }
    return true
  }

  func isFresh(_ sequence: UInt64) -> Bool {
    guard sequence > 0 else { return false }
    guard sequence <= self.newest else { return true }
    let age = self.newest - sequence
    return age < Self.size && self.seen & (1 << age) == 0
  }
}

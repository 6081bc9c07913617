// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Bounds what others can write into our log: 20 lines in 10 seconds; a flood must not fill a disk.
struct ComplaintQuota {
  static let lines = 20
  static let period = TimeAmount.seconds(10)

  private var since = NIODeadline.uptimeNanoseconds(0)
  private var said = 0
  private var unsaid = 0

  /// - Returns: how many complaints were not made since the last one; nil if this one shall not be made either.
  mutating func take(at now: NIODeadline) -> Int? {
    if now - self.since >= Self.period {
      self.since = now
      self.said = 0
    }
    guard self.said < Self.lines else {
      self.unsaid += 1
      return nil
    }
    self.said += 1
    defer { self.unsaid = 0 }
    return self.unsaid
  }
}

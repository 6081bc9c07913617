// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// How long to wait before the next try: twice as long after each failure, and a little at random, so that those who lost
/// the same server do not come back together.
struct Backoff: Sendable {
  private let first: Duration
  private let longest: Duration
  private var base: Duration

  init(from first: Duration = .milliseconds(50), to longest: Duration = .seconds(2)) {
    self.first = first
    self.longest = longest
    self.base = first
  }

  /// 75 to 100 % of a duration that doubles from `first` to `longest`.
  mutating func next() -> Duration {
    defer { self.base = min(self.base * 2, self.longest) }
    return self.base * Int.random(in: 75...100) / 100
  }

  mutating func reset() {
    self.base = self.first
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// How much of its share a region has that has just returned: more in ten even steps.
package struct SlowStart: Sendable, Equatable {
  package static let steps = 10
  package static let durations: ClosedRange<Duration> = .zero ... .seconds(3600)

  private let since: Instant
  private let duration: Duration

  /// - Parameter duration: until it has all of it. Above 0
  package init(since: Instant, duration: Duration) {
    self.since = since
    self.duration = duration
  }

  /// Of `steps`; 1 at first.
  package func step(at now: Instant) -> Int {
    let elapsed = (now - self.since).nanoseconds
    let step = 1 + elapsed / Swift.max(self.duration.nanoseconds / Int64(Self.steps), 1)
    return Int(Swift.min(Swift.max(step, 1), Int64(Self.steps)))
  }

  /// When the next step is due; nil: it has all.
  package func next(after now: Instant) -> Instant? {
    let step = self.step(at: now)
    guard step < Self.steps else { return nil }
    return self.since + .nanoseconds(self.duration.nanoseconds / Int64(Self.steps) * Int64(step))
  }
}

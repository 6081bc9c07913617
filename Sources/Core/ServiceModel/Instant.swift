// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A moment on a monotonic clock. Core never reads a clock: it is told the time.
package struct Instant: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Nanoseconds since an arbitrary start; only differences mean something.
  package let nanoseconds: Int64

  package init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  package static func + (instant: Instant, duration: Duration) -> Instant {
    Instant(nanoseconds: instant.nanoseconds + duration.nanoseconds)
  }

  package static func - (instant: Instant, duration: Duration) -> Instant {
    Instant(nanoseconds: instant.nanoseconds - duration.nanoseconds)
  }

  package static func - (a: Instant, b: Instant) -> Duration {
    // The generic `Duration.nanoseconds(_:)` takes ten times as long, and this is done for every path at every event.
    Duration(attoseconds: Int128(a.nanoseconds - b.nanoseconds) * 1_000_000_000)
  }

  package static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }

  package var description: String { "t=\(Duration.nanoseconds(self.nanoseconds).milliseconds)ms" }
}

extension Duration {
  /// Whole nanoseconds; what is finer is cut off. Holds ±292 years.
  package var nanoseconds: Int64 {
    Int64(self.attoseconds / 1_000_000_000)
  }

  /// Milliseconds with their fraction, for people; never for a decision.
  package var milliseconds: Double { Double(self.nanoseconds) / 1_000_000 }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// When a packet was captured, since 1970-01-01 00:00 UTC, as exactly as its file says.
package struct CaptureTime: Sendable, Hashable, Comparable {
  package var seconds: Int64
  /// 0 … 999,999,999, and always later than `seconds`.
  package var nanoseconds: UInt32

  /// - Parameter nanoseconds: what is a second or more is carried over.
  package init(seconds: Int64, nanoseconds: UInt32 = 0) {
    self.seconds = seconds &+ Int64(nanoseconds / 1_000_000_000)
    self.nanoseconds = nanoseconds % 1_000_000_000
  }

  package static func < (a: CaptureTime, b: CaptureTime) -> Bool {
    (a.seconds, a.nanoseconds) < (b.seconds, b.nanoseconds)
  }

  /// Whether at least `seconds` have passed since `earlier`.
  package func isAfter(_ earlier: CaptureTime, bySeconds seconds: Int64) -> Bool {
    self >= CaptureTime(seconds: earlier.seconds &+ seconds, nanoseconds: earlier.nanoseconds)
  }
}

extension CaptureTime: CustomStringConvertible {
  /// Seconds with six digits of a fraction, or with nine if six do not say it all.
  package var description: String {
    let isWholeMicroseconds = self.nanoseconds % 1000 == 0
    let fraction = String(isWholeMicroseconds ? self.nanoseconds / 1000 : self.nanoseconds)
    let padding = String(repeating: "0", count: (isWholeMicroseconds ? 6 : 9) - fraction.utf8.count)
    return "\(self.seconds).\(padding)\(fraction)"
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What one region may carry, and how much of it counts as having room.
package struct LoadLimit: Sendable, Equatable {
  /// Above 0.
  package let threshold: Int
  /// The threshold without the hysteresis. Above 0, at most the threshold.
  package let roomy: Int

  /// - Parameter hysteresis: what must be left free, in hundredths of the threshold. 0…99
  package init(threshold: Int, hysteresis: Int) {
    self.threshold = max(threshold, 1)
    self.roomy = max(self.threshold * (100 - min(max(hysteresis, 0), 99)) / 100, 1)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// As few regions share as can carry the load without passing the threshold, the preferred ones first.
///
/// One more joins as soon as the load of all passes what the sharing ones may carry; one leaves when the rest could
/// carry it with room to spare. Between them the weights follow the measured load.
package struct LoadSharing: Balancer {
  /// What one region may carry. Above 0.
  package let threshold: Int
  /// Room that must be left before a region is let go, in hundredths of the threshold. 0…99
  package let hysteresis: Int

  package init(threshold: Int, hysteresis: Int) {
    self.threshold = max(threshold, 1)
    self.hysteresis = min(max(hysteresis, 0), 99)
  }

  package func next(after last: Balance?, _ regions: [RegionFigure]) -> Balance {
    let total = regions.reduce(0) { $0 + max($1.figure, 0) }
    let before = last.map { last in regions.count { (last.weights[$0.region] ?? 0) > 0 } } ?? 0
    let needed = min(max((total + self.threshold - 1) / self.threshold, 1), regions.count)
    let spare = max(self.threshold * (100 - self.hysteresis) / 100, 1)
    let roomy = min(max((total + spare - 1) / spare, 1), regions.count)
    let count = min(max(needed, min(before, roomy)), regions.count)
    let sharing = Array(regions.prefix(count))
    guard let last, Set(last.weights.filter { $0.value > 0 }.keys) == Set(sharing.map(\.region)) else {
      return .even(sharing)
    }
    return .levelled(last, sharing)
  }
}

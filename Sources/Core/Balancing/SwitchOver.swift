// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// The thesis's way: one region gets everything until it carries more than the threshold; then the next one does.
///
/// "The next" is the first after it, around the order of preference, that carries less than the threshold with room to
/// spare. If nobody does, all stays as it is: going to and fro would help nobody.
package struct SwitchOver: Balancer {
  /// What one region may carry. Above 0.
  package let threshold: Int
  /// Room that the next one must have, in hundredths of the threshold. 0…99
  package let hysteresis: Int

  package init(threshold: Int, hysteresis: Int) {
    self.threshold = max(threshold, 1)
    self.hysteresis = min(max(hysteresis, 0), 99)
  }

  package func next(after last: Balance?, _ regions: [RegionFigure]) -> Balance {
    let active = regions.firstIndex { (last?.weights[$0.region] ?? 0) > 0 } ?? 0
    var next = active
    if regions[active].figure > self.threshold {
      let room = self.threshold * (100 - self.hysteresis) / 100
      let others = (1..<max(regions.count, 1)).map { (active + $0) % regions.count }
      next = others.first { regions[$0].figure <= room } ?? active
    }
    return Balance(weights: [regions[next].region: Balance.whole])
  }
}

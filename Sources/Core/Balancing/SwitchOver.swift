// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// The thesis's way: one region gets everything until it carries more than the threshold; then the next one does.
///
/// "The next" is the first after it, around the order of preference, that carries less than the threshold with room to
/// spare. If nobody does, all stays as it is: going to and fro would help nobody.
package struct SwitchOver: Balancer {
  package let limit: LoadLimit

  package init(_ limit: LoadLimit) { self.limit = limit }

  package func next(after last: Balance?, _ regions: [RegionFigure]) -> Balance {
    let active = regions.firstIndex { (last?.weights[$0.region] ?? 0) > 0 } ?? 0
    var next = active
    if regions[active].figure > self.limit.threshold {
      let others = (1..<max(regions.count, 1)).map { (active + $0) % regions.count }
      next = others.first { regions[$0].figure <= self.limit.roomy } ?? active
    }
    return Balance(weights: [regions[next].region: Balance.whole])
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// As few regions share as can carry the load without passing the threshold, the preferred ones first.
///
/// One more joins as soon as the load of all passes what the sharing ones may carry; one leaves when the rest could
/// carry it with room to spare. Between them the weights follow the measured load.
package struct LoadSharing: Balancer {
  package let limit: LoadLimit

  package init(_ limit: LoadLimit) { self.limit = limit }

  package func next(after last: Balance?, _ regions: [RegionFigure]) -> Balance {
    let total = regions.reduce(0) { $0 + max($1.figure, 0) }
    let before = last.map { last in regions.count { (last.weights[$0.region] ?? 0) > 0 } } ?? 0
    let needed = min(max((total + self.limit.threshold - 1) / self.limit.threshold, 1), regions.count)
    let roomy = min(max((total + self.limit.roomy - 1) / self.limit.roomy, 1), regions.count)
    let count = min(max(needed, min(before, roomy)), regions.count)
    let sharing = Array(regions.prefix(count))
    guard let last, Set(last.weights.filter { $0.value > 0 }.keys) == Set(sharing.map(\.region)) else {
      return .even(sharing)
    }
    return .levelled(last, sharing)
  }
}

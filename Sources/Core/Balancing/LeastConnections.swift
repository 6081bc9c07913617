// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// All regions share, and those with fewer open connections get more of the new ones.
///
/// By shares that follow the counts: the switch does not ask anybody for each connection, so it is right on average
/// and not to the last connection.
package struct LeastConnections: Balancer {
  package init() {}

  package func next(after last: Balance?, _ regions: [RegionFigure]) -> Balance {
    // Ten more everywhere, so that a few connections more or less mean little while there are few.
    let regions = regions.map { RegionFigure(region: $0.region, figure: $0.figure + 10) }
    guard let last, Set(last.weights.filter { $0.value > 0 }.keys) == Set(regions.map(\.region)) else {
      return .even(regions)
    }
    return .levelled(last, regions)
  }
}

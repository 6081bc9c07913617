// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// How one service's new connections are divided now, by a policy that follows the load.
package struct Balance: Sendable, Equatable {
  /// In proportion to each other; a region that is missing has none. Never all 0.
  package var weights: [RegionName: Int]

  /// What all weights of regions with a share add up to, about: fine enough for half a per cent of a small share.
  package static let whole = 10_000

  package init(weights: [RegionName: Int]) {
    self.weights = weights
  }
}

/// A region that could take new connections, and what it carries.
package struct RegionFigure: Sendable, Equatable {
  package var region: RegionName
  /// In the policy's unit: packets a second, connections, thousandths of the processors, thousand bits a second.
  package var figure: Int

  package init(region: RegionName, figure: Int) {
    self.region = region
    self.figure = figure
  }
}

/// Divides new connections by what the regions carry.
///
/// The same for all: of the regions that share, the busiest gains nothing and the idlest loses nothing, and figures that
/// are level change nothing. The order of the regions is the order of preference, and counts only where a policy says so.
package protocol Balancer: Sendable {
  /// - Parameters:
  ///   - last: how it was divided until now; nil: not by this policy.
  ///   - regions: those that may take new connections, in order of preference. At least one.
  func next(after last: Balance?, _ regions: [RegionFigure]) -> Balance
}

extension Balance {
  /// The same to everybody.
  static func even(_ regions: [RegionFigure]) -> Balance {
    Balance(
      weights: Dictionary(
        regions.map { ($0.region, Self.whole / regions.count) }, uniquingKeysWith: { first, _ in first }))
  }

  /// Shifts the weights towards regions that carry less, by half of what they are apart and at most by a half, so that
  /// a load that answers late does not swing. What is less than a twentieth off is left alone: no load stands still.
  static func levelled(_ last: Balance, _ regions: [RegionFigure]) -> Balance {
    let total = regions.reduce(0) { $0 + max($1.figure, 0) }
    // A twentieth of an even share, or nobody would ever learn that the region has room.
    let least = max(Self.whole / regions.count / 20, 1)
    let isLevel = regions.allSatisfy { abs(max($0.figure, 0) * regions.count - total) * 20 <= total }
    guard total > 0, !isLevel else { return last }
    var weights: [RegionName: Int] = [:]
    for region in regions {
      let weight = max(last.weights[region.region] ?? 0, least)
      let lack = (total - max(region.figure, 0) * regions.count) * 1000 / total
      weights[region.region] = weight * (1000 + min(max(lack / 2, -500), 500))
    }
    let sum = weights.values.reduce(0, +)
    return Balance(weights: weights.mapValues { max($0 * Self.whole / sum, least) })
  }
}

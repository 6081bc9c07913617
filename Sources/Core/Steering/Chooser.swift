// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import ServiceModel

/// Chooses the region of one new connection exactly, where the controller is asked about each.
package struct Chooser: Sendable, Equatable {
  /// How much each region is owed, in parts of a turn.
  private var credits: [RegionName: Int] = [:]

  package init() {}

  /// - Parameters:
  ///   - open: how many of its connections each region has.
  /// - Returns: nil if nobody may be used.
  package mutating func choose(
    _ service: Service, by steering: ServiceSteering, carrying: Set<RegionName>, client: IPAddress,
    open: [RegionName: Int]
  ) -> RegionName? {
    let candidates = steering.candidates(carrying: carrying)
    guard candidates.count > 1 else {
      return candidates.first?.region ?? steering.slots(carrying: carrying).first?.user
    }
    if service.persistence == .client {
      let slots = steering.slots(carrying: carrying)
      return slots[Int(fnv1a("\(client)") % UInt32(slots.count))].user
    }
    if service.policy == .leastConnections {
      return candidates.min { (open[$0.region] ?? 0) < (open[$1.region] ?? 0) }?.region
    }
    return self.takeTurns(candidates)
  }

  /// Weighted turns that are as even as can be at any moment: everybody is credited its weight, and who has most pays
  /// for all.
  private mutating func takeTurns(_ candidates: [RegionShare]) -> RegionName? {
    var credits: [RegionName: Int] = [:]
    for candidate in candidates {
      credits[candidate.region] = (self.credits[candidate.region] ?? 0) + candidate.parts
    }
    let next = candidates.max { (credits[$0.region] ?? 0) < (credits[$1.region] ?? 0) }?.region
    if let next { credits[next, default: 0] -= candidates.reduce(0) { $0 + $1.parts } }
    self.credits = credits
    return next
  }
}

extension ServiceSteering {
  /// Regions that may be used and have a share, by weight; empty if only others live, or if nothing is shared.
  fileprivate func candidates(carrying: Set<RegionName>) -> [RegionShare] {
    zip(self.choices, self.weights).compactMap { choice, weight in
      weight > 0 && choice.isUsable(carrying: carrying) ? RegionShare(region: choice.region, parts: weight) : nil
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// How many of a service's slots lead to another region after a change.
///
/// Where nobody remembers connections (placements `hash` and `redirect`), a connection goes where its slot goes, and the
/// other region does not know it: this is what the change breaks. Slots are equal, so the share of slots is the share of
/// connections, but for chance.
package struct SlotMoves: Sendable, Equatable {
  /// Slots that led to a region and lead elsewhere now.
  package private(set) var lost: [RegionName: Int] = [:]
  /// Slots that led to each region before.
  package private(set) var held: [RegionName: Int] = [:]
  /// All of them; 1 where everything goes to one region.
  package let count: Int

  package var moved: Int { self.lost.values.reduce(0, +) }

  /// - Parameter dead: regions whose connections are lost already, whatever is done now.
  package init(
    from before: ServiceSteering, carrying wasCarrying: Set<RegionName>, to after: ServiceSteering,
    carrying: Set<RegionName>, dead: Set<RegionName> = []
  ) {
    let old = before.slots(carrying: wasCarrying)
    let new = after.slots(carrying: carrying)
    // A hash of more slots has one more bit: what was in slot 3 of 16 is in 3 or 19 of 32.
    self.count = max(old.count, new.count)
    for slot in 0..<self.count {
      guard let user = old[slot % old.count].user, !dead.contains(user) else { continue }
      self.held[user, default: 0] += 1
      if new[slot % new.count].user != user { self.lost[user, default: 0] += 1 }
    }
  }

  /// How many connections move, if each region has so many; nil if that is not known of one that loses some. Rounded.
  package func connections(of open: [RegionName: Int]) -> Int? {
    var sum = 0
    for (region, lost) in self.lost {
      guard let open = open[region], let held = self.held[region] else { return nil }
      sum += (open * lost + held / 2) / held
    }
    return sum
  }
}

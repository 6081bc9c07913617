// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// Regions with a limit.
extension ControlState {
  /// What becomes of new connections to regions that are full.
  var excess: [RegionName: Capacity.Excess] {
    guard !self.full.isEmpty else { return [:] }
    var excess: [RegionName: Capacity.Excess] = [:]
    for region in self.intent.regions where self.full.contains(region.name) {
      excess[region.name] = region.capacity?.whenFull
    }
    return excess
  }

  /// Sees whether a region carries as much as it may. Of one whose agent does not tell, nothing is known: then health
  /// alone counts.
  mutating func weigh(_ name: RegionName, at now: Instant, _ effects: inout [Effect]) {
    guard let capacity = self.intent.regions.first(where: { $0.name == name })?.capacity else {
      self.full.remove(name)
      return
    }
    let was = self.full.contains(name)
    let load = self.loads[name]?.report(at: now)?.load
    let isFull = load.map { capacity.isFull($0, was: was) } ?? false
    guard isFull != was else { return }
    if isFull { self.full.insert(name) } else { self.full.remove(name) }
    self.steerAnew(around: name)
    effects.append(
      .record(
        isFull
          ? .regionFull(name, capacity, amount: load.map(capacity.amount) ?? 0)
          : .regionHasRoom(name, isKnown: load != nil)))
  }
}

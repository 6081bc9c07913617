// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FailureDetection
import ServiceModel

/// Which of its regions one service may use.
///
/// 1. Those where the way and the members are well.
/// 2. If there is none: one that only has to wait for its hold time. Waiting dampens flapping between regions, and
///    where there is nobody else it would only prolong the outage.
/// 3. If there is none either: one that is drained and well, unless it is closed. An operator who drains a region does
///    not want an outage when the others fail meanwhile.
/// 4. If there is none either: whoever served last is held, whatever its state now.
///
/// The same for all policies: one that spreads uses all those that may be used, by their slots.
struct Selection {
  let service: ServiceName
  /// In order of preference.
  let regions: [RegionName]
  let health: HealthView
  /// Regions that can carry traffic; those that do are more if a plan is held.
  let usable: Set<RegionName>
  let carrying: Set<RegionName>
  let last: ServiceSteering?
  let wasCarrying: Set<RegionName>
  let drains: DrainView

  var choices: [RegionChoice] {
    if self.regions.contains(where: { self.standing(of: $0) == .well }) {
      return self.regions.map { RegionChoice(region: $0, eligibility: self.eligibility(of: $0)) }
    }
    let proven = self.regions.filter { self.standing(of: $0) == .proven }
    let active = self.last?.active(carrying: self.wasCarrying) ?? []
    if let only = proven.first(where: active.contains) ?? proven.first {
      return self.regions.map {
        RegionChoice(region: $0, eligibility: $0 == only ? self.inUse(only) : self.eligibility(of: $0))
      }
    }
    if let resort = self.regions.first(where: self.isLastResort) {
      return self.regions.map {
        RegionChoice(region: $0, eligibility: $0 == resort ? .withPort : self.eligibility(of: $0))
      }
    }
    return self.held
  }

  private func isLastResort(_ region: RegionName) -> Bool {
    self.drains.draining.contains(region) && !self.drains.closed.contains(region)
      && min(self.health.path(to: region), self.health.members(of: self.service, in: region)) >= .proven
  }

  /// Of the way and the members together. What is proven and was in use all the time is as good as well.
  private func standing(of region: RegionName) -> Standing {
    if self.drains.draining.contains(region) { return .out }
    let path = self.usable.contains(region) ? .well : self.health.path(to: region)
    let members = self.health.members(of: self.service, in: region)
    func inUse(_ standing: Standing, _ wasInUse: Bool) -> Standing {
      standing == .proven && wasInUse ? .well : standing
    }
    return min(
      inUse(path, self.eligibilityBefore(of: region) == .withPort),
      inUse(members, self.eligibilityBefore(of: region) != .excluded))
  }

  /// While somebody serves: what is well, and what was in use and is on its way back.
  private func eligibility(of region: RegionName) -> RegionChoice.Eligibility {
    let before = self.eligibilityBefore(of: region)
    let members = self.health.members(of: self.service, in: region)
    guard members == .well || members >= .returning && before != .excluded else { return .excluded }
    return before == .withPort && !self.drains.draining.contains(region) && self.health.path(to: region) >= .returning
      ? self.inUse(region) : .withRegion
  }

  /// In use, even if the region does not carry the traffic of others.
  private func inUse(_ region: RegionName) -> RegionChoice.Eligibility {
    self.carrying.contains(region) ? .withRegion : .withPort
  }

  private var held: [RegionChoice] {
    // A service that is new tries its regions in turn.
    guard let held = self.last?.active(carrying: self.wasCarrying), !held.isEmpty else {
      return self.regions.map { RegionChoice(region: $0, eligibility: .withRegion) }
    }
    return self.regions.map { region in
      if self.drains.closed.contains(region) { return RegionChoice(region: region, eligibility: .excluded) }
      if held.contains(region) { return RegionChoice(region: region, eligibility: self.inUse(region)) }
      let returned = self.carrying.contains(region) && !self.wasCarrying.contains(region)
      let before = self.eligibilityBefore(of: region)
      return RegionChoice(region: region, eligibility: returned || before == .withPort ? .excluded : before)
    }
  }

  private func eligibilityBefore(of region: RegionName) -> RegionChoice.Eligibility {
    self.last?.choices.first { $0.region == region }?.eligibility ?? .excluded
  }
}

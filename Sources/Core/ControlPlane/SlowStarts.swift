// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel
import Steering

/// Regions that have returned to services lately, on one switch, and get their shares step by step.
struct SlowStarts: Sendable, Equatable {
  private var starts: [ServiceName: [RegionName: SlowStart]] = [:]
  /// Regions that served before: one that comes for the first time begins with everything.
  private var known: [ServiceName: Set<RegionName>] = [:]
  /// How far they were at the last look.
  private(set) var steps: [ServiceName: [RegionName: Int]] = [:]
  private(set) var nextStep: Instant?

  /// - Returns: whether somebody shall get more.
  mutating func advance(to now: Instant) -> Bool {
    guard let due = self.nextStep, due <= now else { return false }
    self.look(at: now)
    return true
  }

  /// Begins for regions that a plan brings back beside others that serve.
  ///
  /// - Returns: whether one began.
  mutating func begin(
    _ services: [Service], from before: SteeringPlan, to after: SteeringPlan, at now: Instant
  ) -> Bool {
    var hasBegun = false
    for (index, service) in services.enumerated() where service.slowStart > .zero && service.policy.isSpreading {
      guard let past = before.services.first(where: { $0.service == service.name }) else { continue }
      let active = past.active(carrying: before.carrying)
      self.known[service.name, default: []].formUnion(active)
      for region in after.services[index].active(carrying: after.carrying)
      where !active.isEmpty && !active.contains(region) && self.known[service.name]?.contains(region) == true {
        self.starts[service.name, default: [:]][region] = SlowStart(since: now, duration: service.slowStart)
        hasBegun = true
      }
    }
    if hasBegun { self.look(at: now) }
    return hasBegun
  }

  private mutating func look(at now: Instant) {
    self.starts = self.starts.mapValues { $0.filter { $0.value.next(after: now) != nil } }.filter { !$0.value.isEmpty }
    self.steps = self.starts.mapValues { $0.mapValues { $0.step(at: now) } }
    self.nextStep = self.starts.values.flatMap(\.values).compactMap { $0.next(after: now) }.min()
  }
}

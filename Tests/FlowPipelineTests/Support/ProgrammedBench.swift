// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FlowPipeline
import ServiceModel
import Simulation
import Steering
import Testing

extension Bench {
  /// A switch in front of regions of the site that took the plan of healthy days, or one made of it.
  static func programmed(
    _ services: [Service], regions: Int = 2, placement: Placement = .conntrack, hasGroups: Bool = true,
    _ change: (inout SteeringPlan) -> Void = { _ in }
  ) -> Bench {
    var bench = Bench(
      Site.makeIntent(regions: regions, services: services), placement: placement, hasGroups: hasGroups)
    var plan = bench.healthyPlan
    change(&plan)
    #expect(bench.install(plan) == [])
    return bench
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import LabKit
import ServiceModel

/// What a switch must be told when a region is lost, and how long it takes, however many services there are.
package struct RegionLoss: Sendable {
  package let services: Int
  package let groupMods: Int
  package let flowMods: Int
  package let unavailability: Duration

  /// - Parameter services: 1 and as many more as wanted, all in the lost region.
  package static func measure(services: Int) async throws -> RegionLoss {
    let scenario = FailoverScenario.regionDark
    var options = scenario.options
    options.service.extraServices = services - 1
    return try await Lab.with(options) { lab in
      try await lab.waitUntilServing(by: 1, timeout: .seconds(60))
      try await lab.waitUntil("\(services) services in the switch", timeout: .seconds(60)) {
        try await lab.ofctl("dump-groups", LabLayout.bridge, version: "OpenFlow15").split(separator: "group_id=").count
          > services
      }
      let prober = try await lab.startProber()
      try await prober.waitForAnswers(100, after: MonotonicClock.now())
      let snoop = try await OpenFlowSnoop.start(in: lab)
      let failed = try await scenario.fail(lab)
      try await prober.waitForAnswers(50, of: 2, after: failed)
      let counts = try await snoop.stop()
      let log = try await prober.stop()
      guard let gap = log.unavailability(around: failed) else { throw ExperimentError.noAnswers(scenario.name) }
      return RegionLoss(
        services: services, groupMods: counts.groupMods, flowMods: counts.flowMods, unavailability: gap.duration)
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Experiments
import LabKit
import Testing

/// Everything here runs the real controller, agents, Open vSwitch, nftables and nginx, one lab at a time.
@Suite(.enabled(if: LabRequirements.shouldTest()), .serialized)
struct EndToEnd {}

extension EndToEnd {
  @Suite struct FailoverTests {
    /// Timing is the benchmark's affair, on a quiet machine; here it is that traffic moves, and moves back.
    @Test(arguments: FailoverScenario.all.map(\.name))
    func `whatever fails in the primary region, the other one serves`(name: String) async throws {
      let scenario = try #require(FailoverScenario.all.first { $0.name == name })
      let runs = try await Failover.measure(scenario, runs: 1)
      #expect(!runs.isEmpty)
      #expect(runs[0].unavailability < scenario.bound + .seconds(1))
    }

    @Test(arguments: [1, 200])
    func `losing a region takes one GROUP_MOD, however many services it served`(services: Int) async throws {
      let loss = try await RegionLoss.measure(services: services)
      #expect(loss.groupMods == 1)
      #expect(loss.flowMods == 0)
    }

    @Test func `restarts of controller and agent under load lose nothing and rewrite nothing`() async throws {
      let endurance = try await Endurance.measure(rounds: 1)
      #expect(endurance.lost == 0)
      #expect(endurance.moves == 0)
      #expect(endurance.programMessages == 0)
    }
  }
}

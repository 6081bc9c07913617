// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Experiments
import LabKit
import ServiceModel
import Testing

extension EndToEnd {
  /// Two gateways in each region, with the real keepalived and conntrackd.
  @Suite struct GatewayPairTests {
    /// Six misses: what is tried here is not how near VRRP's time may come to detection's on a busy machine.
    private var options: LabOptions {
      var options = GatewayLoss.options(.gateway)
      options.name = "isthmus-gateways"
      options.detection.misses = 6
      return options
    }

    /// Connections that clients keep open go on, and so does what a region sends by itself.
    @Test(arguments: [GatewayLoss.Scenario.gateway, .link, .processes])
    func `the other gateway takes over with all connections`(scenario: GatewayLoss.Scenario) async throws {
      try await Lab.with(self.options) { lab in
        try await lab.waitUntilServing(by: 1, timeout: .seconds(30))
        let active = try await LabGateways.waitUntilPaired(in: lab)
        let clients = try await SwitchSurvivors.open(8, in: lab)
        let downloads = try await SwitchSurvivors.download(8, in: lab)
        let prober = try await lab.startProber()
        try await prober.waitForAnswers(100, after: MonotonicClock.now())
        let failed = try await GatewayLoss.fail(scenario, active: active, in: lab)
        try await lab.waitUntil("a takeover", timeout: .seconds(20)) {
          try await LabGateways.active(in: lab) == 3 - active
        }
        let sizes = try await downloads.sizes()
        #expect(try await downloads.grown(since: sizes, within: .seconds(20)) == 8)
        #expect(try await clients.askAgain() == 8)
        try await prober.waitForAnswers(100, after: MonotonicClock.now())
        let log = try await prober.stop()
        #expect(log.answers.allSatisfy { $0.region == 1 }, "nothing moves to the other region")
        let gap = try #require(log.unavailability(around: failed))
        // A kernel that goes on serves until the other gateway announces itself: nothing is lost before.
        if scenario != .processes { #expect(gap.lost == log.lost.count, "one gap, and no other loss") }
        // It comes back as the standby, and nothing moves back.
        try await GatewayLoss.mend(scenario, active: active, in: lab)
        #expect(try await LabGateways.waitUntilPaired(in: lab) == 3 - active)
        #expect(try await lab.holder(of: 1) == 3 - active)
      }
    }

    @Test(arguments: [GatewayLoss.Scenario.standby, .agent])
    func `what does not carry traffic may end, and is missed`(scenario: GatewayLoss.Scenario) async throws {
      try await Lab.with(self.options) { lab in
        let run = try await GatewayLoss.run(scenario, in: lab)
        #expect(run.lost == 0)
        #expect(run.movedAnswers == 0)
        let kind = scenario == .standby ? "standby-missing" : "active-agent-silent"
        #expect(try await LabEvents.read(from: lab).contains { $0.kind == kind })
        _ = try await LabGateways.waitUntilPaired(in: lab)
      }
    }

    @Test func `without either gateway the region is out, and returns with them`() async throws {
      try await Lab.with(self.options) { lab in
        let run = try await GatewayLoss.run(.both, in: lab)
        #expect(run.movedAnswers > 0)
        try await lab.waitUntilServing(by: 1, timeout: .seconds(30))
        _ = try await LabGateways.waitUntilPaired(in: lab)
      }
    }
  }
}

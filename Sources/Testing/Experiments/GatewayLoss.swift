// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import APIModel
package import LabKit
package import ServiceModel

/// What becomes of the service when one of a region's two gateways goes, or its only one.
package struct GatewayLoss: Sendable {
  package enum Scenario: String, Sendable, CaseIterable {
    /// The active gateway dies: its processes end, its links carry nothing; the switch's port stays up.
    case gateway
    /// The active gateway's link to the region's segment goes down.
    case link
    /// keepalived, conntrackd and the agent are killed on the active gateway, whose kernel goes on with the address.
    case processes
    /// The standby dies.
    case standby
    /// Only the agent of the active gateway is killed.
    case agent
    /// Both gateways die.
    case both
    /// There is no second gateway, and the only one dies.
    case alone
  }

  package let scenario: Scenario
  /// From the last answer before to the first one after; where nothing was lost, the time between two requests.
  package let unavailability: Duration
  package let lost: Int
  /// Requests that another region has answered.
  package let movedAnswers: Int
  /// From the loss until the controller saw who is active now; nil: it did not.
  package let tookOver: Duration?
  /// T_h·n: the longest that a region without a second gateway would take. With one nothing may take longer.
  package let bound: Duration
  package let stolen: Double
  /// The longest time between the beginnings of two requests.
  package let resolution: Duration

  /// What reprogramming and the network may take.
  package static let grace = Duration.milliseconds(20)

  package var isDisturbed: Bool { self.stolen > 0.02 || self.resolution > .milliseconds(15) }

  package var isKept: Bool {
    switch self.scenario {
    case .gateway, .link, .processes: self.movedAnswers == 0 && self.unavailability <= self.bound
    case .standby, .agent: self.movedAnswers == 0 && self.lost == 0
    case .both, .alone: self.movedAnswers > 0 && self.unavailability <= self.bound + Self.grace
    }
  }

  package static func options(_ scenario: Scenario) -> LabOptions {
    FailoverScenario.quick {
      $0.gateways = scenario == .alone ? 1 : 2
    }
  }

  /// Runs a scenario in one lab until `runs` runs were not disturbed, or three times as often.
  package static func measure(
    _ scenario: Scenario, runs: Int, each: (GatewayLoss) -> Void = { _ in }
  ) async throws -> [GatewayLoss] {
    try await Lab.with(Self.options(scenario)) { lab in
      var results: [GatewayLoss] = []
      while results.count(where: { !$0.isDisturbed }) < runs, results.count < 3 * runs {
        let run = try await Self.run(scenario, in: lab)
        each(run)
        results.append(run)
      }
      return results
    }
  }

  package static func run(_ scenario: Scenario, in lab: Lab) async throws -> GatewayLoss {
    try await lab.waitUntilServing(by: 1, timeout: .seconds(30))
    let active = scenario == .alone ? 1 : try await LabGateways.waitUntilPaired(in: lab)
    let prober = try await lab.startProber()
    try await prober.waitForAnswers(100, after: MonotonicClock.now())
    let clock = WallClockOffset()
    let stolenTime = StolenTime()
    let failed = try await Self.fail(scenario, active: active, in: lab)
    switch scenario {
    case .gateway, .link, .processes:
      try await lab.waitUntil("a takeover", timeout: .seconds(20)) {
        try await LabGateways.active(in: lab) == 3 - active
      }
    case .standby, .agent:
      try await lab.waitUntil("notice of the loss", timeout: .seconds(20)) {
        try await LabGateways.region(in: lab).health == .degraded
      }
    case .both, .alone: try await prober.waitForAnswers(100, of: 2, after: failed)
    }
    try await prober.waitForAnswers(200, after: MonotonicClock.now())
    let stolen = stolenTime.share()
    let log = try await prober.stop()
    // A kernel that goes on serves until the other gateway announces itself.
    let gap =
      scenario == .processes
      ? log.unavailability(around: log.lost.first?.start ?? failed) : log.unavailability(around: failed)
    guard let gap else { throw ExperimentError.noAnswers(scenario.rawValue) }
    let events = try await LabEvents.read(from: lab)
    let tookOver = events.filter { $0.kind == "agent-took-over" }.compactMap(clock.instant(of:)).first { $0 > failed }
    try await Self.mend(scenario, active: active, in: lab)
    let detection = lab.options.detection.bound
    return GatewayLoss(
      scenario: scenario, unavailability: gap.duration, lost: gap.lost,
      movedAnswers: log.answers.count { $0.region == 2 }, tookOver: tookOver.map { $0 - failed },
      bound: detection,
      stolen: stolen, resolution: log.resolution)
  }

  /// - Returns: the moment just before.
  package static func fail(_ scenario: Scenario, active: Int, in lab: Lab) async throws -> Instant {
    switch scenario {
    case .gateway: return try await lab.killGateway(1, gateway: active)
    case .link: return try await lab.cutGatewayLink(1, gateway: active)
    case .processes: return try await lab.killGatewayProcesses(1, gateway: active)
    case .standby: return try await lab.killGateway(1, gateway: 3 - active)
    case .agent: return try await lab.killAgent(1, gateway: active)
    case .both:
      // The standby first, so that nobody takes over.
      let moment = try await lab.killGateway(1, gateway: 3 - active)
      try await lab.killGateway(1, gateway: active)
      return moment
    case .alone: return try await lab.goDark(1)
    }
  }

  package static func mend(_ scenario: Scenario, active: Int, in lab: Lab) async throws {
    switch scenario {
    case .gateway, .processes: try await lab.reviveGateway(1, gateway: active)
    case .link: try await lab.restoreGatewayLink(1, gateway: active)
    case .standby: try await lab.reviveGateway(1, gateway: 3 - active)
    case .agent: try await lab.startAgent(1, gateway: active)
    case .both: for number in [1, 2] { try await lab.reviveGateway(1, gateway: number) }
    case .alone: try await lab.goLight(1)
    }
  }
}

/// The two gateways of region 1, as the controller's API tells of them.
package enum LabGateways {
  package static func region(in lab: Lab) async throws -> RegionResource {
    let name = LabLayout.regionName(1).text
    return try await LabAPI.get("/v1/regions/\(name)", as: RegionResource.self, from: lab)
  }

  /// The number of the gateway to which switches send and whose agent counts; nil: that is not settled.
  package static func active(in lab: Lab) async throws -> Int? {
    guard let region = try? await Self.region(in: lab),
      let counting = region.agent.instances?.first(where: { $0.counts && $0.role == "active" && $0.state == .heard }),
      region.paths.allSatisfy({ $0.mac == counting.mac })
    else { return nil }
    return lab.layout.gateways.first { LabLayout.instanceName($0).text == counting.name }
  }

  /// Waits until one gateway is active, another one waits, and nothing is amiss.
  ///
  /// - Returns: the number of the active one.
  package static func waitUntilPaired(in lab: Lab) async throws -> Int {
    var active: Int?
    try await lab.waitUntil("two gateways", timeout: .seconds(30)) {
      active = try await Self.active(in: lab)
      guard active != nil, let region = try? await Self.region(in: lab) else { return false }
      return region.agent.standing == .complete && region.health == .healthy
    }
    return active ?? 1
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import APIModel
package import LabKit
package import ServiceModel

/// What becomes of the service when one of two switches goes.
package struct SwitchLoss: Sendable {
  package enum Scenario: String, Sendable, CaseIterable {
    /// The process of the active switch is killed: its links stay up, its connection to the controller ends.
    case killed
    /// It hangs: links and connection stay, and nothing is forwarded any more.
    case hung
    /// It is killed and comes back at once, with empty tables.
    case rebooted
    /// Its link to the clients goes down.
    case uplink
    /// Controller and active switch do not hear each other any more. It forwards all the same.
    case control
    /// The standby is killed.
    case standby
  }

  package let scenario: Scenario
  /// From the last answer before to the first one after; where nothing was lost, the time between two requests.
  package let unavailability: Duration
  package let lost: Int
  /// From the loss until the controller decided; nil: it moved nothing.
  package let decided: Duration?
  /// The longest that detection may take.
  package let bound: Duration
  package let stolen: Double
  /// The longest time between the beginnings of two requests.
  package let resolution: Duration

  /// What reprogramming, announcing and the network may take.
  package static let grace = Duration.milliseconds(20)

  package var isDisturbed: Bool { self.stolen > 0.02 || self.resolution > .milliseconds(15) }

  package var isKept: Bool {
    switch self.scenario {
    case .killed, .hung: self.decided != nil && self.unavailability <= self.bound + Self.grace
    case .rebooted: self.unavailability <= self.bound + Self.grace
    // Nothing is waited for but the word that the other one is closed.
    case .uplink: self.decided != nil && self.unavailability <= self.bound
    case .control, .standby: self.decided == nil && self.lost == 0
    }
  }

  package static func options(placement: Placement? = nil, policy: Policy = .primaryReplica) -> LabOptions {
    var options = FailoverScenario.quick()
    options.switches = 2
    // A switch that hangs and goes on forwards what had piled up, from which the other one learns wrong ways.
    options.hasKnownRouter = true
    options.placement = placement
    options.service.policy = policy
    return options
  }

  /// Runs a scenario in one lab until `runs` runs were not disturbed, or three times as often.
  package static func measure(
    _ scenario: Scenario, runs: Int, each: (SwitchLoss) -> Void = { _ in }
  ) async throws -> [SwitchLoss] {
    try await Lab.with(Self.options()) { lab in
      var results: [SwitchLoss] = []
      while results.count(where: { !$0.isDisturbed }) < runs, results.count < 3 * runs {
        let run = try await Self.run(scenario, in: lab)
        each(run)
        results.append(run)
      }
      return results
    }
  }

  package static func run(_ scenario: Scenario, in lab: Lab) async throws -> SwitchLoss {
    try await lab.waitUntilServing(by: 1, timeout: .seconds(30))
    let active = try await LabSwitches.waitUntilPaired(in: lab)
    let standby = 3 - active
    let prober = try await lab.startProber()
    try await prober.waitForAnswers(100, after: MonotonicClock.now())
    let clock = WallClockOffset()
    let stolenTime = StolenTime()
    let failed: Instant
    switch scenario {
    case .killed: failed = try await lab.killSwitch(active)
    case .hung: failed = try await lab.signalSwitch(active, .stop)
    case .rebooted:
      failed = try await lab.killSwitch(active)
      try await lab.startSwitch(active)
    case .uplink: failed = try await lab.cutSegment("client", ofSwitch: active)
    case .control: failed = try await lab.cutControl(ofSwitch: active)
    case .standby: failed = try await lab.killSwitch(standby)
    }
    let moves = scenario != .control && scenario != .standby
    if moves {
      try await lab.waitUntil("a takeover", timeout: .seconds(20)) {
        try await LabSwitches.active(in: lab) == standby
      }
    } else if scenario == .control {
      try await lab.waitUntil("a doubt", timeout: .seconds(20)) {
        try await LabSwitches.read(from: lab).contains { $0.group?.doubt != nil }
      }
    }
    try await prober.waitForAnswers(200, after: MonotonicClock.now())
    let stolen = stolenTime.share()
    let log = try await prober.stop()
    guard let gap = log.unavailability(around: failed) else { throw ExperimentError.noAnswers(scenario.rawValue) }
    let events = try await LabEvents.read(from: lab)
    let decided = events.filter { $0.kind == "switch-activated" }.compactMap(clock.instant(of:)).first { $0 > failed }
    switch scenario {
    case .killed: try await lab.startSwitch(active)
    case .hung: _ = try await lab.signalSwitch(active, .continue)
    case .rebooted: break
    case .uplink: try await lab.restoreSegment("client", ofSwitch: active)
    case .control: try await lab.restoreControl(ofSwitch: active)
    case .standby: try await lab.startSwitch(standby)
    }
    return SwitchLoss(
      scenario: scenario, unavailability: gap.duration, lost: gap.lost, decided: decided.map { $0 - failed },
      bound: lab.options.detection.bound, stolen: stolen, resolution: log.resolution)
  }
}

/// Two switches of a lab, as the controller's API tells of them.
package enum LabSwitches {
  package static func read(from lab: Lab) async throws -> [SwitchResource] {
    try await LabAPI.get("/v1/switches", as: SwitchListResource.self, from: lab).switches
  }

  /// The number of the switch that forwards; nil: that is not known.
  package static func active(in lab: Lab) async throws -> Int? {
    let name = try await Self.read(from: lab).first { $0.group?.role == .active }?.name
    return lab.layout.switches.first { LabLayout.switchName($0).text == name }
  }

  /// Waits until one switch forwards and the other one could take over at once.
  ///
  /// - Returns: the number of the one that forwards; 1 if both do.
  package static func waitUntilPaired(in lab: Lab) async throws -> Int {
    try await lab.waitUntil("two switches", timeout: .seconds(30)) {
      // A controller that has just begun does not answer yet.
      guard let switches = try? await Self.read(from: lab) else { return false }
      let roles = switches.compactMap { $0.group?.role.rawValue }.sorted()
      guard roles == ["active", "standby"] || roles == ["sharing", "sharing"],
        switches.allSatisfy({ $0.health == .healthy && $0.state == .programmed })
      else { return false }
      // It probes its own paths; what it does not reach it could not serve.
      let paths = try await LabAPI.get("/v1/regions", as: RegionListResource.self, from: lab).regions.flatMap(\.paths)
      return paths.count == 2 * lab.layout.regionCount && paths.allSatisfy { $0.state == .well }
    }
    return try await Self.active(in: lab) ?? 1
  }
}

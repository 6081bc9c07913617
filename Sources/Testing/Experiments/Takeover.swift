// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import APIModel
package import LabKit
import ServiceModel

/// What becomes of three controllers of which the leader goes, alone or at the same moment as a region.
package struct Takeover: Sendable {
  package enum Scenario: String, Sendable, CaseIterable {
    /// The leader is killed.
    case killed
    /// It is asked to stop, as for an upgrade.
    case stopped
    /// It is killed at the moment in which region 1 goes dark: probes end, its port stays up.
    case killedWithRegion = "killed-with-region"
    /// It is killed at the moment in which the link to region 1 goes down.
    case killedWithLink = "killed-with-link"
  }

  package let scenario: Scenario
  /// From the leader's end to the moment at which another one leads.
  package let tookOver: Duration
  /// From the last answer before to the first one after.
  package let unavailability: Duration
  package let lost: Int
  /// The new leader had to change something in the switch; nil: it had reason to, because a region was lost.
  package let isRewritten: Bool?
  package let stolen: Double

  /// How long the leader's lease lasts.
  package static let lease = Duration.seconds(2)
  /// What etcd and the election may take beyond the lease.
  package static let grace = Duration.milliseconds(700)

  package var isKept: Bool {
    switch self.scenario {
    case .killed: self.tookOver <= Self.lease + Self.grace && self.lost == 0 && self.isRewritten == false
    case .stopped: self.tookOver <= Self.grace && self.lost == 0 && self.isRewritten == false
    case .killedWithRegion: self.unavailability <= Self.lease + Self.grace + .milliseconds(200)
    case .killedWithLink: self.unavailability <= .milliseconds(20)
    }
  }

  package static func measure(
    _ scenario: Scenario, runs: Int, each: (Takeover) -> Void = { _ in }
  ) async throws {
    var options = FailoverScenario.quick()
    options.controllers = 3
    try await Lab.with(options) { lab in
      for _ in 0..<runs { each(try await Self.run(scenario, in: lab)) }
    }
  }

  private static func run(_ scenario: Scenario, in lab: Lab) async throws -> Takeover {
    try await lab.waitUntilServing(by: 1, timeout: .seconds(30))
    let first = try await LabControllers.waitForLeader(in: lab)
    let prober = try await lab.startProber()
    try await prober.waitForAnswers(200, after: MonotonicClock.now())
    let clock = WallClockOffset()
    let stolenTime = StolenTime()
    let ended: Instant
    switch scenario {
    case .killed: ended = try await lab.killController(first)
    case .stopped: ended = try await lab.killController(first, .terminate)
    case .killedWithRegion:
      _ = try await lab.goDark(1)
      ended = try await lab.killController(first)
    case .killedWithLink:
      ended = try await lab.killController(first)
      _ = try await lab.cutLink(1)
    }
    let next = try await LabControllers.waitForLeader(in: lab, otherThan: first)
    let serving = scenario == .killed || scenario == .stopped ? 1 : 2
    try await prober.waitForAnswers(200, of: serving, after: MonotonicClock.now())
    let events = try await LabEvents.read(from: lab, controller: next)
    let log = try await prober.stop()
    guard let gap = log.unavailability(around: ended),
      let leads = events.last(where: { $0.kind == "leads" }).flatMap(clock.instant(of:))
    else { throw ExperimentError.noAnswers(scenario.rawValue) }
    let programmed = events.last { $0.kind == "switch-programmed" }
    let takeover = Takeover(
      scenario: scenario, tookOver: leads - ended, unavailability: gap.duration, lost: gap.lost,
      isRewritten: serving == 1 ? programmed?.message.contains("nothing to change") != true : nil,
      stolen: stolenTime.share())
    if scenario == .killedWithRegion { try await lab.goLight(1) }
    if scenario == .killedWithLink { try await lab.restoreLink(1) }
    try await lab.startController(first)
    try await lab.waitUntil("a follower") {
      try await LabControllers.read(first, in: lab)?.role == .follower
    }
    return takeover
  }
}

/// Who leads in a lab with several controllers.
package enum LabControllers {
  /// What a controller says of itself; nil: it does not answer.
  package static func read(_ number: Int, in lab: Lab) async throws -> ControllerResource? {
    try? await LabAPI.get("/v1/controller", as: ControllerResource.self, from: lab, controller: number)
  }

  /// - Returns: the number of the controller that leads and has the switch's ear.
  package static func waitForLeader(in lab: Lab, otherThan former: Int? = nil) async throws -> Int {
    var leader = 0
    try await lab.waitUntil("a controller that leads", timeout: .seconds(20)) {
      for number in lab.layout.controllers where number != former {
        guard try await Self.read(number, in: lab)?.role == .leader,
          let status = try? await LabAPI.get("/v1/status", as: StatusResource.self, from: lab, controller: number),
          status.switches.allSatisfy({ $0.health == .healthy })
        else { continue }
        leader = number
        return true
      }
      return false
    }
    return leader
  }
}

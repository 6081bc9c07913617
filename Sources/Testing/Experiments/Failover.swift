// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import LabKit
import ServiceModel

/// What one run of a scenario showed.
package struct Failover: Sendable {
  package let scenario: FailoverScenario
  /// T_un, from the last good answer before to the first one after.
  package let unavailability: Duration
  package let requests: Int
  package let lost: Int
  /// From the controller's decision to the first packet of the other region: T_nrp + T_nd. It arrives on a connection
  /// that is tried every 1.5 ms. Nil where the switch needed no controller.
  package let reaction: Duration?
  /// From the failure to the controller's decision: detection.
  package let noticed: Duration?
  /// Flows cached in the switch just before the failure.
  package let cachedFlows: Int
  /// The share of the processors that the hypervisor took from this machine meanwhile.
  package let stolen: Double

  /// The longest time between the beginnings of two requests: finer than this nothing was measured.
  package let resolution: Duration

  /// The machine was not there for some of the time that is measured: more than 2 % of it, which is 8 ms of 400 on each
  /// processor; or the prober was held up itself.
  package var isDisturbed: Bool { self.stolen > 0.02 || self.resolution > .milliseconds(15) }

  package var isKept: Bool { self.unavailability <= self.scenario.promise }

  /// Runs a scenario in one lab until `runs` runs were not disturbed, or three times as often.
  ///
  /// - Parameter each: called after each run.
  package static func measure(
    _ scenario: FailoverScenario, runs: Int, each: (Failover) -> Void = { _ in }
  ) async throws -> [Failover] {
    try await Lab.with(scenario.options) { lab in
      var results: [Failover] = []
      while results.count(where: { !$0.isDisturbed }) < runs, results.count < 3 * runs {
        let failover = try await Self.run(scenario, in: lab)
        each(failover)
        results.append(failover)
        try await scenario.mend(lab)
      }
      return results
    }
  }

  static func run(
    _ scenario: FailoverScenario, in lab: Lab, _ probing: ProbeOptions = ProbeOptions()
  ) async throws -> Failover {
    try await lab.waitUntilServing(by: 1, timeout: .seconds(30))
    // A client port that an earlier run had used may still lead to region 2.
    _ = try await lab.appctl("dpctl/flush-conntrack")
    let prober = try await lab.startProber(probing)
    try await prober.waitForAnswers(100, after: MonotonicClock.now())
    let cachedFlows = try await CachedFlows.read(from: lab).count
    let clock = WallClockOffset()
    let stolenTime = StolenTime()
    let failed = try await scenario.fail(lab)
    try await prober.waitForAnswers(50, of: 2, after: failed)
    let stolen = stolenTime.share()
    let log = try await prober.stop()
    guard let gap = log.unavailability(around: failed) else {
      throw ExperimentError.noAnswers(scenario.name)
    }
    let decision = scenario.bound == .zero ? nil : try await Self.decision(in: lab, after: failed, clock)
    return Failover(
      scenario: scenario, unavailability: gap.duration, requests: log.records.count, lost: gap.lost,
      reaction: decision.flatMap { decision in log.firstPacket(of: 2, after: decision).map { $0 - decision } },
      noticed: decision.map { $0 - failed }, cachedFlows: cachedFlows, stolen: stolen, resolution: log.resolution)
  }

  /// When the controller decided that the service moves from r1 to r2.
  private static func decision(in lab: Lab, after failed: Instant, _ clock: WallClockOffset) async throws -> Instant? {
    let events = try? await LabEvents.read(from: lab)
    return events?.filter { $0.kind == "steered" && $0.attributes["to"] == "r2" }.compactMap(clock.instant(of:))
      .last { $0 > failed }
  }
}

package enum ExperimentError: Error, CustomStringConvertible {
  case noAnswers(String)
  case badAnswer(String)

  package var description: String {
    switch self {
    case .noAnswers(let name): "\(name): the service was not answered before or after the failure"
    case .badAnswer(let what): "an answer that was not expected: \(what)"
    }
  }
}

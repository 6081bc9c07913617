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
  /// Flows cached in the switch just before the failure.
  package let cachedFlows: Int

  package var isKept: Bool { self.unavailability <= self.scenario.promise }

  /// Runs a scenario several times in one lab.
  ///
  /// - Parameter each: called after each run.
  package static func measure(
    _ scenario: FailoverScenario, runs: Int, each: (Failover) -> Void = { _ in }
  ) async throws -> [Failover] {
    try await Lab.with(scenario.options) { lab in
      var results: [Failover] = []
      for _ in 0..<runs {
        let failover = try await Self.run(scenario, in: lab)
        each(failover)
        results.append(failover)
        try await scenario.mend(lab)
      }
      return results
    }
  }

  static func run(_ scenario: FailoverScenario, in lab: Lab) async throws -> Failover {
    try await lab.waitUntilServing(by: 1, timeout: .seconds(30))
    let prober = try await lab.startProber()
    try await lab.waitUntil("steady answers") { try prober.log().answers.count > 100 }
    let cachedFlows = try await lab.appctl("dpctl/dump-flows").split(separator: "\n").count
    let clock = WallClockOffset()
    let failed = try await scenario.fail(lab)
    try await lab.waitUntil("answers of r2", timeout: .seconds(30)) {
      let answers = try prober.log().answers
      return answers.filter { $0.region == 2 && $0.end > failed }.count > 50
    }
    let log = try await prober.stop()
    guard let gap = log.unavailability(around: failed) else {
      throw ExperimentError.noAnswers(scenario.name)
    }
    let decision = scenario.bound == .zero ? nil : try await Self.decision(in: lab, after: failed, clock)
    return Failover(
      scenario: scenario, unavailability: gap.duration, requests: log.records.count, lost: gap.lost,
      reaction: decision.flatMap { decision in log.firstPacket(of: 2, after: decision).map { $0 - decision } },
      cachedFlows: cachedFlows)
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
    case .badAnswer(let what): "the controller's API answered something unexpected: \(what)"
    }
  }
}

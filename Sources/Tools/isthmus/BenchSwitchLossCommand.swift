// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import Experiments
import ServiceModel

extension SwitchLoss.Scenario: ExpressibleByArgument {}

/// `isthmus bench switch-loss`
struct BenchSwitchLossCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "switch-loss", abstract: "Measure how soon the other one of two switches forwards, and what survives.",
    discussion: """
      Two Open vSwitches with processes of their own between the same segments, two regions; T_h = 100 ms, n = 3. T_UN is \
      from the last answer of the service before to the first one after, DECIDED from the loss to the controller's \
      decision. A switch that dies costs T_h·n + T_nrp + T_nd at most; one that loses its uplink, or only its \
      controller, costs no detection.

      With --survivors: how many established TCP connections survive in each placement: if the client sends first \
      afterwards; if the region does, within 5 s; and if the region does, once any client has said something.
      """)

  @Option(help: "What happens; may be given several times. Default: all.")
  var scenario: [SwitchLoss.Scenario] = []

  @Option(help: "Runs of each.")
  var runs = 5

  @Flag(help: "Count connections that survive instead.")
  var survivors = false

  @Option(help: "With --survivors: only this placement; may be given several times.")
  var placement: [Placement] = []

  func validate() throws {
    guard (1...1000).contains(self.runs) else { throw ValidationError("--runs \(self.runs): accepted are 1 to 1000") }
  }

  func run() async throws {
    try await reportingLabErrors {
      if self.survivors { return try await self.countSurvivors() }
      var table = Table(
        "SCENARIO", .init("RUNS", .right), .init("BOUND", .right), .init("T_UN MIN", .right), .init("MEDIAN", .right),
        .init("MAX", .right), .init("DECIDED MEDIAN", .right), .init("LOST", .right), "PROMISE",
        .init("DISTURBED", .right))
      var isKept = true
      for scenario in self.scenario.isEmpty ? SwitchLoss.Scenario.allCases : self.scenario {
        let all = try await SwitchLoss.measure(scenario, runs: self.runs)
        let runs = all.filter { !$0.isDisturbed }
        let times = runs.map(\.unavailability).sorted()
        let decided = runs.compactMap(\.decided).sorted()
        let kept = runs.count(where: \.isKept)
        isKept = isKept && kept == runs.count && !runs.isEmpty
        table.add(
          .init(scenario.rawValue), .count(runs.count), .init(all.first.map { milliseconds($0.bound) } ?? ""),
          .init(times.first.map(milliseconds) ?? ""),
          .init(times.isEmpty ? "" : milliseconds(times[times.count / 2])), .init(times.last.map(milliseconds) ?? ""),
          .init(decided.isEmpty ? "–" : milliseconds(decided[decided.count / 2])),
          .count(runs.map(\.lost).max() ?? 0),
          kept == runs.count && !runs.isEmpty ? .init("kept", .good) : .init("broken", .bad),
          .count(all.count - runs.count))
      }
      print(table.text(terminalPalette()))
      if !isKept { throw ExitCode.failure }
    }
  }

  private func countSurvivors() async throws {
    var table = Table(
      "MODE", "PLACEMENT", "ROUTER", .init("CONNECTIONS", .right), .init("CLIENT FIRST", .right),
      .init("REGION FIRST", .right), .init("AFTER A CLIENT", .right))
    func count(_ placement: Placement, _ mode: SwitchGroup.Mode, isKnown: Bool) async throws {
      let result = try await SwitchSurvivors.measure(placement, mode: mode, hasKnownRouter: isKnown)
      table.add(
        .init(mode.rawValue), .init(placement.rawValue), .init(isKnown ? "named" : "–"), .count(result.connections),
        .count(result.clientFirst), .count(result.regionFirst), .count(result.regionFirstLater))
    }
    for placement in self.placement.isEmpty ? Placement.allCases : self.placement {
      try await count(placement, .activeStandby, isKnown: false)
      try await count(placement, .activeStandby, isKnown: true)
      if placement == .hash || placement == .redirect { try await count(placement, .activeActive, isKnown: false) }
    }
    print(table.text(terminalPalette()))
  }
}

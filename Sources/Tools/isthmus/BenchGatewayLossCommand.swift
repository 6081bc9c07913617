// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import Experiments

extension GatewayLoss.Scenario: ExpressibleByArgument {}

/// `isthmus bench gateway-loss`
struct BenchGatewayLossCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gateway-loss",
    abstract: "Measure what a gateway's death costs, with a second gateway in its region and without.",
    discussion: """
      Two regions, T_h = 100 ms, n = 3; in region 1 two gateways with keepalived (an advertisement each 50 ms) and \
      conntrackd, but for 'alone'. T_UN is from the last answer of the service before to the first one after, TOOK OVER from \
      the loss until the controller saw who is active now, MOVED how many requests the other region has answered.

      BOUND is T_h·n, which a region without a second gateway takes at most but for T_nrp + T_nd. With one it is VRRP's \
      3·T_a + T_a·156/256 = 180 ms and what telling, asking and reprogramming take; promised is no more than BOUND, and \
      that nothing moves.
      """)

  @Option(help: "What happens; may be given several times. Default: all.")
  var scenario: [GatewayLoss.Scenario] = []

  @Option(help: "Runs of each.")
  var runs = 5

  func validate() throws {
    guard (1...1000).contains(self.runs) else { throw ValidationError("--runs \(self.runs): accepted are 1 to 1000") }
  }

  func run() async throws {
    try await reportingLabErrors {
      var table = Table(
        "SCENARIO", .init("RUNS", .right), .init("BOUND", .right), .init("T_UN MIN", .right), .init("MEDIAN", .right),
        .init("MAX", .right), .init("TOOK OVER MEDIAN", .right), .init("LOST", .right), .init("MOVED", .right),
        "PROMISE", .init("DISTURBED", .right))
      var isKept = true
      for scenario in self.scenario.isEmpty ? GatewayLoss.Scenario.allCases : self.scenario {
        let all = try await GatewayLoss.measure(scenario, runs: self.runs)
        let runs = all.filter { !$0.isDisturbed }
        let times = runs.map(\.unavailability).sorted()
        let tookOver = runs.compactMap(\.tookOver).sorted()
        let kept = runs.count(where: \.isKept)
        isKept = isKept && kept == runs.count && !runs.isEmpty
        table.add(
          .init(scenario.rawValue), .count(runs.count), .init(all.first.map { milliseconds($0.bound) } ?? ""),
          .init(times.first.map(milliseconds) ?? ""),
          .init(times.isEmpty ? "" : milliseconds(times[times.count / 2])), .init(times.last.map(milliseconds) ?? ""),
          .init(tookOver.isEmpty ? "–" : milliseconds(tookOver[tookOver.count / 2])),
          .count(runs.map(\.lost).max() ?? 0), .count(runs.map(\.movedAnswers).max() ?? 0),
          kept == runs.count && !runs.isEmpty ? .init("kept", .good) : .init("broken", .bad),
          .count(all.count - runs.count))
      }
      print(table.text(terminalPalette()))
      if !isKept { throw ExitCode.failure }
    }
  }
}

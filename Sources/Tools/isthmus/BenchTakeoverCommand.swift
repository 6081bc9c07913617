// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import Experiments

extension Takeover.Scenario: ExpressibleByArgument {}

/// `isthmus bench takeover`
struct BenchTakeoverCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "takeover", abstract: "Measure how soon another controller leads when the leader goes.",
    discussion: """
      Three controllers with etcd, one switch, two regions; T_h = 100 ms, n = 3, a lease of 2 s. TAKEN OVER is from the \
      leader's end until another one leads, T_UN from the last answer of the service before to the first one after. \
      A new leader must find nothing to rewrite.
      """)

  @Option(help: "What happens; may be given several times. Default: all.")
  var scenario: [Takeover.Scenario] = []

  @Option(help: "Runs of each.")
  var runs = 5

  func validate() throws {
    guard (1...1000).contains(self.runs) else { throw ValidationError("--runs \(self.runs): accepted are 1 to 1000") }
  }

  func run() async throws {
    try await reportingLabErrors {
      var table = Table(
        "SCENARIO", .init("TAKEN OVER", .right), .init("T_UN", .right), .init("LOST", .right),
        .init("REWRITTEN", .right), .init("STOLEN", .right), "PROMISE")
      var isKept = true
      for scenario in self.scenario.isEmpty ? Takeover.Scenario.allCases : self.scenario {
        try await Takeover.measure(scenario, runs: self.runs) { run in
          isKept = isKept && run.isKept
          table.add(
            .init(scenario.rawValue), .init(milliseconds(run.tookOver)), .init(milliseconds(run.unavailability)),
            .count(run.lost), .init(run.isRewritten.map { $0 ? "yes" : "no" } ?? "–"), .init(percent(run.stolen)),
            run.isKept ? .init("kept", .good) : .init("broken", .bad))
        }
      }
      print(table.text(terminalPalette()))
      if !isKept { throw ExitCode.failure }
    }
  }
}

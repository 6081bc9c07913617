// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import Experiments
import Foundation

/// `isthmus bench redirection`
struct BenchRedirectionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "redirection",
    abstract: "Measure how soon traffic follows a decision, beside a bare write of the same message.",
    discussion: """
      A member dies. Once the controller decides and programs the switch; once the same GROUP_MOD is written to the \
      same switch by nobody but a socket. The times are to the first packet of the other region.
      """)

  @Option(help: "Runs of each.")
  var runs = 10

  @Option(
    help: ArgumentHelp(
      "How many flows the switch has cached, each of a client of its own, all of which move; may be given several times. Without it those of one client.",
      valueName: "count"))
  var flows: [Int] = []

  func validate() throws {
    guard (1...1000).contains(self.runs) else { throw ValidationError("--runs \(self.runs): accepted are 1 to 1000") }
    for count in self.flows where !(50...150_000).contains(count) {
      throw ValidationError("--flows \(count): accepted are 50 to 150000")
    }
  }

  func run() async throws {
    try await reportingLabErrors {
      var table = Table(
        .init("CACHED FLOWS", .right), "FROM … TO THE FIRST PACKET OF THE OTHER REGION", .init("P50", .right),
        .init("P99", .right), .init("RATIO OF P50", .right), .init("STOLEN", .right))
      for flows in self.flows.isEmpty ? [nil] : self.flows.map(Optional.some) {
        let redirection = try await Redirection.measure(runs: self.runs, flows: flows)
        let cached = "\(redirection.cachedFlows.first ?? 0)…\(redirection.cachedFlows.last ?? 0)"
        let ratio = redirection.ratio.map { String(format: "%.2f", $0) } ?? "–"
        for (name, times, ratio) in [
          ("the controller's decision", redirection.decided, ratio),
          ("a bare write of the same GROUP_MODs", redirection.written, ""),
        ] {
          table.add(
            .init(cached), .init(name), .init(percentile(0.5, of: times)), .init(percentile(0.99, of: times)),
            .init(ratio), .init(percent(redirection.stolen)))
        }
      }
      print(table.text(terminalPalette()))
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import Experiments

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

  func validate() throws {
    guard (1...1000).contains(self.runs) else { throw ValidationError("--runs \(self.runs): accepted are 1 to 1000") }
  }

  func run() async throws {
    try await reportingLabErrors {
      let redirection = try await Redirection.measure(runs: self.runs)
      var table = Table("FROM … TO THE FIRST PACKET OF THE OTHER REGION", .init("P50", .right), .init("P99", .right))
      for (name, times) in [
        ("the controller's decision", redirection.decided), ("a bare write of the same GROUP_MOD", redirection.written),
      ] {
        table.add(.init(name), .init(percentile(0.5, of: times)), .init(percentile(0.99, of: times)))
      }
      print(table.text(terminalPalette()))
    }
  }
}

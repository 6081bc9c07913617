// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import Experiments
import Foundation

/// `isthmus bench connections`
struct BenchConnectionsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "connections", abstract: "Measure new connections a second through the virtual IP.",
    discussion: """
      wrk opens a connection for every request, 32 at a time, from 4 addresses that change with every burst. Beside it \
      the same through plain forwarding: to the gateway's own address, through the same switch, gateway, NAT and server.
      """)

  @OptionGroup var rounds: BenchRounds

  func run() async throws {
    try await reportingLabErrors {
      let result = try await ConnectionRate.measure(rounds: self.rounds.rounds, seconds: self.rounds.seconds)
      var table = Table(BenchRounds.columns("NEW CONNECTIONS A SECOND"))
      table.add(BenchRounds.cells("one request each", result.rates) { "\(Int($0.rounded()))" })
      print(table.text(terminalPalette()))
      print(
        "\(result.connections) connections, \(result.errors) failed; \(percent(result.stolen)) of the processors stolen"
      )
      if result.errors > 0 { throw ExitCode.failure }
    }
  }
}

/// How often and how long two ways are measured in turn, and how the result is shown.
struct BenchRounds: ParsableArguments {
  @Option(help: "How often each is measured; medians count.")
  var rounds = 7

  @Option(help: "Seconds of each measurement.")
  var seconds = 4

  func validate() throws {
    guard (1...100).contains(self.rounds) else {
      throw ValidationError("--rounds \(self.rounds): accepted are 1 to 100")
    }
    guard (1...600).contains(self.seconds) else {
      throw ValidationError("--seconds \(self.seconds): accepted are 1 to 600")
    }
  }

  static func columns(_ name: String) -> [Table.Column] {
    [
      .init(name), .init("VIRTUAL IP", .right), .init("MIN…MAX", .right), .init("PLAIN", .right),
      .init("MIN…MAX", .right), .init("RATIO", .right),
    ]
  }

  static func cells(_ name: String, _ values: Comparison, _ text: (Double) -> String) -> [Table.Cell] {
    func range(_ values: [Double]) -> String { "\(text(values.min() ?? 0))…\(text(values.max() ?? 0))" }
    let medians = values.medians
    return [
      .init(name), .init(text(medians.virtual)), .init(range(values.virtual)), .init(text(medians.plain)),
      .init(range(values.plain)), .init(String(format: "%.2f", values.ratio)),
    ]
  }
}

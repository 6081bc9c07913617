// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import ServiceModel
import SouthboundLoad

/// `isthmus bench codec`
struct BenchCodecCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "codec", abstract: "Measure what encoding and decoding a FLOW_MOD takes.",
    discussion: """
      Six fields matched, three set, one output, one goto. 'scripts/codec-costs' counts the instructions and \
      allocations of one, with valgrind.
      """)

  @Option(help: "Messages a round.")
  var iterations = 200_000

  @Option(help: "Rounds.")
  var rounds = 15

  @Option(help: "Only this.")
  var only: CodecTrial?

  func validate() throws {
    guard self.iterations > 0, self.rounds > 0 else { throw ValidationError("at least one iteration and one round") }
  }

  func run() throws {
    var table = Table("FLOW_MOD", .init("MIN", .right), .init("MEDIAN", .right))
    for trial in CodecTrial.allCases where self.only == nil || self.only == trial {
      let times = try (0..<self.rounds).map { _ in try trial.run(self.iterations) }.sorted()
      table.add(
        .init(trial.rawValue), .init("\(times[0].nanoseconds) ns"), .init("\(times[self.rounds / 2].nanoseconds) ns"))
    }
    print(table.text(terminalPalette()))
  }
}

extension CodecTrial: ExpressibleByArgument {}

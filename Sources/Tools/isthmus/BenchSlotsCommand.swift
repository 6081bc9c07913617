// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import Experiments
import LabKit

/// `isthmus bench slots`
struct BenchSlotsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slots",
    abstract: "Measure what moves where the switch keeps no connections, and what plain OpenFlow does there.",
    discussion: """
      Four regions of equal weight, placement hash. UDP flows of many ports are asked in which region they are, before and \
      after r1 dies, and before and after weights become 60:40:50:50. STRAYED are flows that moved though their region \
      lived: 0 is promised. HEIRS are the others' shares of r1's flows, OFF is the largest distance from a third, in \
      points: 3 at most. MOVED are flows that the new weights moved: 5.5 % at most, and nobody can do it with less than \
      5 %. Then the same flows in the same switch with a select group of one weighted bucket for each region, of which \
      one is removed, or the weights are changed. UNANSWERED are flows that nobody answered.
      """)

  @Option(help: "How many flows, at least.")
  var flows = 16_384

  func validate() throws {
    guard (1_000...100_000).contains(self.flows) else {
      throw ValidationError("--flows \(self.flows): accepted are 1000 to 100000")
    }
  }

  func run() async throws {
    try await reportingLabErrors {
      let trial = try await SlotTrial.measure(flows: self.flows) { note($0) }
      var table = Table(
        "DIVIDED BY", .init("FLOWS", .right), .init("UNANSWERED", .right), .init("STRAYED", .right), "HEIRS OF R1",
        .init("OFF", .right), .init("MOVED", .right), "PROMISE")
      func add(_ name: String, _ outcome: SlotTrial.Outcome, _ promise: Table.Cell) {
        let strayed = Double(outcome.strayed) / Double(max(outcome.flows, 1))
        table.add(
          .init(name), .init("\(outcome.flows)"), .init("\(outcome.lost)"),
          .init(outcome.strayed == 0 ? "0" : percent(strayed)),
          .init(shares(outcome.heirs)), .init(hundredths(outcome.deviation)), .init(percent(outcome.moved)), promise)
      }
      let isKept = trial.slots.isKept
      add("slots, as compiled", trial.compiled, .init(""))
      add("slots, as measured", trial.slots, isKept ? .init("kept", .good) : .init("broken", .bad))
      add("a bucket a region", trial.buckets, .init(""))
      print(table.text(terminalPalette()))
      if !isKept { throw ExitCode.failure }
    }
  }
}

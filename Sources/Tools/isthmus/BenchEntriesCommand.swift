// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import Experiments
import Foundation

/// `isthmus bench entries`
struct BenchEntriesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "entries", abstract: "Measure static entries over REST: how many a second, and how soon they work.",
    discussion: """
      A ENTRY is answered when the switch has confirmed it and the disk has it. One connection is kept: once each \
      request waits for the answer to the one before, once so many are on their way. 10,000 in one request are \
      compared with 'ovs-ofctl --bundle add-flows' of the same flows, its start included. T_NRP is from the first byte of \
      the request to the first reply by two entries, there and back, with 10,000 packets a second on their way and \
      dropped before; both in one write, or the second when the first is answered.
      """)

  @Option(help: "Entries, one request each.")
  var entries = 10_000

  @Option(help: "Requests that are on their way at once.")
  var window = 128

  @Option(help: "How often ten thousand are sent at once; the median counts.")
  var rounds = 5

  @Option(help: "Runs of T_nrp.")
  var runs = 50

  func validate() throws {
    for (name, value, limit) in [
      ("entries", self.entries, 20_000), ("window", self.window, 256), ("rounds", self.rounds, 100),
      ("runs", self.runs, 1000),
    ] where !(1...limit).contains(value) {
      throw ValidationError("--\(name) \(value): accepted are 1 to \(limit)")
    }
  }

  func run() async throws {
    try await reportingLabErrors {
      let found = try await Entries.measure(
        entries: self.entries, window: self.window, rounds: self.rounds, runs: self.runs
      ) { note($0) }
      var table = Table(.init("STATIC ENTRIES"), .init("", .right))
      func number(_ value: Double, _ unit: String = "ms") -> String { String(format: "%.2f \(unit)", value) }
      func rate(_ rate: EntryTrial.Rate) -> String {
        String(format: "%.0f/s, p50 %.2f, p99 %.2f ms", Double(self.entries) / rate.seconds, rate.p50, rate.p99)
      }
      func reaction(_ reaction: EntryTrial.Reaction) -> String {
        let worked = reaction.worked.sorted()
        let answered = reaction.answered.sorted()
        return "\(number(worked[worked.count / 2])), p90 \(number(worked[worked.count * 9 / 10])); answered "
          + number(answered[answered.count / 2])
      }
      let rows: [(String, String)] = [
        ("one request each, each waits", rate(found.waiting)),
        ("one request each, \(self.window) on their way", rate(found.pipelined)),
        ("10,000 in one request, median", percentile(0.5, of: found.bulk.sorted())),
        ("by ovs-ofctl --bundle, median", percentile(0.5, of: found.byTool.sorted())),
        ("ratio, median of the rounds", String(format: "%.2f", found.ratio)),
        ("T_nrp, two posted together, median", reaction(found.together)),
        ("T_nrp, one after the other, median", reaction(found.apart)),
        ("not as it should be", "\(found.waiting.failed + found.pipelined.failed)"),
        ("processors stolen", percent(found.stolen)),
      ]
      for (name, value) in rows { table.add(.init(name), .init(value)) }
      print(table.text(terminalPalette()))
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import Experiments
import Foundation

/// `isthmus bench throughput`
struct BenchThroughputCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "throughput", abstract: "Measure TCP throughput and round trips through the virtual IP.",
    discussion: """
      iperf3 measures streams, sockperf the median round trip of 64 bytes on a connection that stays open. Beside each \
      the same through plain forwarding: to the gateway's own address, through the same switch, gateway, NAT and server.
      """)

  @Option(help: "TCP streams at once; may be given several times. Default: 1 and 4.")
  var streams: [Int] = []

  @OptionGroup var rounds: BenchRounds

  func validate() throws {
    guard self.streams.allSatisfy({ (1...128).contains($0) }) else {
      throw ValidationError("--streams: accepted are 1 to 128")
    }
  }

  func run() async throws {
    try await reportingLabErrors {
      let result = try await Throughput.measure(
        streams: self.streams.isEmpty ? [1, 4] : self.streams, rounds: self.rounds.rounds,
        seconds: self.rounds.seconds)
      var table = Table(BenchRounds.columns("MEASURED"))
      for (count, rates) in result.streams {
        table.add(
          BenchRounds.cells("\(count) TCP stream\(count == 1 ? "" : "s"), Gbit/s", rates) {
            String(format: "%.2f", $0 / 1e9)
          })
      }
      table.add(BenchRounds.cells("round trip, µs", result.roundTrips) { String(format: "%.0f", $0) })
      print(table.text(terminalPalette()))
      let added = String(format: "%+.0f", result.addedLatency)
      print("round trip \(added) µs; \(percent(result.stolen)) of the processors stolen")
    }
  }
}

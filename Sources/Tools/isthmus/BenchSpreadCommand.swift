// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import Experiments
import LabKit

/// `isthmus bench spread`
struct BenchSpreadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spread",
    abstract: "Measure how evenly new connections are divided over regions of equal weight.",
    discussion: """
      wrk opens a connection for every request; the switch's counters say where they went. OFF is the largest distance \
      from an even share, in points: of the slots as they are compiled, and of the connections as they came.
      """)

  @Option(name: .customLong("regions"), help: "How many regions; may be given several times. Default: 2 and 3.")
  var regions: [Int] = []

  @Option(help: "At least that many connections are opened.")
  var connections = 100_000

  func validate() throws {
    guard self.regions.allSatisfy({ (2...LabLayout.maximumRegions).contains($0) }) else {
      throw ValidationError("--regions: accepted are 2 to \(LabLayout.maximumRegions)")
    }
    guard (1...10_000_000).contains(self.connections) else {
      throw ValidationError("--connections \(self.connections): accepted are 1 to 10,000,000")
    }
  }

  func run() async throws {
    try await reportingLabErrors {
      var table = Table(
        .init("REGIONS", .right), .init("CONNECTIONS", .right), .init("PER SECOND", .right), .init("LOST", .right),
        "SLOTS", .init("OFF", .right), "CONNECTIONS", .init("OFF", .right))
      for regions in self.regions.isEmpty ? [2, 3] : self.regions {
        let spread = try await Spread.measure(regions: regions, connections: self.connections)
        table.add(
          .init("\(regions)"), .init("\(spread.connections)"), .init("\(spread.perSecond)"), .init("\(spread.lost)"),
          .init(shares(spread.compiled)), .init(hundredths(Spread.deviation(spread.compiled))),
          .init(shares(spread.sample)), .init(hundredths(Spread.deviation(spread.sample))))
      }
      print(table.text(terminalPalette()))
    }
  }
}

/// `50.00 50.00`
func shares(_ shares: [Double]) -> String { shares.map { hundredths($0 * 100) }.joined(separator: " ") }

func hundredths(_ value: Double) -> String {
  let whole = Int((value * 100).rounded())
  return "\(whole / 100).\(whole % 100 < 10 ? "0" : "")\(whole % 100)"
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import Experiments
import LabKit
import ServiceModel

/// `isthmus bench spread`
struct BenchSpreadCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spread",
    abstract: "Measure how evenly new connections are divided over regions of equal weight.",
    discussion: """
      wrk opens a connection for every request; the switch's counters say where they went. OFF is the largest distance \
      from an even share, in points: of the slots as they are compiled, and of the connections as they came. In the \
      placement reactive curl opens one connection after the other, and the answers say where it was: there the division \
      must be exact, C/N of C connections for each of N regions, give or take one, and none lost.
      """)

  @Option(name: .customLong("regions"), help: "How many regions; may be given several times. Default: 2 and 3.")
  var regions: [Int] = []

  @Option(help: "Where the switch places connections: conntrack, hash or reactive.")
  var placement = Placement.conntrack

  @Option(help: "At least that many connections are opened. Default: 100,000, and 6,000 in reactive.")
  var connections: Int?

  func validate() throws {
    guard self.regions.allSatisfy({ (2...LabLayout.maximumRegions).contains($0) }) else {
      throw ValidationError("--regions: accepted are 2 to \(LabLayout.maximumRegions)")
    }
    guard self.connections.map((1...10_000_000).contains) ?? true else {
      throw ValidationError("--connections \(self.connections ?? 0): accepted are 1 to 10,000,000")
    }
    guard self.placement != .redirect else {
      throw ValidationError("--placement redirect: accepted are conntrack, hash and reactive")
    }
  }

  func run() async throws {
    let isReactive = self.placement == .reactive
    try await reportingLabErrors {
      var table = Table(
        .init("REGIONS", .right), .init("CONNECTIONS", .right), .init("PER SECOND", .right), .init("LOST", .right),
        "SLOTS", .init("OFF", .right), "CONNECTIONS", .init("OFF", .right), "EXACT")
      var isKept = true
      for regions in self.regions.isEmpty ? [2, 3] : self.regions {
        let spread = try await Spread.measure(
          regions: regions, connections: self.connections ?? (isReactive ? 6_000 : 100_000),
          placement: self.placement)
        isKept = isKept && (!isReactive || spread.isExact)
        table.add(
          .init("\(regions)"), .init("\(spread.connections)"), .init("\(spread.perSecond)"), .init("\(spread.lost)"),
          .init(isReactive ? "–" : shares(spread.compiled)),
          .init(isReactive ? "–" : hundredths(Spread.deviation(spread.compiled))),
          .init(shares(spread.sample)), .init(hundredths(Spread.deviation(spread.sample))),
          isReactive ? spread.isExact ? .init("yes", .good) : .init("no", .bad) : .init("–"))
      }
      print(table.text(terminalPalette()))
      if !isKept { throw ExitCode.failure }
    }
  }
}

/// `50.00 50.00`
func shares(_ shares: [Double]) -> String { shares.map { hundredths($0 * 100) }.joined(separator: " ") }

func hundredths(_ value: Double) -> String {
  let whole = Int((value * 100).rounded())
  return "\(whole / 100).\(whole % 100 < 10 ? "0" : "")\(whole % 100)"
}

extension Placement: ExpressibleByArgument {}

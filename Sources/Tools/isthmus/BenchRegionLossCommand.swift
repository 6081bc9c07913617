// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import Experiments
import Foundation

/// `isthmus bench region-loss`
struct BenchRegionLossCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "region-loss", abstract: "Measure what becomes of the open connections of a region that dies.",
    discussion: """
      Connections that stay open send about once a second, as in 'bench moves', when their region goes dark. Times are \
      from that moment: until the switch was told to forget the region's connections, until each client got its reset, \
      until new connections were served, and for a UDP flow that sends every 5 ms from one port.
      """)

  @Option(help: "Connections that stay open.")
  var connections = 2_000

  @Option(help: "New connections a second.")
  var rate = 500

  @Option(help: "Runs.")
  var runs = 3

  func validate() throws {
    guard (8...20_000).contains(self.connections) else {
      throw ValidationError("--connections \(self.connections): accepted are 8 to 20000")
    }
    guard (1...2_000).contains(self.rate) else {
      throw ValidationError("--rate \(self.rate): accepted are 1 to 2000")
    }
    guard (1...100).contains(self.runs) else { throw ValidationError("--runs \(self.runs): accepted are 1 to 100") }
  }

  func run() async throws {
    try await reportingLabErrors {
      var table = Table(
        .init("OPEN", .right), .init("RESET", .right), .init("VANISHED", .right), .init("HANGING", .right),
        .init("FLUSH", .right), .init("RESETS P50", .right), .init("P99", .right), .init("LAST", .right),
        .init("T_UN TCP", .right), .init("FAILED LATER", .right), .init("T_UN UDP", .right), .init("STOLEN", .right),
        "PROMISE")
      var isKept = true
      for _ in 0..<self.runs {
        let dead = try await DeadConnections.measure(.init(connections: self.connections, rate: self.rate))
        isKept = isKept && dead.isKept
        table.add(
          .init("\(dead.connections)"), .init("\(dead.resets.count)"), .count(dead.vanished), .count(dead.hanging),
          .init(milliseconds(dead.flushed)), .init(percentile(0.5, of: dead.resets)),
          .init(percentile(0.99, of: dead.resets)), .init(percentile(1, of: dead.resets)),
          .init(milliseconds(dead.unavailability)), .count(dead.failedLater),
          .init(dead.datagramUnavailability.map(milliseconds) ?? "–"), .init(percent(dead.stolen)),
          dead.isKept ? .init("kept", .good) : .init("broken", .bad))
      }
      print(table.text(terminalPalette()))
      if !isKept { throw ExitCode.failure }
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import Experiments
import LabKit
import ServiceModel

/// `isthmus bench moves`
struct BenchMovesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "moves",
    abstract: "Count the connections that a chosen move of traffic breaks: none, or as many as are announced.",
    discussion: """
      Connections that stay open exchange something about once a second (wrk, of 8 clients); new ones are opened all the \
      time from 4 other addresses. Meanwhile a region is drained, or undrained, or weights are changed, or a service \
      falls back, or the controller is killed and started again, each in a lab of its own. BROKEN are open connections \
      that were gone at the end, SILENT those that got no byte for 2.5 s, RESETS what the client's kernel counts, ERRORS \
      requests on open connections that failed or took longer than 5 s. FAILED are new connections without an answer \
      within 5 s. The promise is 0 of each. LATE are new connections answered after more than 0.9 s, as one whose first \
      packet was lost: where the machine is too busy there are some without any move, too.

      With --placement hash the switch keeps no connections: those in slots that move break, are reset and opened anew. \
      ANNOUNCED is how many that is by the event 'connections-break'. The promise is then that as many are BROKEN, but for \
      chance (three standard deviations), none is SILENT, and only such new connections have FAILED as were under way.
      """)

  @Option(help: "Connections that stay open.")
  var connections = 2_000

  @Option(help: "New connections a second.")
  var rate = 500

  @Option(help: "Where the switch places connections: conntrack, reactive or hash.")
  var placement = Placement.conntrack

  @Option(help: "Only this move; may be given several times: \(Move.all.map(\.name).joined(separator: ", ")).")
  var move: [String] = []

  func validate() throws {
    guard (8...20_000).contains(self.connections) else {
      throw ValidationError("--connections \(self.connections): accepted are 8 to 20000")
    }
    guard (1...2_000).contains(self.rate) else {
      throw ValidationError("--rate \(self.rate): accepted are 1 to 2000")
    }
    guard self.placement != .redirect else {
      throw ValidationError("--placement redirect: accepted are conntrack, reactive and hash")
    }
    let names = Move.all.map(\.name)
    for name in self.move where !names.contains(name) {
      throw ValidationError("--move \(name): accepted are \(names.joined(separator: ", "))")
    }
  }

  func run() async throws {
    try await reportingLabErrors {
      var table = Table(
        "MOVE", .init("OPEN", .right), .init("ANNOUNCED", .right), .init("BROKEN", .right), .init("SILENT", .right),
        .init("RESETS", .right),
        .init("REQUESTS", .right), .init("ERRORS", .right), .init("NEW", .right), .init("FAILED", .right),
        .init("LATE", .right),
        .init("SEEN AFTER", .right), .init("STOLEN", .right), "PROMISE")
      var isKept = true
      for move in Move.all where self.move.isEmpty || self.move.contains(move.name) {
        let result = try await move.measure(
          HeldLoad.Amount(connections: self.connections, rate: self.rate), placement: self.placement)
        let (outcome, announced) = (result.outcome, result.announced)
        isKept = isKept && result.isKept
        table.add(
          .init(move.title), .init("\(outcome.connections)"),
          .init(announced.moved == 0 ? "0" : "\(announced.expected(of: outcome.connections))"), .count(result.broken),
          .count(outcome.silent),
          .count(outcome.resets), .init("\(outcome.requests.requests)"), .count(outcome.requests.errors),
          .init("\(outcome.new.records.count)"), .count(outcome.new.lost.count),
          .init("\(outcome.late)"),
          .init(milliseconds(result.duration)), .init(percent(outcome.stolen)),
          result.isKept ? .init("kept", .good) : .init("broken", .bad))
        if announced.moved > 0 {
          let count = announced.connections.map { ", \($0) connections by the agents" } ?? ""
          note("\(move.name): announced \(announced.moved) of \(announced.slots) slots\(count)")
        }
        for complaint in outcome.requests.complaints { note("\(move.name): wrk: \(complaint)") }
        for lost in outcome.new.lost.prefix(5) {
          let moment = milliseconds(lost.start - outcome.new.records[0].start)
          note("\(move.name): new connection \(moment) after the first: \(lost.outcome.rawValue)")
        }
      }
      print(table.text(terminalPalette()))
      if !isKept { throw ExitCode.failure }
    }
  }
}

extension Table.Cell {
  /// Of things that should not be.
  static func count(_ number: Int) -> Table.Cell { .init("\(number)", number == 0 ? .plain : .bad) }
}

/// `1.5 %`
func percent(_ share: Double) -> String {
  let tenths = Int((share * 1_000).rounded())
  return "\(tenths / 10).\(tenths % 10) %"
}

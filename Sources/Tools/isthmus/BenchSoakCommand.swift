// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import Experiments
import ServiceModel

/// `isthmus bench soak`
struct BenchSoakCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "soak", abstract: "Let fault follow fault for a long time, under load, and see that each is overcome.",
    discussion: """
      Three regions, three controllers with etcd, one switch; T_h = 100 ms, n = 3, a lease of 2 s; 250 new connections a \
      second, so that a T_UN may be up to 8 ms less. The faults are drawn from the seed. LOST BEYOND are requests that were lost when the fault should have been \
      overcome. A third controller and a third agent are never ended: their memory must not grow.
      """)

  @Option(help: "How long, in minutes, 1 to 10000.")
  var minutes = 60

  @Option(help: "Of what goes wrong when.")
  var seed: UInt64 = 1

  func validate() throws {
    guard (1...10_000).contains(self.minutes) else {
      throw ValidationError("--minutes \(self.minutes): accepted are 1 to 10000")
    }
  }

  func run() async throws {
    try await reportingLabErrors {
      var rounds: [Soak.Round] = []
      let memory = try await Soak(seed: self.seed, duration: .seconds(60 * self.minutes)).run { round in
        rounds.append(round)
        note(Self.line(round, number: rounds.count))
      }
      print(Self.table(of: rounds).text(terminalPalette()))
      print()
      print(Self.table(of: memory).text(terminalPalette()))
      let broken = rounds.filter { !$0.isKept }
      let isFlat = memory.allSatisfy(\.isFlat)
      print(
        "\(rounds.count) faults, \(rounds.reduce(0) { $0 + $1.requests }) requests, "
          + "\(rounds.reduce(0) { $0 + $1.lost }) lost, \(rounds.reduce(0) { $0 + $1.lostBeyond }) of them beyond the bounds; "
          + "\(broken.count) promises broken (\(broken.count(where: \.isDisturbed)) while the machine was disturbed); "
          + "memory \(isFlat ? "flat" : "grows")")
      if !broken.isEmpty || !isFlat { throw ExitCode.failure }
    }
  }

  private static func line(_ round: Soak.Round, number: Int) -> String {
    let gap = round.unavailability.map(milliseconds) ?? "nothing lost"
    let verdict = round.isKept ? "kept" : round.isDisturbed ? "broken (disturbed)" : "broken"
    let place = round.region.map { " r\($0)" } ?? ""
    return "\(number) \(round.fault.rawValue)\(place): \(gap) of \(milliseconds(round.bound)), "
      + "\(round.lost) lost, \(round.lostBeyond) beyond\(round.beyond.isEmpty ? "" : " (\(round.beyond))"): \(verdict)"
  }

  private static func table(of rounds: [Soak.Round]) -> Table {
    var table = Table(
      "FAULT", .init("ROUNDS", .right), .init("T_UN MEDIAN", .right), .init("T_UN MOST", .right),
      .init("BOUND", .right),
      .init("LOST", .right), .init("LOST BEYOND", .right), "PROMISE")
    for fault in SoakFault.allCases {
      let rounds = rounds.filter { $0.fault == fault }
      guard !rounds.isEmpty else { continue }
      let gaps = rounds.compactMap(\.unavailability).sorted()
      let broken = rounds.count { !$0.isKept }
      table.add(
        .init(fault.rawValue), .count(rounds.count), .init(gaps.isEmpty ? "–" : milliseconds(gaps[gaps.count / 2])),
        .init(gaps.last.map(milliseconds) ?? "–"), .init(milliseconds(rounds.map(\.bound).max() ?? .zero)),
        .count(rounds.reduce(0) { $0 + $1.lost }), .count(rounds.reduce(0) { $0 + $1.lostBeyond }),
        broken == 0 ? .init("kept", .good) : .init("\(broken) broken", .bad))
    }
    return table
  }

  private static func table(of memory: [SoakMemory.Sample]) -> Table {
    var table = Table("PROCESS", .init("AGE", .right), .init("RSS AT FIRST", .right), .init("RSS AT LAST", .right), "")
    for sample in memory {
      table.add(
        .init(sample.process), .init("\(sample.age.nanoseconds / 60_000_000_000) min"),
        .init("\(sample.first >> 10) KiB"), .init("\(sample.last >> 10) KiB"),
        sample.isFlat ? .init("flat", .good) : .init("grows", .bad))
    }
    return table
  }
}

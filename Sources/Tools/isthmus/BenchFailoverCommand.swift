// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import Experiments
import LabKit
import ServiceModel

/// `isthmus bench failover`
struct BenchFailoverCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "failover", abstract: "Measure the time of unavailability in every scenario.",
    discussion: """
      T_un is from the last answer before to the first one after, seen by a prober that opens a new connection \
      every 1.5 ms. The bound is what detection may take; 20 ms come on top for reprogramming and the network. \
      T_nrp + T_nd is from the controller's decision to the first packet of the other region; its 99th percentile \
      says something with --runs 100 and more. A run in which the hypervisor took more than 2 % of the processors, \
      or in which the prober was held up for more than 15 ms, is disturbed: it is shown, not counted, and made again, up to three times as many runs as were asked for.
      """)

  @Option(help: "Runs of each scenario.")
  var runs = 10

  @Option(
    help: "Only this scenario; may be given several times: \(FailoverScenario.all.map(\.name).joined(separator: ", "))."
  )
  var scenario: [String] = []

  func validate() throws {
    guard (1...1000).contains(self.runs) else { throw ValidationError("--runs \(self.runs): accepted are 1 to 1000") }
    for name in self.scenario where !FailoverScenario.all.contains(where: { $0.name == name }) {
      let names = FailoverScenario.all.map(\.name).joined(separator: ", ")
      throw ValidationError("--scenario \(name): accepted are \(names)")
    }
  }

  func run() async throws {
    try await reportingLabErrors {
      var isKept = try await self.measureFailover()
      if self.scenario.isEmpty {
        isKept = try await self.measureMessages() && isKept
        isKept = try await self.measureRestarts() && isKept
      }
      if !isKept { throw ExitCode.failure }
    }
  }

  private func measureFailover() async throws -> Bool {
    var table = Table(
      "SCENARIO", .init("RUNS", .right), .init("BOUND", .right), .init("T_UN MIN", .right), .init("MEDIAN", .right),
      .init("MAX", .right), .init("T_NRP+T_ND P50", .right), .init("P99", .right), .init("CACHED FLOWS", .right),
      "PROMISE", .init("DISTURBED", .right))
    var isKept = true
    for scenario in FailoverScenario.all where self.scenario.isEmpty || self.scenario.contains(scenario.name) {
      let all = try await Failover.measure(scenario, runs: self.runs) { note($0.line) }
      let runs = all.filter { !$0.isDisturbed }
      let times = runs.map(\.unavailability).sorted()
      let reactions = runs.compactMap(\.reaction).sorted()
      let kept = runs.count(where: \.isKept)
      isKept = isKept && kept == runs.count && !runs.isEmpty
      let verdict: Table.Cell =
        runs.isEmpty
        ? .init("not measured", .bad)
        : kept == runs.count ? .init("kept", .good) : .init("broken in \(runs.count - kept)", .bad)
      table.add(
        .init(scenario.title), .init("\(runs.count)"), .init(milliseconds(scenario.bound)),
        .init(percentile(0, of: times)), .init(percentile(0.5, of: times)), .init(percentile(1, of: times)),
        .init(percentile(0.5, of: reactions)), .init(percentile(0.99, of: reactions)),
        .init("\(runs.map(\.cachedFlows).max() ?? 0)"), verdict, .init("\(all.count - runs.count)"))
    }
    print(table.text(terminalPalette()))
    return isKept
  }

  private func measureMessages() async throws -> Bool {
    var table = Table(
      .init("SERVICES", .right), .init("GROUP_MOD", .right), .init("FLOW_MOD", .right), .init("T_UN", .right), "PROMISE"
    )
    var isKept = true
    for services in [1, 1000] {
      let loss = try await RegionLoss.measure(services: services)
      let kept = loss.groupMods == 1 && loss.flowMods == 0
      isKept = isKept && kept
      table.add(
        .init("\(services)"), .init("\(loss.groupMods)"), .init("\(loss.flowMods)"),
        .init(milliseconds(loss.unavailability)), kept ? .init("kept", .good) : .init("broken", .bad))
    }
    print("Messages to lose a region:\n" + table.text(terminalPalette()))
    return isKept
  }

  private func measureRestarts() async throws -> Bool {
    let endurance = try await Endurance.measure(rounds: 3)
    print(
      """
      Controller and agent killed and restarted 3 times under load: \(endurance.requests) requests, \
      \(endurance.lost) lost, \(endurance.moves) moves, \(endurance.programMessages) FLOW_MODs and GROUP_MODs.
      """)
    return endurance.isKept
  }
}

extension Failover {
  /// For who watches.
  fileprivate var line: String {
    var words = ["\(self.scenario.name): \(milliseconds(self.unavailability))"]
    if let noticed = self.noticed { words.append("noticed after \(milliseconds(noticed))") }
    if let reaction = self.reaction { words.append("first packet \(milliseconds(reaction)) later") }
    if self.isDisturbed {
      words.append(
        "disturbed: \(Int(self.stolen * 100)) % of the processors stolen, "
          + "the prober was held up for \(milliseconds(self.resolution))")
    }
    return words.joined(separator: ", ")
  }
}

/// Nearest rank; `–` if there is nothing.
func percentile(_ share: Double, of sorted: [Duration]) -> String {
  guard !sorted.isEmpty else { return "–" }
  let rank = Int((share * Double(sorted.count)).rounded(.up))
  return milliseconds(sorted[max(rank, 1) - 1])
}

/// `312.4 ms`
func milliseconds(_ duration: Duration) -> String {
  let tenths = (duration.nanoseconds + 50_000) / 100_000
  return "\(tenths / 10).\(tenths % 10) ms"
}

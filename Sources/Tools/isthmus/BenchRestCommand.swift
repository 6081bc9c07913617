// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import Experiments

/// `isthmus bench rest`
struct BenchRestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rest", abstract: "Measure what controllers and agents cost while nothing happens.",
    discussion: """
      Heartbeats to every controller and every other region, path probes, a check of one member a second. CPU is user and \
      system time of a process, in percent of one core; the promise is 3 % for an agent and 10 % for a controller.
      """)

  @Option(help: "Regions, 1 to 16.")
  var regions = 16

  @Option(help: "Controllers, 1 to 5.")
  var controllers = 3

  @Option(help: "T_h, in milliseconds, 10 to 10000.")
  var interval = 20

  @Flag(help: "Without path probes: heartbeats alone count, and agents tell each other with every one.")
  var noProbes = false

  @Option(help: "How long is measured, in seconds.")
  var seconds = 30

  func validate() throws {
    for (name, value, accepted) in [
      ("regions", self.regions, 1...16), ("controllers", self.controllers, 1...5),
      ("interval", self.interval, 10...10_000), ("seconds", self.seconds, 1...86_400),
    ] where !accepted.contains(value) {
      throw ValidationError("--\(name) \(value): accepted are \(accepted.lowerBound) to \(accepted.upperBound)")
    }
  }

  func run() async throws {
    try await reportingLabErrors {
      let rest = try await Rest.measure(
        regions: self.regions, controllers: self.controllers, interval: .milliseconds(self.interval),
        isProbing: !self.noProbes, duration: .seconds(self.seconds))
      var table = Table("PROCESS", .init("CPU", .right), .init("RSS", .right))
      for cost in rest.costs.sorted(by: { $0.share > $1.share }) {
        table.add(.init(cost.process), .init(percent(cost.share)), .init("\(cost.residentBytes >> 20) MiB"))
      }
      print(table.text(terminalPalette()))
      let agents = rest.agents.map(\.share).sorted()
      let median = agents.isEmpty ? 0 : agents[agents.count / 2]
      print(
        "agents: median \(percent(median)), most \(percent(agents.last ?? 0)); controllers: most "
          + "\(percent(rest.controllers.map(\.share).max() ?? 0)); taken out: \(rest.losses); stolen \(percent(rest.stolen))"
      )
      print(rest.isKept ? "kept" : "broken")
      if !rest.isKept { throw ExitCode.failure }
    }
  }
}

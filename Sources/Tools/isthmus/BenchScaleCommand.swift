// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import Experiments
import Foundation
import LabKit

/// `isthmus bench scale`
struct BenchScaleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scale", abstract: "Measure what many services cost: programming a switch, losing a region, memory.",
    discussion: """
      Beside the controller 'ovs-ofctl --bundle' loads the same groups and flows into the same empty switch, its start \
      included. The controller's time is from its first message until the switch has confirmed the last. READ BACK is \
      from the connection of a switch that holds everything until the controller has found nothing to change. Then a \
      region dies: that takes one GROUP_MOD and no FLOW_MOD.
      """)

  @Option(help: "How many services.")
  var services = 10_000

  @Option(help: "How many regions.")
  var regions = 3

  @Option(help: "How often each is measured; the median counts.")
  var rounds = 3

  func validate() throws {
    guard (1...LabService.maximumExtraServices).contains(self.services) else {
      throw ValidationError("--services \(self.services): accepted are 1 to \(LabService.maximumExtraServices)")
    }
    guard (2...LabLayout.maximumRegions).contains(self.regions) else {
      throw ValidationError("--regions \(self.regions): accepted are 2 to \(LabLayout.maximumRegions)")
    }
    guard (1...100).contains(self.rounds) else {
      throw ValidationError("--rounds \(self.rounds): accepted are 1 to 100")
    }
  }

  func run() async throws {
    try await reportingLabErrors {
      let scale = try await Scale.measure(services: self.services, regions: self.regions, rounds: self.rounds) {
        note($0)
      }
      var table = Table(.init("\(scale.services) SERVICES, \(scale.regions) REGIONS"), .init("", .right))
      let isOneMessage = scale.loss.groupMods == 1 && scale.loss.flowMods == 0
      let rows: [(String, Table.Cell)] = [
        ("groups, flows", .init("\(scale.groups), \(scale.flows)")),
        ("programmed by the controller, median", .init(percentile(0.5, of: scale.programmed.sorted()))),
        ("by ovs-ofctl --bundle, median", .init(percentile(0.5, of: scale.byTool.sorted()))),
        ("ratio, median of the rounds", .init(String(format: "%.2f", scale.ratio))),
        ("read back, nothing to change, median", .init(percentile(0.5, of: scale.readBack.sorted()))),
        (
          "a region dies: GROUP_MODs, FLOW_MODs",
          .init("\(scale.loss.groupMods), \(scale.loss.flowMods)", isOneMessage ? .good : .bad)
        ),
        ("T_un", .init(milliseconds(scale.unavailability))),
        (
          "controller's memory, the most it had",
          .init("\(scale.residentBytes >> 20) MiB, \(scale.peakBytes >> 20) MiB")
        ),
        ("an agent's memory", .init("\(scale.agentBytes >> 20) MiB")),
        ("processors stolen", .init(percent(scale.stolen))),
      ]
      for (name, value) in rows { table.add(.init(name), value) }
      print(table.text(terminalPalette()))
      if !isOneMessage { throw ExitCode.failure }
    }
  }
}

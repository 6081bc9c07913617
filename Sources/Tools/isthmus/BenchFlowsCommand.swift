// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import Foundation
import LabKit
import ServiceModel
import SouthboundLoad

/// `isthmus bench flows`
struct BenchFlowsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flows", abstract: "Measure how fast flows get into a real Open vSwitch.",
    discussion: """
      Beside it 'ovs-ofctl --bundle add-flows' does the same with the same switch, its start included. Both end when \
      the switch has said that it has done everything; then its flows are counted.
      """)

  @Option(help: "How many flows.")
  var flows = 10_000

  @Option(help: "How often each is measured; the median counts.")
  var rounds = 5

  func validate() throws {
    guard (1...1_000_000).contains(self.flows) else {
      throw ValidationError("--flows \(self.flows): accepted are 1 to 1000000")
    }
    guard (1...100).contains(self.rounds) else {
      throw ValidationError("--rounds \(self.rounds): accepted are 1 to 100")
    }
  }

  func run() async throws {
    try await reportingLabErrors {
      var options = LabOptions()
      options.name = "isthmus-bench"
      options.processes = .none
      try await Lab.with(options) { lab in
        let mods = FlowInstallation.flows(self.flows)
        let file = "\(lab.directory.path)/flows.txt"
        try Data(FlowInstallation.text(self.flows).utf8).write(to: URL(filePath: file))
        var ours: [Duration] = []
        var theirs: [Duration] = []
        for _ in 0..<self.rounds {
          let socket = "\(lab.directory.openVSwitch)/\(LabLayout.bridge).mgmt"
          ours.append(try await FlowInstallation.measure(mods, socket: socket))
          try await self.countAndRemove(lab)
          let start = ContinuousClock.now
          _ = try await lab.ofctl("--bundle", "add-flows", LabLayout.bridge, file)
          theirs.append(ContinuousClock.now - start)
          try await self.countAndRemove(lab)
        }
        self.report(ours.sorted()[self.rounds / 2], theirs.sorted()[self.rounds / 2])
      }
    }
  }

  private func countAndRemove(_ lab: Lab) async throws {
    let answer = try await lab.ofctl("dump-aggregate", LabLayout.bridge, "table=200")
    guard answer.contains("flow_count=\(self.flows)") else {
      throw CommandFailure(
        code: "flows-missing", message: "the switch does not have \(self.flows) flows: \(answer)", hint: nil,
        status: .failed)
    }
    _ = try await lab.ofctl("del-flows", LabLayout.bridge, "table=200")
  }

  private func report(_ ours: Duration, _ theirs: Duration) {
    var table = Table("BY", .init("FLOWS/S", .right), .init("TIME", .right), .init("RATIO", .right))
    for (name, time) in [("isthmus", ours), ("ovs-ofctl --bundle", theirs)] {
      table.add(
        .init(name), .init("\(Int(Double(self.flows) / (time / .seconds(1))))"), .init(milliseconds(time)),
        .init(String(format: "%.2f", theirs / time)))
    }
    print(table.text(terminalPalette()))
  }
}

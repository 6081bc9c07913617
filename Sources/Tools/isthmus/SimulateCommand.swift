// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import Simulation

/// `isthmus simulate`
struct SimulateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Run simulated worlds and see that every promise is kept.",
    discussion: """
      A seed makes a whole world: regions, services, switches, delays, and faults. The controller's and the agents' \
      own code decides in it, and checkers look after every event. A world that breaks a promise tells its story.
      """)

  @Option(help: ArgumentHelp("One world.", valueName: "seed"))
  var seed: UInt64?

  @Option(help: ArgumentHelp("So many worlds.", valueName: "count"))
  var seeds = 1_000

  @Option(name: .customLong("from"), help: "The first seed of --seeds.")
  var first: UInt64 = 0

  @Option(help: "Breaks the controller, to see that it is noticed.")
  var sabotage = Sabotage.none

  func validate() throws {
    guard self.seeds > 0, !self.first.addingReportingOverflow(UInt64(self.seeds)).overflow else {
      throw ValidationError("--seeds \(self.seeds): accepted are 1 and more, up to the largest seed")
    }
  }

  func run() async throws {
    let first = self.seed ?? self.first
    let count = self.seed == nil ? UInt64(self.seeds) : 1
    let sabotage = self.sabotage
    var sum = (worlds: 0, events: 0, judged: 0)
    var broken: [Violation] = []
    // The machine's cores share the seeds.
    await withTaskGroup(of: Result<WorldReport, Violation>.self) { group in
      var next = first
      func begin() {
        guard next - first < count else { return }
        let seed = next
        group.addTask { World(seed: seed, sabotage: sabotage).run() }
        next += 1
      }
      for _ in 0..<16 { begin() }
      for await result in group {
        switch result {
        case .success(let report):
          sum.events += report.events
          sum.judged += report.judged
        case .failure(let violation):
          broken.append(violation)
          print(violation)
        }
        sum.worlds += 1
        if sum.worlds.isMultiple(of: 10_000) { note("\(sum.worlds) of \(count) worlds") }
        begin()
      }
    }
    print("\(sum.worlds) worlds, \(sum.events) events, \(sum.judged) packets judged, \(broken.count) promises broken")
    if !broken.isEmpty { throw ExitCode.failure }
  }
}

extension Sabotage: ExpressibleByArgument {}

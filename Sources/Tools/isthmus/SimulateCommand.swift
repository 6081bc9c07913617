// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import ServiceModel
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

  @Option(help: "How large a world is.")
  var size = Scenario.Size.small

  @Option(help: "Breaks the controller, to see that it is noticed.")
  var sabotage = Sabotage.none

  @Option(
    help: ArgumentHelp(
      "So many hours on which one packet in a hundred is lost and all are late by up to 20 ms: nothing may be taken out.",
      valueName: "hours"))
  var calm: Int?

  @Flag(help: "Hold the partition table against worlds: --seeds combinations of cut links of each kind of site.")
  var partitions = false

  func validate() throws {
    if let calm, !(1...8_784).contains(calm) { throw ValidationError("--calm \(calm): accepted are 1 to 8784 hours") }
    guard self.seeds > 0, !self.first.addingReportingOverflow(UInt64(self.seeds)).overflow else {
      throw ValidationError("--seeds \(self.seeds): accepted are 1 and more, up to the largest seed")
    }
  }

  func run() async throws {
    if let calm { return try self.watchCalm(hours: calm) }
    if self.partitions { return try await self.survey() }
    let first = self.seed ?? self.first
    let count = self.seed == nil ? UInt64(self.seeds) : 1
    let (size, sabotage) = (self.size, self.sabotage)
    var sum = (worlds: 0, events: 0, judged: 0)
    var broken: [Violation] = []
    // The machine's cores share the seeds.
    await withTaskGroup(of: Result<WorldReport, Violation>.self) { group in
      var next = first
      func begin() {
        guard next - first < count else { return }
        let seed = next
        group.addTask { World(WorldSeed(seed, size), sabotage: sabotage).run() }
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

extension SimulateCommand {
  private func watchCalm(hours: Int) throws {
    let calm = Calm(.seconds(Int64(hours) * 3600), seed: self.seed ?? 0)
    switch calm.run() {
    case .success(let report):
      print(
        "\(hours) h, T_h \(calm.detection.heartbeatInterval), n \(calm.detection.misses), one packet in \(calm.oneIn) lost, "
          + "up to \(calm.jitter) late: \(report.losses) taken out, \(report.moves) moves (\(report.events) events)")
      if report.losses > 0 { throw ExitCode.failure }
    case .failure(let violation):
      print(violation)
      throw ExitCode.failure
    }
  }

  private func survey() async throws {
    print(PartitionSurvey.table)
    var broken = 0
    for survey in PartitionSurvey.all {
      let cases = survey.cases(atMost: self.seeds)
      var wrong: [String] = []
      await withTaskGroup(of: String?.self) { group in
        var rest = cases[...]
        func begin() {
          if let next = rest.popFirst() { group.addTask { PartitionSurvey.contradiction(of: next) } }
        }
        for _ in 0..<16 { begin() }
        for await contradiction in group {
          if let contradiction { wrong.append(contradiction) }
          begin()
        }
      }
      for line in wrong.sorted().prefix(20) { print(line) }
      broken += wrong.count
      print(
        "\(survey.regions) regions, \(survey.controllers == 1 ? "1 controller" : "\(survey.controllers) controllers"), "
          + "probe \(survey.probe): \(cases.count) of \(survey.count) combinations, \(wrong.count) contradict the table"
      )
    }
    if broken > 0 { throw ExitCode.failure }
  }
}

extension Sabotage: ExpressibleByArgument {}
extension Scenario.Size: ExpressibleByArgument {}

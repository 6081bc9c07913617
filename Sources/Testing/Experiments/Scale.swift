// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Foundation
import LabKit
import ServiceModel
import SouthboundLoad

/// Many services on one switch: how long until all of them are programmed, what the loss of a region takes, what
/// the controller needs of the machine.
package struct Scale: Sendable {
  package let services: Int
  package let regions: Int
  package let flows: Int
  package let groups: Int
  /// From the first message to the switch to its confirmation, into empty tables.
  package let programmed: [Duration]
  /// `ovs-ofctl --bundle`: the same groups and flows, from its start to its end.
  package let byTool: [Duration]
  /// From the connection of a switch that holds everything until the controller has read it and found nothing to change.
  package let readBack: [Duration]
  /// Told to the switch when a region dies.
  package let loss: OpenFlowSnoop.Counts
  package let unavailability: Duration
  /// Of the controller, at the end, and the most that it ever had.
  package let residentBytes: Int
  package let peakBytes: Int
  /// Of an agent, at the end.
  package let agentBytes: Int
  package let stolen: Double

  /// The median of the rounds' ratios.
  package var ratio: Double { Comparison.median(zip(self.programmed, self.byTool).map { $0 / $1 }) }

  /// - Parameter note: told what goes on.
  package static func measure(
    services: Int, regions: Int, rounds: Int, note: (String) -> Void
  ) async throws -> Scale {
    let scenario = FailoverScenario.regionDark
    var options = scenario.options
    options.regions = regions
    options.service.extraServices = services - 1
    return try await Lab.with(options) { lab in
      let stolenTime = StolenTime()
      try await lab.waitUntilServing(by: 1, timeout: .seconds(60))
      try await Self.waitUntilProgrammed(lab, services: services)
      let program = try await Program.read(from: lab)
      note("\(program.groupCount) groups and \(program.flowCount) flows")
      var programmed: [Duration] = []
      var byTool: [Duration] = []
      var readBack: [Duration] = []
      for _ in 0..<rounds {
        try await lab.killController()
        try await Program.clear(lab)
        byTool.append(try await program.load(into: lab))
        note("ovs-ofctl: \(byTool[byTool.count - 1])")

        readBack.append(try await Self.restart(lab).total)
        note("read back: \(readBack[readBack.count - 1])")

        try await lab.killController()
        try await Program.clear(lab)
        let start = try await Self.restart(lab)
        try await Self.waitUntilProgrammed(lab, services: services)
        programmed.append(start.change)
        note("controller: \(start.change), \(start.total) from the switch's connection")
      }
      try await lab.waitUntilServing(by: 1, timeout: .seconds(60))
      let prober = try await lab.startProber()
      try await prober.waitForAnswers(500, after: MonotonicClock.now())
      let snoop = try await OpenFlowSnoop.start(in: lab)
      let failed = try await scenario.fail(lab)
      try await prober.waitForAnswers(500, of: 2, after: failed)
      let counts = try await snoop.stop()
      let log = try await prober.stop()
      guard let gap = log.unavailability(around: failed) else { throw ExperimentError.noAnswers(scenario.name) }
      let controller = await lab.controllerIdentity?.pid ?? 0
      return Scale(
        services: services, regions: regions, flows: program.flowCount, groups: program.groupCount,
        programmed: programmed, byTool: byTool, readBack: readBack, loss: counts, unavailability: gap.duration,
        residentBytes: ProcessUsage(pid: controller)?.residentBytes ?? 0,
        peakBytes: ProcessUsage.peakBytes(pid: controller) ?? 0,
        agentBytes: await lab.agentIdentity(2).flatMap { ProcessUsage(pid: $0.pid) }?.residentBytes ?? 0,
        stolen: stolenTime.share())
    }
  }

  /// Every service has its group, and a region has one, too.
  private static func waitUntilProgrammed(_ lab: Lab, services: Int) async throws {
    try await lab.waitUntil("\(services) services in the switch", timeout: .seconds(120)) {
      try await lab.ofctl("dump-groups", LabLayout.bridge, version: "OpenFlow15").split(separator: "group_id=").count
        > services
    }
  }

  /// Starts the controller and waits until it has confirmed what the switch holds.
  ///
  /// - Returns: how long its first change of the switch took, and how long all took from the switch's connection.
  private static func restart(_ lab: Lab) async throws -> (change: Duration, total: Duration) {
    let clock = WallClockOffset()
    let began = MonotonicClock.now()
    try await lab.startController()
    var found: (change: Duration, total: Duration)?
    try await lab.waitUntil("a programmed switch", timeout: .seconds(120)) {
      guard let events = try? await LabEvents.read(from: lab),
        let event = events.first(where: { $0.kind == "switch-programmed" }),
        let end = clock.instant(of: event), end > began,
        let connected = await Self.connection(of: lab, clock), connected > began
      else { return false }
      found = (Self.took(event.message), end - connected)
      return true
    }
    return found ?? (.zero, .zero)
  }

  /// When the switch reached its controller the last time, by its own log.
  private static func connection(of lab: Lab, _ clock: WallClockOffset) async -> Instant? {
    let log = try? String(contentsOfFile: lab.directory.openVSwitch + "/ovs-vswitchd.log", encoding: .utf8)
    let line = log?.split(separator: "\n").last { $0.contains("rconn") && $0.hasSuffix(": connected") }
    return line.flatMap { clock.instant(of: String($0.prefix { $0 != "|" })) }
  }

  /// `switch edge confirmed 24 changes after 1.8 ms`; zero if there was nothing to change.
  package static func took(_ message: String) -> Duration {
    let words = message.split(separator: " ")
    guard words.count >= 2, let number = Double(words[words.count - 2]) else { return .zero }
    switch words[words.count - 1] {
    case "ms": return .nanoseconds(Int64(number * 1e6))
    case "s": return .nanoseconds(Int64(number * 1e9))
    default: return .zero
    }
  }
}

/// All that a switch holds, as `ovs-ofctl` says it and takes it.
private struct Program: Sendable {
  let groupCount: Int
  let flowCount: Int
  let groupFile: String
  let flowFile: String

  static func read(from lab: Lab) async throws -> Program {
    let groupFile = "\(lab.directory.path)/groups.txt"
    let flowFile = "\(lab.directory.path)/flows.txt"
    return Program(
      groupCount: try await lab.ofctlDump("dump-groups", LabLayout.bridge, linesWith: "group_id=", to: groupFile),
      flowCount: try await lab.ofctlDump(
        "--no-stats", "dump-flows", LabLayout.bridge, linesWith: "actions=", to: flowFile),
      groupFile: groupFile, flowFile: flowFile)
  }

  static func clear(_ lab: Lab) async throws {
    try await lab.ofctl("del-flows", LabLayout.bridge)
    try await lab.ofctl("del-groups", LabLayout.bridge)
  }

  func load(into lab: Lab) async throws -> Duration {
    let began = MonotonicClock.now()
    try await lab.ofctl("--bundle", "add-groups", LabLayout.bridge, self.groupFile, version: "OpenFlow15")
    try await lab.ofctl("--bundle", "add-flows", LabLayout.bridge, self.flowFile, version: "OpenFlow15")
    let took = MonotonicClock.now() - began
    let aggregate = try await lab.ofctl("dump-aggregate", LabLayout.bridge)
    guard aggregate.contains("flow_count=\(self.flowCount)") else { throw ExperimentError.badAnswer(aggregate) }
    return took
  }
}

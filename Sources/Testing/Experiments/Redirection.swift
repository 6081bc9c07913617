// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import LabKit
import OpenFlow
import ServiceModel
import SouthboundLoad

/// T_nrp + T_nd beside the least that it can be: the same GROUP_MODs, written to the same switch by nobody but a socket.
///
/// Both are measured in one lab, in turn, with the same traffic to the same dead member, from the decision, or the write,
/// to the first packet of the other region. Each pair is of another client: a switch renews what it has cached in the
/// order of a hash, in which one client's flow has the same place each time.
package struct Redirection: Sendable {
  /// Flows that the switch had cached before each; in ascending order.
  package private(set) var cachedFlows: [Int] = []
  /// From the controller's decision. In ascending order.
  package private(set) var decided: [Duration] = []
  /// From the write on a socket. In ascending order.
  package private(set) var written: [Duration] = []
  /// The share of the processors that the hypervisor took from this machine meanwhile.
  package private(set) var stolen = 0.0

  /// The medians' ratio; nil if one is missing.
  package var ratio: Double? {
    guard !self.decided.isEmpty, !self.written.isEmpty else { return nil }
    return self.decided[(self.decided.count - 1) / 2] / self.written[(self.written.count - 1) / 2]
  }

  /// - Parameter flows: so many flows are cached, each of a client of its own, and all of them have to move; nil: those
  ///   of one client.
  package static func measure(runs: Int, flows: Int? = nil) async throws -> Redirection {
    let scenario = FailoverScenario.memberStopped
    var options = scenario.options
    if flows != nil {
      options.service.policy = .sourceHash
      options.service.weights = [100, 0]
    }
    return try await Lab.with(options) { lab in
      try await lab.waitUntilServing(by: 1, timeout: .seconds(30))
      if flows != nil { try await CachedFlows.prepare(lab) }
      let clients = try await lab.addClients(runs)
      var redirection = Redirection()
      let stolenTime = StolenTime()
      for number in 0..<runs {
        let probing = ProbeOptions(sources: [clients[number % clients.count].address])
        try await Self.waitUntilSettled(lab, flows)
        let home = try await Self.groups(of: lab)
        redirection.cachedFlows.append(try await CachedFlows.read(from: lab).count)
        let run = try await Failover.run(scenario, in: lab, probing)
        if let reaction = run.reaction { redirection.decided.append(reaction) }
        let moved = try await Self.groups(of: lab)
        try await scenario.mend(lab)

        try await Self.waitUntilSettled(lab, flows)
        try await lab.killController()
        redirection.cachedFlows.append(try await CachedFlows.read(from: lab).count)
        redirection.written.append(
          try await Self.write(Self.change(from: home, to: moved), undo: home, in: lab, probing))
        try await lab.startController()
      }
      redirection.stolen = stolenTime.share()
      redirection.cachedFlows.sort()
      redirection.decided.sort()
      redirection.written.sort()
      return redirection
    }
  }

  /// All members are well, the controller hears every agent, and enough flows are cached.
  private static func waitUntilSettled(_ lab: Lab, _ flows: Int?) async throws {
    try await lab.waitUntilServing(by: 1, timeout: .seconds(30))
    try await lab.waitUntil("regions that are well", timeout: .seconds(30)) {
      guard try await lab.switchIsConnected() else { return false }
      let list = try? await LabAPI.get("/v1/regions", as: RegionListResource.self, from: lab)
      return list?.regions.allSatisfy { $0.health == .healthy } == true
    }
    if let flows { try await CachedFlows.fill(lab, to: flows) }
  }

  private static func groups(of lab: Lab) async throws -> [GroupDescription] {
    try await self.withSocket(lab) { try await $0.groups() }
  }

  private static func withSocket<Result: Sendable>(
    _ lab: Lab, _ body: @Sendable (inout SwitchSocket) async throws -> Result
  ) async throws -> Result {
    try await SwitchSocket.with(
      "\(lab.directory.openVSwitch)/\(LabLayout.bridge).mgmt", version: .v1_5, body)
  }

  /// What the controller has sent to redirect: the groups that it changed.
  private static func change(from before: [GroupDescription], to after: [GroupDescription]) -> [GroupDescription] {
    after.filter { group in before.contains { $0.group == group.group && $0 != group } }
  }

  private static func messages(_ groups: [GroupDescription]) -> [MessageBody] {
    groups.map {
      .groupMod(
        GroupMod(
          command: .modify, kind: $0.kind, group: $0.group, buckets: $0.buckets, properties: $0.properties))
    }
  }

  /// Stops the member of region 1, changes the groups as the controller did, and puts everything back.
  private static func write(
    _ change: [GroupDescription], undo home: [GroupDescription], in lab: Lab, _ probing: ProbeOptions
  ) async throws -> Duration {
    guard !change.isEmpty else { throw ExperimentError.noAnswers("redirection: no group was changed") }
    let prober = try await lab.startProber(probing)
    try await prober.waitForAnswers(100, after: MonotonicClock.now())
    let stopped = try await lab.stopMember(1)
    try await lab.waitUntil("refused requests", timeout: .seconds(10)) {
      try prober.last().map { $0.outcome == .refused && $0.end > stopped } ?? false
    }
    let written = try await self.withSocket(lab) { socket in
      let moment = MonotonicClock.now()
      try await socket.perform(Self.messages(change))
      try await prober.waitForAnswers(1, of: 2, after: moment)
      try await lab.startMember(1)
      try await socket.perform(Self.messages(home.filter { group in change.contains { $0.group == group.group } }))
      return moment
    }
    try await prober.waitForAnswers(10, of: 1, after: written)
    let log = try await prober.stop()
    guard let first = log.firstPacket(of: 2, after: written) else { throw ExperimentError.noAnswers("redirection") }
    return first - written
  }
}

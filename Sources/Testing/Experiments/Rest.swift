// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import LabKit
import ServiceModel
import SouthboundLoad

/// What controllers and agents cost while nothing happens but heartbeats, probes and checks.
package struct Rest: Sendable {
  package struct Cost: Sendable {
    /// `agent r1`, `leader c1`, `follower c2`
    package let process: String
    /// Of one core, 0…1 and more.
    package let share: Double
    package let residentBytes: Int
  }

  package let costs: [Cost]
  /// Services that moved, and regions that were taken out.
  package let losses: Int
  package let stolen: Double

  /// What an agent and a controller may cost, of one core.
  package static let agentShare = 0.03
  package static let controllerShare = 0.10

  package var agents: [Cost] { self.costs.filter { $0.process.hasPrefix("agent") } }
  package var controllers: [Cost] { self.costs.filter { !$0.process.hasPrefix("agent") } }

  package var isKept: Bool {
    self.agents.allSatisfy { $0.share <= Self.agentShare }
      && self.controllers.allSatisfy { $0.share <= Self.controllerShare } && self.losses == 0
  }

  /// - Parameters:
  ///   - interval: T_h
  ///   - isProbing: false: heartbeats alone count, and agents tell each other with every one.
  ///   - duration: of the measurement, which begins when all is up.
  package static func measure(
    regions: Int, controllers: Int, interval: Duration, isProbing: Bool, duration: Duration
  ) async throws -> Rest {
    let options = FailoverScenario.quick {
      $0.regions = regions
      $0.controllers = controllers
      $0.detection.heartbeatInterval = interval
      $0.detection.probe = isProbing ? .icmp : .none
      // Many processes share few cores here: what they cost is measured, not how soon they notice.
      $0.detection.misses = 50
      $0.service.check.interval = .seconds(1)
      $0.service.check.timeout = .milliseconds(500)
    }
    return try await Lab.with(options) { lab in
      try await lab.waitUntilServing(by: 1, timeout: .seconds(60))
      let leader = controllers > 1 ? try await LabControllers.waitForLeader(in: lab) : 1
      // What the start has cost is over.
      try await Task.sleep(for: .seconds(10))
      var pids: [(process: String, pid: Int32)] = []
      for region in 1...regions {
        if let pid = await lab.agentIdentity(region)?.pid { pids.append(("agent r\(region)", pid)) }
      }
      for number in 1...controllers {
        guard let pid = await lab.controllerIdentity(number)?.pid else { continue }
        pids.append((number == leader ? "leader c\(number)" : "follower c\(number)", pid))
      }
      let before = pids.map { ProcessUsage(pid: $0.pid)?.processorTime ?? .zero }
      let events = try await Self.losses(lab, leader)
      let stolenTime = StolenTime()
      let began = MonotonicClock.now()
      try await Task.sleep(for: duration)
      let passed = MonotonicClock.now() - began
      let costs = zip(pids, before).compactMap { entry, before -> Cost? in
        guard let usage = ProcessUsage(pid: entry.pid) else { return nil }
        return Cost(
          process: entry.process, share: (usage.processorTime - before) / passed, residentBytes: usage.residentBytes)
      }
      return Rest(costs: costs, losses: try await Self.losses(lab, leader) - events, stolen: stolenTime.share())
    }
  }

  private static func losses(_ lab: Lab, _ leader: Int) async throws -> Int {
    try await LabEvents.read(from: lab, controller: leader).count {
      $0.kind == "path-lost" || $0.kind == "service-lost"
    }
  }
}

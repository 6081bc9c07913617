// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import LabKit
import ServiceModel

/// What restarts under load cost: nothing, if the promise holds.
package struct Endurance: Sendable {
  package let requests: Int
  package let lost: Int
  package let moves: Int
  package let programMessages: Int

  package var isKept: Bool { self.lost == 0 && self.moves == 0 && self.programMessages == 0 }

  /// Kills and restarts the controller and the primary's agent, each several times, under load.
  package static func measure(rounds: Int) async throws -> Endurance {
    try await Lab.with(FailoverScenario.quick()) { lab in
      try await lab.waitUntilServing(by: 1, timeout: .seconds(30))
      let prober = try await lab.startProber()
      let snoop = try await OpenFlowSnoop.start(in: lab)
      for _ in 0..<rounds {
        try await lab.killController()
        try await Self.serve(300, prober)
        try await lab.startController()
        try await lab.waitUntil("switch connected") { try await lab.switchIsConnected() }
        try await Self.serve(300, prober)
        try await lab.killAgent(1)
        try await Self.serve(600, prober)
        try await lab.startAgent(1)
        try await Self.serve(300, prober)
      }
      let counts = try await snoop.stop()
      let log = try await prober.stop()
      return Endurance(
        requests: log.records.count, lost: log.lost.count, moves: log.reigns.count - 1,
        programMessages: counts.flowMods + counts.groupMods)
    }
  }

  /// Waits until so many more requests were answered.
  private static func serve(_ count: Int, _ prober: ProberHandle) async throws {
    try await prober.waitForAnswers(count, after: MonotonicClock.now())
  }
}

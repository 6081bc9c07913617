// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FlowPipeline
import LabKit
import OpenFlow
import ServiceModel
import SouthboundLoad

/// T_nrp + T_nd beside the least that it can be: the same GROUP_MOD, written to the same switch by nobody but a socket.
///
/// Both are measured in one lab, with the same traffic to the same dead member, from the decision, or the write, to the
/// first packet of the other region.
package struct Redirection: Sendable {
  /// From the controller's decision. In ascending order.
  package let decided: [Duration]
  /// From the write on a socket. In ascending order.
  package let written: [Duration]

  package static func measure(runs: Int) async throws -> Redirection {
    let scenario = FailoverScenario.memberStopped
    return try await Lab.with(scenario.options) { lab in
      var decided: [Duration] = []
      for _ in 0..<runs {
        let run = try await Failover.run(scenario, in: lab)
        if let reaction = run.reaction { decided.append(reaction) }
        try await scenario.mend(lab)
      }
      try await lab.waitUntilServing(by: 1, timeout: .seconds(30))
      try await lab.killController()
      var written: [Duration] = []
      for _ in 0..<runs { written.append(try await self.write(in: lab)) }
      return Redirection(decided: decided.sorted(), written: written.sorted())
    }
  }

  /// Stops the member of region 1, takes the region out of the service's group as the controller would, and puts
  /// everything back.
  private static func write(in lab: Lab) async throws -> Duration {
    let prober = try await lab.startProber()
    try await prober.waitForAnswers(100, after: MonotonicClock.now())
    let stopped = try await lab.stopMember(1)
    try await lab.waitUntil("refused requests", timeout: .seconds(10)) {
      try prober.last().map { $0.outcome == .refused && $0.end > stopped } ?? false
    }
    let written = try await SwitchSocket.with(
      "\(lab.directory.openVSwitch)/\(LabLayout.bridge).mgmt", version: .v1_5
    ) { socket in
      guard let group = try await socket.groups().first(where: { $0.buckets.count == lab.layout.regionCount }) else {
        throw ExperimentError.noAnswers("redirection: no service's group")
      }
      var changed = group.buckets
      changed[0].watchGroup = GroupNumbers.unavailable
      let moment = MonotonicClock.now()
      try await socket.perform([
        .groupMod(GroupMod(command: .modify, kind: group.kind, group: group.group, buckets: changed))
      ])
      try await prober.waitForAnswers(1, of: 2, after: moment)
      try await lab.startMember(1)
      try await socket.perform([
        .groupMod(GroupMod(command: .modify, kind: group.kind, group: group.group, buckets: group.buckets))
      ])
      return moment
    }
    try await prober.waitForAnswers(10, of: 1, after: written)
    let log = try await prober.stop()
    guard let first = log.firstPacket(of: 2, after: written) else { throw ExperimentError.noAnswers("redirection") }
    return first - written
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
package import LabKit

/// Counts what the switch is told, as the switch itself sees it (`ovs-ofctl snoop`).
package struct OpenFlowSnoop: Sendable {
  package struct Counts: Sendable, Equatable {
    package var flowMods: Int
    package var groupMods: Int
  }

  private let process: ChildProcess
  private let log: String

  package static func start(in lab: Lab) async throws -> OpenFlowSnoop {
    let log = lab.directory.path + "/snoop.log"
    let snoop = OpenFlowSnoop(process: try await lab.snoop(log: log), log: log)
    // Probes pass all the time: the first one seen tells that nothing is missed from now on.
    try await lab.waitUntil("snoop's first message") { try snoop.text().contains("OFPT_PACKET_OUT") }
    return snoop
  }

  /// What was sent since the start.
  package func counts() throws -> Counts {
    let text = try self.text()
    return Counts(
      flowMods: text.split(separator: "OFPT_FLOW_MOD").count - 1,
      groupMods: text.split(separator: "OFPT_GROUP_MOD").count - 1)
  }

  package func stop() async throws -> Counts {
    let counts = try self.counts()
    self.process.send(.terminate)
    _ = try await self.process.wait()
    return counts
  }

  private func text() throws -> String { try String(contentsOfFile: self.log, encoding: .utf8) }
}

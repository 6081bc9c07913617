// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Experiments
import LabKit
import Testing

extension Lab {
  /// Starts the controller anew, once all agents were heard, and expects it to find nothing to change in the switch.
  func expectNothingToChangeAfterRestart(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    try await self.waitUntil("agents") {
      try await LabEvents.read(from: self).count { $0.kind == "agent-heard" } == self.layout.regionCount
    }
    let snoop = try await OpenFlowSnoop.start(in: self)
    try await self.killController()
    try await self.startController()
    try await self.waitUntil("reading") {
      (try? await LabEvents.read(from: self))?.contains { $0.kind == "switch-programmed" } == true
    }
    let counts = try await snoop.stop()
    #expect(counts.flowMods + counts.groupMods == 0, sourceLocation: sourceLocation)
  }
}

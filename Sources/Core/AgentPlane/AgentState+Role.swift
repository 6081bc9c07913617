// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// An agent of a gateway that another one stands in for.
///
/// Which of the two holds the gateway address is settled by VRRP, and seen here by the address itself. Nothing else
/// depends on it: the one that waits checks the members and keeps its rules as the active one does, so that it lacks nothing
/// when the address comes. Rules match by that address: without it they translate nothing.
extension AgentState {
  /// What heartbeats say of this agent; nil: it is its region's only one, and says nothing of the kind.
  var instance: AgentInstance? {
    guard let name else { return nil }
    guard let held = self.heldAddress else { return AgentInstance(name: name, role: .standby) }
    return AgentInstance(name: name, role: .active, mac: held.mac)
  }

  /// The first gateway address that this machine has.
  private var heldAddress: Attachment? {
    guard let gateways = self.assignment?.gateways else { return nil }
    return self.attachments.first { gateways.contains($0.address) }
  }

  /// Tells at once when the address came or went.
  mutating func reviewRole(at now: Instant, _ effects: inout [AgentEffect]) {
    guard let role = self.instance?.role, self.assignment != nil, role != self.role else { return }
    self.role = role
    self.announce(at: now)
    effects.append(.record(.roleChanged(role)))
  }
}

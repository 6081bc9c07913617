// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// The name of one of several agents of a region.
package struct InstanceName: Name {
  package let text: String
  package init(unchecked text: String) { self.text = text }
}

/// What one of several agents of a region says of itself.
package struct AgentInstance: Sendable, Equatable {
  /// Whether its machine holds the gateway address.
  package enum Role: UInt8, Sendable, CaseIterable {
    case standby = 0
    case active = 1
  }

  /// Of one region at a time; more are not kept apart.
  package static let limit = 4

  package var name: InstanceName
  package var role: Role
  /// Of the interface that carries the gateway address; nil: none does, or it has no such address.
  package var mac: MACAddress?

  package init(name: InstanceName, role: Role, mac: MACAddress? = nil) {
    self.name = name
    self.role = role
    self.mac = mac
  }
}

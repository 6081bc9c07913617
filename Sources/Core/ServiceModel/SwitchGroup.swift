// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// Switches that stand in for each other: in front of the same gateways, on the same segments.
///
/// Switches that are in no group together do not know of each other, and each forwards as if it were alone: between the
/// same two segments they would make a loop.
package struct SwitchGroup: Sendable, Equatable {
  package enum Mode: String, Sendable, CaseIterable, Codable {
    /// One forwards, the others wait behind a gate.
    case activeStandby = "active-standby"
    /// All forward, and a router in front of them spreads the flows.
    case activeActive = "active-active"
  }

  package var name: SwitchGroupName
  package var mode: Mode
  /// In order of preference. At least two
  package var switches: [SwitchName]
  /// Through which clients come. Whoever takes over asks them where they are, in the gateways' names, so that bridges on
  /// the gateways' side learn the way to them.
  package var routers: [IPv4Address]

  package init(
    name: SwitchGroupName, mode: Mode = .activeStandby, switches: [SwitchName], routers: [IPv4Address] = []
  ) {
    self.name = name
    self.mode = mode
    self.switches = switches
    self.routers = routers
  }
}

package struct SwitchGroupName: Name {
  package let text: String
  package init(unchecked text: String) { self.text = text }
}

extension Intent {
  /// The group of a switch; nil: it is alone.
  package func group(of name: SwitchName) -> SwitchGroup? {
    self.switchGroups.first { $0.switches.contains(name) }
  }

  /// The addresses from which the others of a switch's group probe, in order of preference.
  package func peers(of name: SwitchName) -> [Switch] {
    guard let group = self.group(of: name) else { return [] }
    return group.switches.filter { $0 != name }.compactMap { peer in self.switches.first { $0.name == peer } }
  }
}

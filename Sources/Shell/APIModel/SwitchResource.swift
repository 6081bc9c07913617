// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// `GET /v1/switches`
package struct SwitchListResource: Codable, Sendable, Equatable {
  package var switches: [SwitchResource]

  package init(switches: [SwitchResource]) {
    self.switches = switches
  }
}

/// `GET /v1/switches/{name or datapath}`
package struct SwitchResource: Codable, Sendable, Equatable {
  package enum State: String, Codable, Sendable, CaseIterable {
    case disconnected
    /// Connected; its tables are being read.
    case reading
    /// Messages are on their way; the switch has not confirmed them.
    case programming
    case programmed
  }

  /// Absent: connected, but not configured.
  package var name: String?
  /// Eight octets, `00:00:50:3e:aa:dc:be:04`.
  package var datapath: String
  package var health: Health
  package var state: State
  /// `OpenFlow 1.5`; absent while disconnected.
  package var version: String?
  /// Manufacturer, hardware and software, as the switch says.
  package var description: String?
  package var ports: [PortResource]
  /// Entries of ours in its tables.
  package var flows: Int
  package var groups: Int
  /// Who gets each service's new connections here.
  package var services: [SwitchServiceResource]
  package var links: [String: String]

  package init(
    name: String?, datapath: String, health: Health, state: State, version: String?, description: String?,
    ports: [PortResource], flows: Int, groups: Int, services: [SwitchServiceResource], links: [String: String]
  ) {
    self.name = name
    self.datapath = datapath
    self.health = health
    self.state = state
    self.version = version
    self.description = description
    self.ports = ports
    self.flows = flows
    self.groups = groups
    self.services = services
    self.links = links
  }
}

package struct PortResource: Codable, Sendable, Equatable {
  package var number: UInt32
  package var name: String
  package var up: Bool

  package init(number: UInt32, name: String, up: Bool) {
    self.number = number
    self.name = name
    self.up = up
  }
}

package struct SwitchServiceResource: Codable, Sendable, Equatable {
  package var name: String
  package var active: String?
  package var held: Bool

  package init(name: String, active: String?, held: Bool) {
    self.name = name
    self.active = active
    self.held = held
  }
}

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
    /// Connected; another controller writes to it.
    case following
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
  /// Absent: it stands in for no other switch.
  package var group: SwitchGroupResource?
  /// Where connections are placed: `conntrack`, `hash`, `reactive` or `redirect`; absent while that is not known.
  package var placement: String?
  package var ports: [PortResource]
  /// Entries of ours in its tables.
  package var flows: Int
  package var groups: Int
  /// Who gets each service's new connections here.
  package var services: [SwitchServiceResource]
  /// Absent while disconnected.
  package var connection: SwitchConnectionResource?
  /// What it said when it refused a part of its program; absent if it holds what it should.
  package var refusal: String?
  package var links: [String: String]

  package init(
    name: String?, datapath: String, health: Health, state: State, version: String?, description: String?,
    group: SwitchGroupResource? = nil, placement: String?, ports: [PortResource], flows: Int, groups: Int,
    services: [SwitchServiceResource],
    connection: SwitchConnectionResource?, refusal: String?, links: [String: String]
  ) {
    self.name = name
    self.datapath = datapath
    self.health = health
    self.state = state
    self.version = version
    self.description = description
    self.group = group
    self.placement = placement
    self.ports = ports
    self.flows = flows
    self.groups = groups
    self.services = services
    self.connection = connection
    self.refusal = refusal
    self.links = links
  }
}

/// What a switch does for the group in which it stands in for others.
package struct SwitchGroupResource: Codable, Sendable, Equatable {
  package enum Role: String, Codable, Sendable, CaseIterable {
    /// It forwards.
    case active
    /// It waits.
    case standby
    /// All of the group forward.
    case sharing
    /// Nobody is known to forward yet.
    case undecided
  }

  package var name: String
  package var role: Role
  /// Why it is the active one; absent for others.
  package var reason: String?
  /// Why it is not certain that the active one forwards; absent: it is.
  package var doubt: String?

  package init(name: String, role: Role, reason: String? = nil, doubt: String? = nil) {
    self.name = name
    self.role = role
    self.reason = reason
    self.doubt = doubt
  }
}

/// The OpenFlow connection of a switch.
package struct SwitchConnectionResource: Codable, Sendable, Equatable {
  /// The switch's end, `192.0.2.1:40000`.
  package var peer: String
  package var encrypted: Bool
  /// `equal`, `master` or `slave`.
  package var role: String
  package var connectedSeconds: Double
  /// Of the last echo; absent before the first one.
  package var roundTripSeconds: Double?
  package var unsentBytes: Int
  package var packetIns: UInt64
  package var packetInsDropped: UInt64
  package var refusals: UInt64

  package init(
    peer: String, encrypted: Bool, role: String, connectedSeconds: Double, roundTripSeconds: Double?, unsentBytes: Int,
    packetIns: UInt64, packetInsDropped: UInt64, refusals: UInt64
  ) {
    self.peer = peer
    self.encrypted = encrypted
    self.role = role
    self.connectedSeconds = connectedSeconds
    self.roundTripSeconds = roundTripSeconds
    self.unsentBytes = unsentBytes
    self.packetIns = packetIns
    self.packetInsDropped = packetInsDropped
    self.refusals = refusals
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
  package var shares: [ShareResource]
  package var held: Bool
  /// Absent: the switch divides connections itself, or all go to one region.
  package var sourceRules: SourceRulesResource?

  package init(name: String, shares: [ShareResource], held: Bool, sourceRules: SourceRulesResource? = nil) {
    self.name = name
    self.shares = shares
    self.held = held
    self.sourceRules = sourceRules
  }
}

/// Rules for the last bits of clients' addresses, by which a service's connections are divided.
package struct SourceRulesResource: Codable, Sendable, Equatable {
  package var count: Int
  /// How far a share can be from what it should be because there are no more rules, of 1.
  package var deviation: Double

  package init(count: Int, deviation: Double) {
    self.count = count
    self.deviation = deviation
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// `GET /v1/services`
package struct ServiceListResource: Codable, Sendable, Equatable {
  package var services: [ServiceResource]

  package init(services: [ServiceResource]) {
    self.services = services
  }
}

/// `GET /v1/services/{name}`
package struct ServiceResource: Codable, Sendable, Equatable {
  package var name: String
  package var health: Health
  /// Regions that get new connections, over all switches; empty: nobody serves.
  package var servedBy: [String]
  package var virtualIP: VirtualIPResource
  package var listeners: [ListenerResource]
  /// `primary-replica`, `round-robin`, `weighted`, …
  package var policy: String
  /// `connection` or `client`
  package var persistence: String
  /// `automatic` or `manual`
  package var failback: String
  /// `immediate` or `heartbeat`
  package var detection: String
  /// In order of preference.
  package var regions: [ServiceRegionResource]
  package var switches: [ServiceSwitchResource]
  package var links: [String: String]

  package init(
    name: String, health: Health, servedBy: [String], virtualIP: VirtualIPResource, listeners: [ListenerResource],
    policy: String, persistence: String, failback: String, detection: String, regions: [ServiceRegionResource],
    switches: [ServiceSwitchResource], links: [String: String]
  ) {
    self.name = name
    self.health = health
    self.servedBy = servedBy
    self.virtualIP = virtualIP
    self.listeners = listeners
    self.policy = policy
    self.persistence = persistence
    self.failback = failback
    self.detection = detection
    self.regions = regions
    self.switches = switches
    self.links = links
  }
}

package struct VirtualIPResource: Codable, Sendable, Equatable {
  package var address: String
  package var mac: String
  /// The region whose gateway owns the address; absent: the address is dedicated to the service.
  package var adoptedFrom: String?

  /// As it stands before a port: an IPv6 address in brackets.
  package var host: String { self.address.contains(":") ? "[\(self.address)]" : self.address }

  package init(address: String, mac: String, adoptedFrom: String?) {
    self.address = address
    self.mac = mac
    self.adoptedFrom = adoptedFrom
  }
}

package struct ListenerResource: Codable, Sendable, Equatable {
  /// `tcp`
  package var transport: String
  package var port: UInt16
  package var memberPort: UInt16
  /// On every gateway, for redirected traffic.
  package var targetPort: UInt16

  package init(transport: String, port: UInt16, memberPort: UInt16, targetPort: UInt16) {
    self.transport = transport
    self.port = port
    self.memberPort = memberPort
    self.targetPort = targetPort
  }
}

/// A service in one region.
package struct ServiceRegionResource: Codable, Sendable, Equatable {
  package enum State: String, Codable, Sendable, CaseIterable {
    case up
    case out
    /// Well again, but not for long enough yet.
    case returning
  }

  package var name: String
  /// Of the members, as the region's agent reports them.
  package var state: State
  /// Why the last check failed: `refused`, `timeout`, `unreachable`, `closed`, `status` or `malformed`; absent: no
  /// check has failed.
  package var reason: String?
  /// It failed again and again, and stays out for that long at least; only with `returning`.
  package var dampedSeconds: Double?
  /// Gets new connections on at least one switch.
  package var active: Bool
  /// Switches that have lost the path to this region.
  package var unreachableFrom: [String]
  package var members: [String]

  package init(
    name: String, state: State, reason: String?, dampedSeconds: Double? = nil, active: Bool,
    unreachableFrom: [String], members: [String]
  ) {
    self.name = name
    self.state = state
    self.reason = reason
    self.dampedSeconds = dampedSeconds
    self.active = active
    self.unreachableFrom = unreachableFrom
    self.members = members
  }
}

/// A service on one switch.
package struct ServiceSwitchResource: Codable, Sendable, Equatable {
  package var name: String
  /// Who gets new connections; empty: nobody, or the switch has not been seen.
  package var shares: [ShareResource]
  /// Every region is out, and the last program stays in the switch.
  package var held: Bool

  package init(name: String, shares: [ShareResource], held: Bool) {
    self.name = name
    self.shares = shares
    self.held = held
  }
}

/// The answer to `POST /v1/services/{name}/failback`.
/// What part of the new connections a region gets.
package struct ShareResource: Codable, Sendable, Equatable {
  package var region: String
  /// To one decimal.
  package var percent: Double

  package init(region: String, percent: Double) {
    self.region = region
    self.percent = percent
  }
}

package struct FailbackResource: Codable, Sendable, Equatable {
  package var service: String
  package var accepted: Bool
  package var links: [String: String]

  package init(service: String, accepted: Bool, links: [String: String]) {
    self.service = service
    self.accepted = accepted
    self.links = links
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// `GET /v1/regions`
package struct RegionListResource: Codable, Sendable, Equatable {
  package var regions: [RegionResource]

  package init(regions: [RegionResource]) {
    self.regions = regions
  }
}

/// `GET /v1/regions/{name}`
package struct RegionResource: Codable, Sendable, Equatable {
  package var name: String
  package var health: Health
  package var agent: AgentResource
  /// One for each switch that reaches the region.
  package var paths: [PathResource]
  /// What the region is there for.
  package var services: [RegionServiceResource]
  package var links: [String: String]

  package init(
    name: String, health: Health, agent: AgentResource, paths: [PathResource], services: [RegionServiceResource],
    links: [String: String]
  ) {
    self.name = name
    self.health = health
    self.agent = agent
    self.paths = paths
    self.services = services
    self.links = links
  }
}

/// The process on the region's gateway.
package struct AgentResource: Codable, Sendable, Equatable {
  package enum State: String, Codable, Sendable, CaseIterable {
    /// Not heard since the controller started.
    case expected
    case heard
    /// Announced that it restarts.
    case leaving
    case silent
  }

  package var state: State
  /// Since its last heartbeat; absent: none yet.
  package var lastHeardSeconds: Double?
  /// It acts by the newest assignment.
  package var current: Bool

  package init(state: State, lastHeardSeconds: Double?, current: Bool) {
    self.state = state
    self.lastHeardSeconds = lastHeardSeconds
    self.current = current
  }
}

/// The way from one switch to a region's gateway.
package struct PathResource: Codable, Sendable, Equatable {
  package enum State: String, Codable, Sendable, CaseIterable {
    case well
    case out
    /// Well again, but not for long enough yet.
    case returning
    /// The switch is not connected: what was seen last need not hold.
    case unknown
  }

  package var `switch`: String
  /// The port of the switch, by number or name as configured.
  package var port: String
  /// Of the gateway.
  package var address: String
  /// Of the gateway; absent: not found yet.
  package var mac: String?
  package var state: State
  /// In words; only with `out`.
  package var reason: String?
  /// The switch sends traffic here.
  package var carrying: Bool
  /// Of the last answered probe.
  package var roundTripSeconds: Double?

  package init(
    switch: String, port: String, address: String, mac: String?, state: State, reason: String?, carrying: Bool,
    roundTripSeconds: Double?
  ) {
    self.switch = `switch`
    self.port = port
    self.address = address
    self.mac = mac
    self.state = state
    self.reason = reason
    self.carrying = carrying
    self.roundTripSeconds = roundTripSeconds
  }
}

/// A service as seen from one region.
package struct RegionServiceResource: Codable, Sendable, Equatable {
  package var name: String
  package var state: ServiceRegionResource.State
  package var reason: String?
  package var active: Bool

  package init(name: String, state: ServiceRegionResource.State, reason: String?, active: Bool) {
    self.name = name
    self.state = state
    self.reason = reason
    self.active = active
  }
}

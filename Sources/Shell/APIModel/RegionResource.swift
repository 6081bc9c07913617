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
  /// Absent: it gets new connections if it is well.
  package var drain: DrainResource?
  /// What its gateway carries; absent: not known.
  package var load: LoadResource?
  /// What it may carry; absent: without limit.
  package var capacity: CapacityResource?
  /// One for each switch that reaches the region.
  package var paths: [PathResource]
  /// What the region is there for.
  package var services: [RegionServiceResource]
  package var links: [String: String]

  package init(
    name: String, health: Health, agent: AgentResource, drain: DrainResource?, load: LoadResource?,
    capacity: CapacityResource? = nil, paths: [PathResource], services: [RegionServiceResource], links: [String: String]
  ) {
    self.name = name
    self.health = health
    self.agent = agent
    self.drain = drain
    self.load = load
    self.capacity = capacity
    self.paths = paths
    self.services = services
    self.links = links
  }
}

/// A region that is taken out of service.
package struct DrainResource: Codable, Sendable, Equatable {
  package enum State: String, Codable, Sendable, CaseIterable {
    /// Connections are open, or nobody has counted them yet.
    case draining
    /// None is left.
    case drained
  }

  package var state: State
  package var sinceSeconds: Double
  /// Until what is open is cut; absent: never, or it was.
  package var deadlineSeconds: Double?
  /// Also where no other region serves.
  package var forced: Bool

  package init(state: State, sinceSeconds: Double, deadlineSeconds: Double?, forced: Bool) {
    self.state = state
    self.sinceSeconds = sinceSeconds
    self.deadlineSeconds = deadlineSeconds
    self.forced = forced
  }
}

/// What a region may carry.
package struct CapacityResource: Codable, Sendable, Equatable {
  /// Of `measure`, as the load has it.
  package var limit: Int
  /// `connections`, `packets` (a second) or `bits` (thousand a second).
  package var measure: String
  package var full: Bool
  /// What becomes of new connections then: `spill`, `shed` or `fail-open`.
  package var whenFull: String

  package init(limit: Int, measure: String, full: Bool, whenFull: String) {
    self.limit = limit
    self.measure = measure
    self.full = full
    self.whenFull = whenFull
  }
}

/// What a region's gateway carries, as its agent measures it.
package struct LoadResource: Codable, Sendable, Equatable {
  package var connections: UInt32
  package var packetsPerSecond: UInt32
  package var kilobitsPerSecond: UInt32
  package var ageSeconds: Double

  package init(connections: UInt32, packetsPerSecond: UInt32, kilobitsPerSecond: UInt32, ageSeconds: Double) {
    self.connections = connections
    self.packetsPerSecond = packetsPerSecond
    self.kilobitsPerSecond = kilobitsPerSecond
    self.ageSeconds = ageSeconds
  }
}

/// `POST /v1/regions/{name}/drain` and `…/undrain`
package struct RegionCommandResource: Codable, Sendable, Equatable {
  package var region: String
  /// False: it was only asked what would come of it.
  package var accepted: Bool
  /// Connections that it breaks.
  package var breaks: [ConnectionLossResource]
  package var links: [String: String]

  package init(region: String, accepted: Bool, breaks: [ConnectionLossResource] = [], links: [String: String]) {
    self.region = region
    self.accepted = accepted
    self.breaks = breaks
    self.links = links
  }
}

/// Connections of a service that a move breaks on a switch whose placement keeps none.
package struct ConnectionLossResource: Codable, Sendable, Equatable {
  package var `switch`: String
  package var service: String
  package var placement: String
  /// Slots that lead to another region, of `slots`.
  package var moved: Int
  package var slots: Int
  /// Of the service's connections. 0…1
  package var share: Double
  /// Absent: not known.
  package var connections: Int?
  package var message: String

  package init(
    switch: String, service: String, placement: String, moved: Int, slots: Int, share: Double, connections: Int?,
    message: String
  ) {
    self.switch = `switch`
    self.service = service
    self.placement = placement
    self.moved = moved
    self.slots = slots
    self.share = share
    self.connections = connections
    self.message = message
  }
}

/// The process on the region's gateway, or of several the one that counts.
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
  /// How well the region's agents stand in for each other; absent: it has one only.
  package var standing: Standing?
  /// All of the region's agents, by name; absent: it has one only.
  package var instances: [AgentInstanceResource]?

  /// Of a region with several agents.
  package enum Standing: String, Codable, Sendable, CaseIterable {
    /// One is active and another one waits.
    case complete
    case noStandby = "no-standby"
    /// There is a standby, and nobody is heard who holds the gateway's address.
    case noActive = "no-active"
    /// Two hold the gateway's address.
    case split
  }

  package init(
    state: State, lastHeardSeconds: Double?, current: Bool, standing: Standing? = nil,
    instances: [AgentInstanceResource]? = nil
  ) {
    self.state = state
    self.lastHeardSeconds = lastHeardSeconds
    self.current = current
    self.standing = standing
    self.instances = instances
  }
}

/// One of several agents of a region.
package struct AgentInstanceResource: Codable, Sendable, Equatable {
  /// Absent: it has no name.
  package var name: String?
  /// `active`: its machine holds the gateway's address, or `standby`.
  package var role: String
  package var state: AgentResource.State
  package var lastHeardSeconds: Double?
  /// What it reports is how the region is.
  package var counts: Bool
  /// Of its machine's interface, if that holds the gateway's address.
  package var mac: String?

  package init(
    name: String?, role: String, state: AgentResource.State, lastHeardSeconds: Double?, counts: Bool, mac: String?
  ) {
    self.name = name
    self.role = role
    self.state = state
    self.lastHeardSeconds = lastHeardSeconds
    self.counts = counts
    self.mac = mac
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
  /// Of the gateway, for services with an IPv6 virtual IP; absent: none.
  package var ipv6: String?
  /// Of the gateway; absent: not found yet.
  package var mac: String?
  package var state: State
  /// In words; only with `out`.
  package var reason: String?
  /// It was lost again and again, and stays out for that long at least; only with `returning`.
  package var dampedSeconds: Double?
  /// The switch sends traffic here.
  package var carrying: Bool
  /// Of the last answered probe.
  package var roundTripSeconds: Double?

  package init(
    switch: String, port: String, address: String, ipv6: String? = nil, mac: String?, state: State, reason: String?,
    dampedSeconds: Double? = nil, carrying: Bool, roundTripSeconds: Double?
  ) {
    self.switch = `switch`
    self.port = port
    self.address = address
    self.ipv6 = ipv6
    self.mac = mac
    self.state = state
    self.reason = reason
    self.dampedSeconds = dampedSeconds
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

extension AgentResource.Standing {
  /// For people.
  package var inWords: String {
    switch self {
    case .complete: "with a standby"
    case .noStandby: "no standby"
    case .noActive: "nobody active"
    case .split: "two active"
    }
  }
}

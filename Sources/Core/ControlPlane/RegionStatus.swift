// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import FailureDetection
package import ServiceModel

package struct RegionStatus: Sendable, Equatable {
  package struct Path: Sendable, Equatable {
    package enum State: Sendable, Equatable {
      case well
      /// With the reason in words.
      case out(String)
      /// However well it answers, it stays out for that long, because it was lost again and again; nil: it was not.
      case returning(dampedFor: Duration?)
      /// The switch is not connected: the last state is not known to hold.
      case unknown
    }
    package var `switch`: SwitchName
    package var port: PortReference
    package var address: IPv4Address
    package var ipv6: IPv6Address?
    package var mac: MACAddress?
    package var state: State
    package var isCarrying: Bool
    /// Of the last answered probe.
    package var roundTrip: Duration?

    package init(
      switch: SwitchName, port: PortReference, address: IPv4Address, ipv6: IPv6Address? = nil,
      mac: MACAddress? = nil, state: State, isCarrying: Bool, roundTrip: Duration? = nil
    ) {
      self.switch = `switch`
      self.port = port
      self.address = address
      self.ipv6 = ipv6
      self.mac = mac
      self.state = state
      self.isCarrying = isCarrying
      self.roundTrip = roundTrip
    }
  }

  /// One of several agents of the region.
  package struct Instance: Sendable, Equatable {
    /// Nil: it has none.
    package var name: InstanceName?
    package var role: AgentInstance.Role
    package var state: Agent
    package var lastHeard: Duration?
    package var mac: MACAddress?
    /// What it reports is how the region is.
    package var isCounted: Bool

    package init(
      name: InstanceName?, role: AgentInstance.Role, state: Agent, lastHeard: Duration? = nil, mac: MACAddress? = nil,
      isCounted: Bool
    ) {
      self.name = name
      self.role = role
      self.state = state
      self.lastHeard = lastHeard
      self.mac = mac
      self.isCounted = isCounted
    }
  }

  package enum Agent: Sendable, Equatable {
    case expected
    case heard
    case leaving
    case silent
  }

  package struct Drain: Sendable, Equatable {
    /// No connection is left.
    package var isDone: Bool
    package var since: Duration
    /// Until the deadline; nil: there is none, or it has passed.
    package var left: Duration?
    package var isForced: Bool

    package init(isDone: Bool, since: Duration, left: Duration?, isForced: Bool) {
      self.isDone = isDone
      self.since = since
      self.left = left
      self.isForced = isForced
    }
  }

  package var name: RegionName
  package var agent: Agent
  /// Since the last heartbeat; nil: none yet.
  package var lastHeard: Duration?
  /// The agent acts by the newest assignment.
  package var isCurrent: Bool
  /// Of a region with several agents, by name; else empty.
  package var instances: [Instance]
  /// Nil: it has one agent only.
  package var standing: RegionAgents.Standing?
  /// Nil: it is in service.
  package var drain: Drain?
  /// Nil: not known, or too old to say anything.
  package var load: GatewayLoadReport?
  /// Nil: without limit.
  package var capacity: Capacity?
  package var isFull: Bool
  package var paths: [Path]

  package init(
    name: RegionName, agent: Agent, lastHeard: Duration? = nil, isCurrent: Bool, instances: [Instance] = [],
    standing: RegionAgents.Standing? = nil, drain: Drain? = nil, load: GatewayLoadReport? = nil,
    capacity: Capacity? = nil, isFull: Bool = false, paths: [Path]
  ) {
    self.capacity = capacity
    self.isFull = isFull
    self.drain = drain
    self.load = load
    self.name = name
    self.agent = agent
    self.lastHeard = lastHeard
    self.isCurrent = isCurrent
    self.instances = instances
    self.standing = standing
    self.paths = paths
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import FailureDetection
package import ServiceModel

/// What the controller knows at one moment, for whoever asks. Read-only, in the order of the configuration.
package struct StatusView: Sendable, Equatable {
  package var services: [ServiceStatus]
  package var regions: [RegionStatus]
  package var switches: [SwitchStatus]
  /// Nil: nothing is held.
  package var massFailure: MassFailure?

  /// Why nothing that must be kept can be changed now; nil: it can.
  package var storeProblem: String?

  /// More services failed at once than can be true.
  package struct MassFailure: Sendable, Equatable {
    /// Services that failed since, and are steered as if they had not; each once for every region.
    package var held: Int

    package init(held: Int) {
      self.held = held
    }
  }

  package init(
    services: [ServiceStatus], regions: [RegionStatus], switches: [SwitchStatus], massFailure: MassFailure? = nil
  ) {
    self.services = services
    self.regions = regions
    self.switches = switches
    self.massFailure = massFailure
  }
}

/// Who leads, as one controller sees it.
package struct LeadershipView: Sendable, Equatable {
  /// Of this controller.
  package var name: String
  package var leadership: Leadership
  /// Another controller that leads; nil: none, or not known.
  package var leader: String?

  package init(name: String, leadership: Leadership, leader: String? = nil) {
    self.name = name
    self.leadership = leadership
    self.leader = leader
  }
}

package struct ServiceStatus: Sendable, Equatable {
  package struct InRegion: Sendable, Equatable {
    package enum State: Sendable, Equatable {
      case serving
      case out(CheckFailure?)
      /// However well it does, it stays out for that long, because it failed again and again; nil: it did not.
      case returning(dampedFor: Duration?)
    }
    package var region: RegionName
    package var members: [IPAddress]
    package var state: State

    package init(region: RegionName, members: [IPAddress], state: State) {
      self.region = region
      self.members = members
      self.state = state
    }
  }

  package struct OnSwitch: Sendable, Equatable {
    package var name: SwitchName
    /// Who gets new connections; empty: nobody, or the switch has not been seen.
    package var shares: [RegionShare]
    /// All regions are out and the last plan is held.
    package var isHeld: Bool
    /// Nil: the switch divides connections itself, or there is nothing to divide.
    package var sourceRules: SourceRules?

    package init(name: SwitchName, shares: [RegionShare] = [], isHeld: Bool, sourceRules: SourceRules? = nil) {
      self.name = name
      self.shares = shares
      self.isHeld = isHeld
      self.sourceRules = sourceRules
    }
  }

  /// New connections are divided by rules for the last bits of clients' addresses.
  package struct SourceRules: Sendable, Equatable {
    package var count: Int
    /// How far a share can be from what it should be because there are no more rules, in thousandths of all, if clients'
    /// addresses are even. Rounded up.
    package var deviation: Int

    package init(count: Int, deviation: Int) {
      self.count = count
      self.deviation = deviation
    }
  }

  package struct ListenerTarget: Sendable, Equatable {
    package var listener: Listener
    package var targetPort: UInt16

    package init(listener: Listener, targetPort: UInt16) {
      self.listener = listener
      self.targetPort = targetPort
    }
  }

  package var name: ServiceName
  package var virtualIP: VirtualIP
  package var listeners: [ListenerTarget]
  package var policy: Policy
  package var persistence: Persistence
  package var failback: Failback
  package var mode: Detection.Mode
  package var regions: [InRegion]
  package var switches: [OnSwitch]

  package init(
    name: ServiceName, virtualIP: VirtualIP, listeners: [ListenerTarget], policy: Policy, persistence: Persistence,
    failback: Failback,
    mode: Detection.Mode, regions: [InRegion], switches: [OnSwitch]
  ) {
    self.name = name
    self.virtualIP = virtualIP
    self.listeners = listeners
    self.policy = policy
    self.persistence = persistence
    self.failback = failback
    self.mode = mode
    self.regions = regions
    self.switches = switches
  }
}

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

package struct SwitchStatus: Sendable, Equatable {
  package enum State: Sendable, Equatable {
    case disconnected
    /// Connected, and another controller leads.
    case following
    /// Connected; its tables are being read.
    case reading
    /// Messages are on their way; the switch has not confirmed them.
    case programming
    case programmed
  }

  /// What it does for its group.
  package struct Part: Sendable, Equatable {
    package enum Role: Sendable, Equatable {
      /// It forwards; why.
      case active(String)
      /// It waits behind its gate.
      case standby
      /// All of the group forward.
      case sharing
      /// Nobody is known to forward yet.
      case undecided
    }

    package var group: SwitchGroupName
    package var role: Role
    /// Why it is not certain that the active switch forwards; nil: it is.
    package var doubt: String?

    package init(group: SwitchGroupName, role: Role, doubt: String? = nil) {
      self.group = group
      self.role = role
      self.doubt = doubt
    }
  }

  package struct Port: Sendable, Equatable {
    package var number: UInt32
    package var name: String
    package var isUp: Bool

    package init(number: UInt32, name: String, isUp: Bool) {
      self.number = number
      self.name = name
      self.isUp = isUp
    }
  }

  /// How the connection to a switch does, as the shell that holds it sees it.
  package struct Connection: Sendable, Equatable {
    /// `192.0.2.1:40000`
    package var peer: String
    package var isEncrypted: Bool
    /// The controller's, as the switch has granted it (OpenFlow 1.3.5, 6.3.6): `equal`, `master` or `slave`.
    package var role: String
    package var age: Duration
    /// Of the last echo; nil before the first one.
    package var roundTrip: Duration?
    /// Bytes that the switch has not taken yet.
    package var unsentBytes: Int
    package var packetIns: UInt64
    /// PACKET_INs that were not looked at because the switch did not read what it was sent.
    package var packetInsDropped: UInt64
    /// Messages that the switch refused.
    package var refusals: UInt64

    package init(
      peer: String, isEncrypted: Bool, role: String, age: Duration, roundTrip: Duration?, unsentBytes: Int,
      packetIns: UInt64, packetInsDropped: UInt64, refusals: UInt64
    ) {
      self.peer = peer
      self.isEncrypted = isEncrypted
      self.role = role
      self.age = age
      self.roundTrip = roundTrip
      self.unsentBytes = unsentBytes
      self.packetIns = packetIns
      self.packetInsDropped = packetInsDropped
      self.refusals = refusals
    }
  }

  /// Nil: connected, but not configured.
  package var name: SwitchName?
  package var datapath: DatapathID
  package var state: State
  /// "OpenFlow 1.5"; nil while disconnected.
  package var version: String?
  /// Manufacturer, hardware and software, as the switch says.
  package var description: String?
  package var ports: [Port]
  package var flows: Int
  package var groups: Int
  /// What it said when it last refused a part of the program; nil: it holds what it should, or will soon.
  package var refusal: String?
  /// It is connected, but does not answer: nothing is judged by its probes.
  package var isMute: Bool
  /// Nil: it is not known yet what the switch can do, or it cannot do what is configured.
  package var placement: Placement?
  /// What is configured and cannot be done here.
  package var impossiblePlacement: Placement?
  /// Nil: it stands in for no other.
  package var part: Part?
  /// Nil while disconnected.
  package var connection: Connection?

  package init(
    name: SwitchName? = nil, datapath: DatapathID, state: State, version: String? = nil, description: String? = nil,
    ports: [Port], flows: Int, groups: Int, refusal: String? = nil, isMute: Bool = false,
    placement: Placement? = nil, impossiblePlacement: Placement? = nil, part: Part? = nil,
    connection: Connection? = nil
  ) {
    self.name = name
    self.datapath = datapath
    self.state = state
    self.version = version
    self.description = description
    self.ports = ports
    self.flows = flows
    self.groups = groups
    self.refusal = refusal
    self.isMute = isMute
    self.placement = placement
    self.impossiblePlacement = impossiblePlacement
    self.part = part
    self.connection = connection
  }
}

/// A decision as it is kept and shown.
package struct EventRecord: Sendable {
  /// Grows by one; begins at 1 with every start of the controller.
  package var id: UInt64
  /// Wall clock, microseconds since 1970-01-01T00:00:00Z.
  package var time: Int64
  package var decision: any RecordedDecision

  package init(id: UInt64, time: Int64, decision: any RecordedDecision) {
    self.id = id
    self.time = time
    self.decision = decision
  }
}

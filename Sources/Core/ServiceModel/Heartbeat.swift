// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What an agent tells every controller and every other agent, each T_h and at once when a service's state changes.
package struct Heartbeat: Sendable, Equatable {
  package var region: RegionName
  /// Nil: the agent is its region's only one.
  package var instance: AgentInstance?
  /// Grows with every start of the agent; microseconds of its wall clock at start unless a receiver asked for more.
  package var boot: UInt64
  /// Grows by one with every heartbeat of a boot, from 1.
  package var sequence: UInt64
  /// The revision of the assignment that the agent acts by; 0: none yet.
  package var assignment: UInt64
  /// The agent is about to stop on purpose (restart, upgrade): silence that follows is no alarm.
  package var leaving: Bool
  /// It says nothing of services that are not listed: one of several heartbeats that together list every service, as one
  /// has no room for all that are not up, or one that lists what has changed since the last.
  package var isPartial: Bool
  /// Services that are not simply up. A service that is not listed is up if `assignment` is the receiver's own
  /// revision and the heartbeat is not partial; otherwise nothing is said of it.
  package var services: [ServiceReport]
  /// Sessions of the controllers that the agent hears. One that does not find its own here knows that the
  /// heartbeat may be a replay from before its start.
  package var sessions: [UInt64]
  /// The other agents that this one hears.
  package var peers: [PeerReport]
  /// Nil: not in this heartbeat.
  package var load: GatewayLoadReport?

  /// The agent's machine holds the gateway address, as far as it says: what it reports is how the region is.
  package var isActive: Bool { self.instance?.role != .standby }

  package init(
    region: RegionName, instance: AgentInstance? = nil, boot: UInt64, sequence: UInt64, assignment: UInt64 = 0,
    leaving: Bool = false, isPartial: Bool = false, services: [ServiceReport] = [], sessions: [UInt64] = [],
    peers: [PeerReport] = [], load: GatewayLoadReport? = nil
  ) {
    self.region = region
    self.instance = instance
    self.boot = boot
    self.sequence = sequence
    self.assignment = assignment
    self.leaving = leaving
    self.isPartial = isPartial
    self.services = services
    self.sessions = sessions
    self.peers = peers
    self.load = load
  }
}

/// The state of one service's members in one region.
package struct ServiceReport: Sendable, Equatable {
  package enum State: Sendable, Equatable {
    /// No check has finished yet.
    case unknown
    case up
    case down(CheckFailure)
  }

  /// The target port of the service's first listener: names the service on the wire.
  package var target: UInt16
  package var state: State
  /// Since the start of the last check that succeeded on any member; nil: none has.
  package var lastGoodAge: Duration?

  package init(target: UInt16, state: State, lastGoodAge: Duration?) {
    self.target = target
    self.state = state
    self.lastGoodAge = lastGoodAge
  }
}

/// Why a check failed.
package enum CheckFailure: UInt8, Sendable, Equatable, CaseIterable, Codable {
  case refused = 1
  case timeout = 2
  case unreachable = 3
  /// The connection ended before an answer.
  case closed = 4
  /// Answered, but not with an accepted status code.
  case status = 5
  /// Answered with something that is not HTTP.
  case malformed = 6

  /// The member still answers, so what it serves at this moment may well finish.
  package var spareConnections: Bool { self == .status }
}

/// One agent as another hears it.
package struct PeerReport: Sendable, Equatable {
  package var region: RegionName
  /// The last heartbeat's sequence, and how long ago it came.
  package var sequence: UInt64
  package var age: Duration

  package init(region: RegionName, sequence: UInt64, age: Duration) {
    self.region = region
    self.sequence = sequence
    self.age = age
  }
}

/// A controller's answer to a heartbeat.
package struct HeartbeatReply: Sendable, Equatable {
  package var region: RegionName
  /// The heartbeat that is answered.
  package var boot: UInt64
  package var sequence: UInt64
  /// Drawn at random by the controller at its start; the agent repeats it in its heartbeats.
  package var session: UInt64
  /// The revision of the assignment that the agent should hold; it fetches it if it holds another.
  package var assignment: UInt64
  /// The agent must begin again with a boot above this; 0: its boot is fine.
  package var bootFloor: UInt64

  package init(
    region: RegionName, boot: UInt64, sequence: UInt64, session: UInt64, assignment: UInt64, bootFloor: UInt64 = 0
  ) {
    self.region = region
    self.boot = boot
    self.sequence = sequence
    self.session = session
    self.assignment = assignment
    self.bootFloor = bootFloor
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import ServiceModel

/// What happened to an agent.
package enum AgentEvent: Sendable, Equatable {
  /// Comes first, once.
  case started(AgentStart)
  /// A controller gave an assignment.
  case assigned(Assignment, revision: UInt64, controller: Int)
  /// The answer to `fetchAssignment` when there is none.
  case fetchFailed(controller: Int, reason: String)
  case checkFinished(CheckID, ProbeOutcome)
  /// Another agent's heartbeat counted; it is active, or waits for another one of its region.
  case heardPeer(RegionName, sequence: UInt64, isActive: Bool = true)
  /// An authentic reply came from a controller.
  case replied(HeartbeatReply, controller: Int)
  /// The rules of the last `applyNAT` are in place. `changed`: they were not before.
  case natApplied(changed: Bool)
  case natFailed(reason: String, left: RulesLeft)
  /// Which interfaces carry which of this machine's addresses, in ascending order. Tells whether it holds the gateway's.
  case attached([Attachment])
  /// The answer to `measureLoad`.
  case loadMeasured(GatewayLoad)
  case loadNotMeasured(reason: String)
  /// Nothing but time passed: the deadline was reached.
  case deadlineReached
  /// The process is asked to end.
  case stopping
}

/// What the kernel holds after rules could not be written.
package enum RulesLeft: Sendable, Equatable {
  /// It could not be seen: what was there may be there still.
  case unknown
  /// Nothing that sends redirected traffic on.
  case none
  /// Rules of an agent, with this digest.
  case digest(UInt64)
}

/// What an agent finds when it starts.
package struct AgentStart: Sendable, Equatable {
  /// Microseconds of the wall clock; only has to grow from start to start.
  package var boot: UInt64
  /// The assignment of the last run and its revision.
  package var cached: CachedAssignment?
  /// The digest of the rules that the kernel holds from the last run; nil: it holds none.
  package var installedNAT: UInt64?
  package var attachments: [Attachment]

  package init(
    boot: UInt64, cached: CachedAssignment? = nil, installedNAT: UInt64? = nil, attachments: [Attachment] = []
  ) {
    self.boot = boot
    self.cached = cached
    self.installedNAT = installedNAT
    self.attachments = attachments
  }
}

package struct CachedAssignment: Sendable, Equatable {
  package var assignment: Assignment
  package var revision: UInt64

  package init(assignment: Assignment, revision: UInt64) {
    self.assignment = assignment
    self.revision = revision
  }
}

/// An address of this machine and the interface that carries it.
package struct Attachment: Sendable, Hashable, Comparable {
  package var address: IPAddress
  package var interface: String
  /// Of the interface; nil: it has none.
  package var mac: MACAddress?

  package init(address: IPAddress, interface: String, mac: MACAddress? = nil) {
    self.address = address
    self.interface = interface
    self.mac = mac
  }

  package static func < (a: Attachment, b: Attachment) -> Bool {
    (a.address, a.interface) < (b.address, b.interface)
  }
}

/// Names one check of one member; never used twice in an agent's life.
package struct CheckID: Sendable, Hashable {
  package let number: UInt64

  package init(number: UInt64) {
    self.number = number
  }
}

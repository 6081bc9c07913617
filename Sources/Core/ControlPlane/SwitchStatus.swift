// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import ServiceModel

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

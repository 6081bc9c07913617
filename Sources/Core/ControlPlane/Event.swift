// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import OpenFlow
package import Reconciliation
package import ServiceModel
package import StaticEntries

/// What happened. Everything that the controller decides follows from these and the time.
package enum Event: Sendable, Equatable {
  /// The operator's wish, checked; with the revision of each region's assignment.
  case configured(Intent, assignments: [RegionName: UInt64])
  /// The handshake with a switch is done.
  case switchConnected(DatapathID, ConnectedSwitch)
  case switchDisconnected(DatapathID, reason: String)
  /// The answer to `Effect.read` with the same ticket.
  case switchRead(DatapathID, ticket: UInt64, ReadBack)
  /// The answer to the barrier of `Effect.change` with the same ticket.
  case switchConfirmed(DatapathID, ticket: UInt64)
  /// The switch refused one of our messages.
  case switchRefused(DatapathID, Refusal)
  case portChanged(DatapathID, PortStatus)
  case packetArrived(DatapathID, PacketIn)
  case flowRemoved(DatapathID, FlowRemoved)
  /// Authenticated and fresh.
  case heartbeat(Heartbeat)
  case failback(ServiceName)
  /// Takes a region out for new connections.
  case drain(RegionName, deadline: Duration?, isForced: Bool)
  case undrain(RegionName)
  /// All drains that are ordered now: from here on these count, not what a switch remembers.
  case drains([RegionName: DrainOrder])
  /// Who leads has changed, or is known now.
  case leadership(Leadership)
  /// The answer to `Effect.claim` with the same ticket.
  case roleAnswered(DatapathID, ticket: UInt64, RoleAnswer)
  /// The switch does not let this controller write any more: the controller of this epoch does. Nil: it does not say.
  case roleLost(DatapathID, epoch: UInt64?)
  /// What failed, and is held because it is too much to be true, is true.
  case releaseHeld
  /// What an operator orders of static entries: checked and done as a whole, or not at all.
  ///
  /// - Parameter isLenient: whoever has the same flow makes room, and who is not there need not be taken away.
  case entries(EntryChange, isLenient: Bool, order: UInt64)
  /// What the store holds of static entries, if `isAll`, or what has changed there: not checked, and not answered.
  case storedEntries(EntryChange, isAll: Bool)
  /// A change of this ticket will not be confirmed.
  case changeUnanswered(DatapathID, ticket: UInt64)
  /// `nextDeadline` has come.
  case deadline
}

/// What a switch said of itself in the handshake.
package struct ConnectedSwitch: Sendable, Equatable {
  package var version: ProtocolVersion
  package var ports: [PortDescription]
  /// Manufacturer, hardware and software.
  package var description: String

  package init(version: ProtocolVersion, ports: [PortDescription], description: String) {
    self.version = version
    self.ports = ports
    self.description = description
  }
}

/// An OFPT_ERROR with the message that caused it, as far as it can be told.
package struct Refusal: Sendable, Equatable {
  package var error: String
  /// The refused message changes tables or groups: what the switch holds is no longer known.
  package var concernsProgram: Bool
  /// What was refused; nil: nobody knows any more.
  package var message: MessageBody?

  package init(error: String, concernsProgram: Bool, message: MessageBody? = nil) {
    self.message = message
    self.error = error
    self.concernsProgram = concernsProgram
  }
}

/// What shall be done about it.
package enum Effect: Sendable, Equatable {
  /// Sends messages in one write, followed by a barrier whose reply is reported with the ticket.
  case change(DatapathID, ticket: UInt64, [MessageBody])
  /// Sends messages in one write, without waiting for anything.
  case send(DatapathID, [MessageBody])
  /// Asks for all flows and groups, and for what else is in the scope.
  case read(DatapathID, ticket: UInt64, ReadBack.Scope)
  /// Asks to be the switch's master from now on.
  case claim(DatapathID, ticket: UInt64, epoch: UInt64)
  /// Asks to be the switch's slave while another controller leads.
  case follow(DatapathID, ticket: UInt64, epoch: UInt64)
  /// Gives the leader's lease up, so that another controller may lead.
  case yield
  /// Of `Event.entries` with this order, or of none if entries went by themselves: what the store shall hold from now on.
  case keep(EntryChange, order: UInt64?)
  /// What came of `Event.entries` with the same order: the switches that are connected have confirmed it, or it was not
  /// done.
  case answer(order: UInt64, EntryAnswer)
  case record(Decision)
}

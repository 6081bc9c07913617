// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import OpenFlow

/// What happened, as far as forwarding depends on it.
package enum ForwardingEvent: Sendable {
  /// The handshake with a switch that shall forward by flows is done.
  ///
  /// `table` is the one in which it forwards: `TableLayout.Table.forward` after the tables of the services, or 0 on a
  /// switch that has none. The same switch may be told again, with another table too.
  case switchConnected(DatapathID, ports: [PortDescription], table: UInt8)
  case switchDisconnected(DatapathID)
  /// The switch shall forward by itself from now on: its flows of ours go.
  case switchReleased(DatapathID)
  case portChanged(DatapathID, PortStatus)
  /// A packet for which a flow of this module asked (`ForwardingCookie.isOurs`), or for which there was no flow.
  case packetArrived(DatapathID, PacketIn)
  /// Addresses that switches themselves have: of virtual IPs, and those from which they probe. They are no hosts.
  case ownAddresses(Set<MACAddress>)
  /// `nextDeadline` has come.
  case deadline
}

/// What shall be done about it.
package enum ForwardingEffect: Sendable, Equatable {
  /// Sends messages in one write, without waiting for anything.
  case send(DatapathID, [MessageBody])
  case record(ForwardingDecision)
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import OpenFlow
package import Reconciliation

/// What a connection to a switch has to say.
package enum SwitchReport: Sendable {
  /// The handshake is done.
  case connected(DatapathID, Greeting)
  /// The answer to `SwitchCommand.read`.
  case read(ticket: UInt64, ReadBack)
  /// The switch has done everything up to this change.
  case confirmed(ticket: UInt64)
  case refused(ErrorMessage)
  case packetIn(PacketIn)
  case portStatus(PortStatus)
  case flowRemoved(FlowRemoved)
  /// The last report of a connection, if the handshake was done.
  case closed(reason: String)

  package struct Greeting: Sendable {
    package var version: ProtocolVersion
    package var description: String
    package var ports: [PortDescription]
  }
}

/// What a connection is asked to do. Everything in one command leaves in one write.
package enum SwitchCommand: Sendable {
  case send([MessageBody])
  /// Sends the messages and a barrier; `SwitchReport.confirmed` tells when the switch has done them.
  case change([MessageBody], ticket: UInt64)
  /// Asks for all flows and groups.
  case read(ticket: UInt64)
  case close(reason: String)
}

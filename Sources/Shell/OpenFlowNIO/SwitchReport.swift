// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import OpenFlow
package import Reconciliation

/// What a switch has to say.
///
/// The first report of a connection is `connected`, the last one is `closed`; a ticket that was not answered by then
/// will not be.
package enum SwitchReport: Sendable {
  /// The handshake is done, and no other connection has this datapath id.
  case connected(Greeting)
  /// The answer to `SwitchCommand.read`.
  case read(ticket: UInt64, ReadBack)
  /// The switch has done everything up to this change.
  case confirmed(ticket: UInt64)
  /// The answer to `SwitchCommand.ask`, with all its parts.
  case answered(ticket: UInt64, [MessageBody])
  /// The answer to `SwitchCommand.requestRole`.
  case role(ticket: UInt64, RoleOutcome)
  /// The switch gave the controller another role without its asking: another controller became master, mostly.
  case roleChanged(RoleStatus)
  /// There will be no answer. Of a change: nothing of it was done, unless it has timed out.
  case unanswered(ticket: UInt64, RequestFailure)
  /// The switch could not do one of our messages. Comes before anything that is said of its ticket.
  case refused(RefusedMessage)
  case packetIn(PacketIn)
  case portStatus(PortStatus)
  case flowRemoved(FlowRemoved)
  case closed(reason: String)

  package struct Greeting: Sendable {
    package var version: ProtocolVersion
    package var features: FeaturesReply
    /// Manufacturer, hardware and software.
    package var description: String
    package var ports: [PortDescription]
    /// The switch's address, as `192.0.2.1:40000`.
    package var peer: String

    package init(
      version: ProtocolVersion, features: FeaturesReply, description: String, ports: [PortDescription], peer: String
    ) {
      self.version = version
      self.features = features
      self.description = description
      self.ports = ports
      self.peer = peer
    }
  }
}

/// What a switch said to a role request (OpenFlow 1.3.5, 6.3.6 and 7.3.9).
package enum RoleOutcome: Sendable, Equatable {
  case granted(RoleMessage)
  /// OFPRRFC_STALE: another controller has been master with a greater generation id.
  case stale
}

/// Why there is no answer.
package enum RequestFailure: Sendable, Equatable {
  case timedOut(after: Duration)
  case refused(RefusedMessage)
  /// The role is SLAVE, and a slave must not write.
  case slave
  /// As many requests wait as may: `limit`.
  case tooManyRequests(limit: Int)
  case answerTooLong(limit: Int)
  /// Another `SwitchCommand.read` took its place.
  case superseded
  /// The connection is being closed.
  case closed
  /// One of the messages cannot be encoded; none was sent.
  case cannotBeSaid(message: String, OpenFlowEncodingError)
}

extension RequestFailure: CustomStringConvertible {
  package var description: String {
    switch self {
    case .timedOut(let limit): "the switch did not answer within \(limit)"
    case .refused(let refused): "\(refused)"
    case .slave: "the controller is slave on this switch and must not write; ask for another role first"
    case .tooManyRequests(let limit): "\(limit) requests wait for answers of this switch already; no more are sent"
    case .answerTooLong(let limit): "the answer has more than \(limit) bytes"
    case .superseded: "the tables were asked for again"
    case .closed: "the connection is being closed"
    case .cannotBeSaid(let message, let error): "\(message) cannot be sent: \(error)"
    }
  }
}

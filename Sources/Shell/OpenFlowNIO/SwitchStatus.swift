// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import OpenFlow

/// One connection to a switch as it is now.
package struct SwitchStatus: Sendable, Equatable {
  package var datapath: DatapathID
  /// The switch's address, as `192.0.2.1:40000`.
  package var peer: String
  package var version: ProtocolVersion
  package var isEncrypted: Bool
  /// Nil until the switch has granted one: then it is EQUAL (OpenFlow 1.3.5, 6.3.6).
  package var role: RoleMessage.Role?
  package var connectedFor: Duration
  /// From an echo request to its reply, the last time; nil before the first one.
  package var roundTrip: Duration?
  /// Bytes that the switch has not taken yet.
  package var unsentBytes: Int
  /// Requests that wait for an answer.
  package var requests: Int
  package var counters: Counters

  package struct Counters: Sendable, Equatable {
    package var packetIns: UInt64 = 0
    /// PACKET_INs that were not looked at because the switch did not read what it was sent.
    package var packetInsDropped: UInt64 = 0
    /// Messages that the switch refused.
    package var refusals: UInt64 = 0
    /// Messages that were not sent because the role is SLAVE.
    package var writesWithheld: UInt64 = 0
  }
}

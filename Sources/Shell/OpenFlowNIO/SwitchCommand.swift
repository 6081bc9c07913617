// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import OpenFlow
package import Reconciliation

/// What a connection is asked to do. Everything in one command leaves in one write; a ticket comes back with the report
/// that answers it.
package enum SwitchCommand: Sendable {
  /// Sends the messages and waits for nothing. While switches are being read from, what is sent to one of them leaves
  /// together at the end of its turn.
  case send([MessageBody])
  /// Sends the messages and a barrier: `confirmed` or `unanswered`.
  case change([MessageBody], ticket: UInt64, Delivery = .oneWrite)
  /// Asks for all flows and groups of ours: `read` or `unanswered`. One at a time; a newer one supersedes an older.
  case read(ticket: UInt64, ReadBack.Scope = [])
  /// Sends one request that has an answer of its own (features, configuration, multipart, …): `answered` or
  /// `unanswered`.
  case ask(MessageBody, ticket: UInt64)
  /// Asks for a role: `role` or `unanswered`. What is sent before the answer is sent in the old role, but a controller
  /// that asks to be slave is one at once.
  case requestRole(RoleMessage.Role, generationID: UInt64, ticket: UInt64)
  case close(reason: String)

  /// How a change leaves.
  package enum Delivery: Sendable, Equatable {
    /// In one write: the fastest. What the switch refuses is missing, all else is done.
    case oneWrite
    /// All or nothing, and all at one instant, if the switch has bundles (OpenFlow 1.5; OFPC_BUNDLES) and there are
    /// two messages at least that can be in one; else like `oneWrite`.
    ///
    /// It takes a round trip more: Open vSwitch leaves out what it refuses to add and would commit the rest, so the
    /// commit is sent when everything was added. What is sent by other commands meanwhile is done before. What
    /// cannot be in a bundle, as NXT_CT_FLUSH, is sent behind the commit, in the same write.
    case bundle
  }
}

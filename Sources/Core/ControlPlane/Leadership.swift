// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Who writes to the switches.
///
/// Of several controllers one leads. The others hear the agents as it does, and are slaves of the switches: they send
/// nothing and are sent nothing but changes of ports (OpenFlow 1.3.5, 6.3.6).
package enum Leadership: Sendable, Equatable {
  /// There is no other controller: no role is asked for.
  case alone
  /// Another one leads, under this number; nil: it is not known yet who.
  case following(epoch: UInt64?)
  /// The epoch grows with every change of the leader. It is the `generation_id` by which a switch knows who is the
  /// latest, and refuses who is not.
  case leading(epoch: UInt64)
}

/// What came of asking a switch for the role of its master.
package enum RoleAnswer: Sendable, Equatable {
  case granted
  /// The switch has had a later leader.
  case stale
  case unanswered
}

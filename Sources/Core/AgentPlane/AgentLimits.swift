// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Bounds of an agent's work, whatever it is told.
package enum AgentLimits {
  /// Between heartbeats before there is an assignment.
  package static let defaultHeartbeatInterval: Duration = .milliseconds(500)
  /// Between a heartbeat and one before its time.
  package static let heartbeatGap: Duration = .milliseconds(5)
  /// What is accepted as T_h and as a check's interval.
  package static let intervals: ClosedRange<Duration> = .milliseconds(10)...(.seconds(3600))
  /// What is accepted as a check's timeout.
  package static let timeouts: ClosedRange<Duration> = .milliseconds(1)...(.seconds(60))
  /// The first check of a member starts within this long (or its interval, if shorter), if there are not so many that
  /// they take longer.
  package static let firstChecksWithin: Duration = .seconds(1)
  /// Of first checks: more at once would make members seem slow that are not.
  package static let firstChecksPerSecond = 1_000
  /// A controller or peer that was silent for longer is no longer named in heartbeats.
  package static let silence: Duration = .seconds(60)
  /// A controller that was silent for longer no longer decides which assignment is taken.
  package static let presence: Duration = .seconds(5)
  /// Services in one heartbeat; where more are not up, several list all. 8 bytes each: leaves room for sessions and peers in a datagram.
  package static let reports = 4_000
  /// Where there are more services, a heartbeat before its time lists only what has changed.
  package static let reportsAtOnce = 500
  /// Between two measurements of the load.
  package static let loadInterval: Duration = .seconds(1)
  /// Services of which a heartbeat tells the load. 8 bytes each.
  package static let loads = 1_000
  /// Members that are asked how busy they are.
  package static let metrics = 256
  /// Peers in one heartbeat. At most 76 bytes each.
  package static let peers = 256
  /// How often the kernel's rules are looked at: a firewall's restart may have removed them.
  package static let natReview: Duration = .seconds(5)
  /// How long rules of the last run stay as they are while the members are not all checked.
  package static let natHold: Duration = .seconds(10)
}

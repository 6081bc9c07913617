// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// Follows the heartbeats of one agent. A silent agent alone takes nothing out: its region is degraded.
package struct AgentDetector: Sendable, Equatable {
  package enum State: Sendable, Equatable {
    /// No heartbeat has come since the controller started, and it is too early to wonder.
    case expected
    case heard
    /// Said that it would stop; silence is expected for a while.
    case leaving
    /// n·T_h without a heartbeat.
    case silent
  }

  /// A restart or an upgrade that was announced may take this long before it is an alarm.
  package static let leave = Duration.seconds(60)

  package private(set) var state: State = .expected
  package private(set) var lastHeard: Instant?
  /// The assignment that the agent acts by.
  package private(set) var assignment: UInt64 = 0
  private var since: Instant
  private var boot: UInt64 = 0
  private var sequence: UInt64 = 0

  package init(at now: Instant) {
    self.since = now
  }

  /// - Returns: false for one that came out of order: what is newer was heard before, and counts.
  package mutating func heard(_ heartbeat: Heartbeat, at now: Instant) -> Bool {
    guard (heartbeat.boot, heartbeat.sequence) > (self.boot, self.sequence) else { return false }
    self.count(heartbeat, at: now)
    return true
  }

  /// One that is known to be newer than what was heard before, whichever agent sent it.
  mutating func count(_ heartbeat: Heartbeat, at now: Instant) {
    self.boot = heartbeat.boot
    self.sequence = heartbeat.sequence
    self.lastHeard = now
    self.since = now
    self.assignment = heartbeat.assignment
    self.state = heartbeat.leaving ? .leaving : .heard
  }

  /// Nobody could be heard until now: silence is noticed `moment` at the earliest.
  package mutating func wait(until moment: Instant, _ detection: Detection) {
    self.since = max(self.since, moment - detection.bound)
  }

  package func deadline(_ detection: Detection) -> Instant? {
    switch self.state {
    case .expected, .heard: self.since + detection.bound
    case .leaving: self.since + max(Self.leave, detection.bound)
    case .silent: nil
    }
  }

  package mutating func advance(to now: Instant, _ detection: Detection) {
    if let deadline = self.deadline(detection), now >= deadline { self.state = .silent }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// When one path is probed, and which answer belongs to which probe.
///
/// One probe each T_h. On a path that is still taken to be well, probes go four times as often once an answer is late
/// by half of T_h, until one comes back: at the deadline, n·T_h after the last answer, more than n probes have then been
/// lost in a row, so a single lost packet near the deadline decides nothing.
package struct ProbeSchedule: Sendable, Equatable {
  private struct Outstanding: Sendable, Equatable {
    /// Makes an answer that was not asked for worthless.
    var nonce: UInt64
    var sent: Instant
  }

  package private(set) var nextProbe: Instant
  /// When the next probe is due if all is well.
  private var regular: Instant
  /// Sent since the last answer, oldest first; as many as can be sent within n·T_h.
  private var outstanding: [Outstanding] = []
  /// Of the last answer: a long way is no lost probe.
  package private(set) var roundTrip = Duration.zero
  /// When the oldest of them was sent, forgotten ones included.
  package private(set) var unansweredSince: Instant?

  package init(at now: Instant) {
    self.nextProbe = now
    self.regular = now
  }

  /// Nothing is awaited, and the next probe may leave with another that is due now: not more than T_h/2 before its time.
  ///
  /// So the probes of all paths of a switch come to leave together, and once: a write for each of them, its echo and what
  /// is to be looked at then costs more than all else that a controller does at rest.
  package func mayJoin(at now: Instant, _ detection: Detection) -> Bool {
    self.outstanding.isEmpty && self.regular - now <= detection.heartbeatInterval / 2
  }

  /// A probe leaves now.
  ///
  /// - Parameter urgent: a verdict depends on the next answers.
  /// - Returns: whether probes are lost by now.
  package mutating func sent(nonce: UInt64, urgent: Bool, at now: Instant, _ detection: Detection) -> Bool {
    let interval = detection.heartbeatInterval
    let isLate = !self.outstanding.isEmpty
    self.outstanding.append(Outstanding(nonce: nonce, sent: now))
    if self.outstanding.count > 4 * (detection.misses + 1) { self.outstanding.removeFirst() }
    if !isLate, self.regular > now { self.regular = now }
    while self.regular <= now { self.regular = self.regular + interval }
    self.nextProbe = urgent ? min(self.regular, now + (isLate ? interval / 4 : interval / 2)) : self.regular
    self.unansweredSince = self.unansweredSince ?? now
    return self.isLost(at: now, detection)
  }

  /// Probes have gone without any answer for T_h and the time that the last one took.
  package func isLost(at now: Instant, _ detection: Detection) -> Bool {
    self.unansweredSince.map { now - $0 >= detection.heartbeatInterval + self.roundTrip } ?? false
  }

  /// For that long nothing could be heard: what is still to be answered may take that much longer.
  package mutating func excuse(_ duration: Duration, at now: Instant) {
    self.unansweredSince = self.unansweredSince.map { min(now, $0 + duration) }
  }

  /// The nonce of the last probe, if it may still be answered.
  package var newestNonce: UInt64? { self.outstanding.last?.nonce }

  /// An answer with this nonce came.
  /// - Returns: the time it took; nil if no such probe is out.
  package mutating func answered(nonce: UInt64, at now: Instant) -> Duration? {
    guard let index = self.outstanding.firstIndex(where: { $0.nonce == nonce }) else { return nil }
    let took = now - self.outstanding[index].sent
    // Those before it were lost; those after it may still be answered.
    self.outstanding.removeSubrange(...index)
    self.unansweredSince = self.outstanding.first?.sent
    self.roundTrip = took
    self.nextProbe = self.regular
    return took
  }
}

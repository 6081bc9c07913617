// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// Judges the way from one switch to one region's gateway, from the answers to probes and the state of the port.
///
/// The verdict falls at a deadline, last good + n·T_h, from what is already known: nothing is asked then. The last
/// good moment is when the last answer came, so the verdict is never later than n·T_h after the path worked.
///
///               silence n·T_h, or the port goes down
///     well ──────────────────────────────────────────▶ out
///      ▲                                                │ an answer
///      │         rise answers in a row, hold,           ▼
///      └──────────────────────────────────────────── returning ──▶ out, when a probe is lost
///                and the damping is over
package struct PathDetector: Sendable, Equatable {
  package enum State: Sendable, Equatable {
    case well
    case out(OutReason)
    /// Answers since the path was out, the first of them (or when it was asked anew), and why it had been out.
    case returning(answers: Int, since: Instant, from: OutReason)
  }

  package enum OutReason: Sendable, Equatable {
    /// n probes in a row had no answer; the last good one was then.
    case silent(lastGood: Instant)
    case portDown
    /// The switch held this region withdrawn when the controller first saw it.
    case inherited
  }

  package private(set) var state: State
  private var lastGood: Instant
  /// Silence decides nothing before.
  private var notBefore = Instant(nanoseconds: 0)
  private var portUp = true
  private var penalty = FlapPenalty()

  /// A path is taken to be well, or out if that is how the switch was found, until it shows otherwise.
  package init(found: Bool = true, at now: Instant) {
    self.state = found ? .well : .out(.inherited)
    self.lastGood = now
  }

  package var isWell: Bool { self.state == .well }

  package func standing(_ detection: Detection) -> Standing {
    switch self.state {
    case .well: .well
    case .out: .out
    case .returning(let answers, _, _): answers >= detection.rise ? .proven : .returning
    }
  }

  /// It was lost again and again, and stays out until then, however well it answers; nil: it was not.
  package func dampedUntil(_ detection: Detection) -> Instant? { self.penalty.end(halfLife: detection.damping) }

  /// From when on an answer is late: until then, a probe that was lost may be no more than that.
  package func overdueFrom(_ detection: Detection) -> Instant { self.lastGood + detection.heartbeatInterval * 3 / 2 }

  /// When silence alone will change the state.
  package func deadline(_ detection: Detection) -> Instant? {
    switch self.state {
    case .well: max(self.lastGood + detection.bound, self.notBefore)
    case .returning(let answers, let since, _):
      answers >= detection.rise
        ? min(self.returns(since: since, detection), self.lastGood + detection.bound)
        : self.lastGood + detection.bound
    case .out: nil
    }
  }

  /// A probe was answered. That counts even if a deadline has passed meanwhile which nobody has noticed yet.
  package mutating func answered(at now: Instant, _ detection: Detection) {
    self.lastGood = now
    guard self.portUp else { return }
    switch self.state {
    case .well: break
    case .out(let reason): self.state = .returning(answers: 1, since: now, from: reason)
    case .returning(let answers, let since, let reason):
      self.state = .returning(answers: answers + 1, since: since, from: reason)
    }
    self.advance(to: now, detection)
  }

  /// A probe went without an answer for T_h. Alone it takes no path out, but a return begins again.
  package mutating func missed(at now: Instant, _ detection: Detection) {
    if case .returning(_, _, let reason) = self.state { self.lose(reason, at: now, detection) }
  }

  package mutating func port(isUp: Bool, at now: Instant, _ detection: Detection) {
    guard isUp != self.portUp else { return }
    self.portUp = isUp
    if !isUp { self.lose(.portDown, at: now, detection) }
  }

  /// Somebody else heard of the region then: no proof, but reason enough to wait longer.
  package mutating func vouched(at moment: Instant) {
    if self.isWell { self.lastGood = max(self.lastGood, moment) }
  }

  /// The switch could not be asked until now: silence before this moment says nothing, and a return begins again.
  package mutating func resume(at now: Instant) {
    self.lastGood = now
    if case .returning(_, _, let reason) = self.state { self.state = .returning(answers: 0, since: now, from: reason) }
  }

  /// Other numbers hold from now on. Silence until now counts by the old ones: the verdict falls when it would have, or
  /// n·T_h from now if that is sooner, but not before somebody was asked by the new ones. A return begins again.
  package mutating func adapt(from old: Detection, to new: Detection, at now: Instant) {
    self.notBefore = max(min(self.lastGood + old.bound, now + new.bound), now + new.heartbeatInterval)
    if case .returning(_, _, let reason) = self.state { self.state = .returning(answers: 0, since: now, from: reason) }
  }

  /// For that long nothing could be heard, whatever the region did.
  package mutating func excuse(_ duration: Duration, at now: Instant) {
    if self.lastGood < now { self.lastGood = min(now, self.lastGood + duration) }
  }

  /// Silence decides nothing before `moment`.
  package mutating func wait(until moment: Instant, _ detection: Detection) {
    self.lastGood = max(self.lastGood, moment - detection.bound)
  }

  package mutating func advance(to now: Instant, _ detection: Detection) {
    guard let deadline = self.deadline(detection), now >= deadline else { return }
    switch self.state {
    case .well: self.lose(.silent(lastGood: self.lastGood), at: now, detection)
    case .returning(_, _, let reason):
      if now >= self.lastGood + detection.bound { self.lose(reason, at: now, detection) } else { self.state = .well }
    case .out: break
    }
  }

  /// What had proven itself counts as lost, whether it was in use again or not.
  private mutating func lose(_ reason: OutReason, at now: Instant, _ detection: Detection) {
    if self.standing(detection) >= .proven { self.penalty.lost(at: now, halfLife: detection.damping) }
    self.state = .out(reason)
  }

  private func returns(since: Instant, _ detection: Detection) -> Instant {
    max(since + detection.hold, self.dampedUntil(detection) ?? since)
  }
}

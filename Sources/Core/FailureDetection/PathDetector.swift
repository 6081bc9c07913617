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
///      │         rise answers in a row and hold         ▼
///      └──────────────────────────────────────────── returning ──▶ out, when a probe is lost
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
  private var portUp = true

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

  /// From when on an answer is late: until then, a probe that was lost may be no more than that.
  package func overdueFrom(_ detection: Detection) -> Instant { self.lastGood + detection.heartbeatInterval * 3 / 2 }

  /// When silence alone will change the state.
  package func deadline(_ detection: Detection) -> Instant? {
    switch self.state {
    case .well: self.lastGood + detection.bound
    case .returning(let answers, let since, _):
      answers >= detection.rise
        ? min(since + detection.hold, self.lastGood + detection.bound) : self.lastGood + detection.bound
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
  package mutating func missed() {
    if case .returning(_, _, let reason) = self.state { self.state = .out(reason) }
  }

  package mutating func port(isUp: Bool, at now: Instant) {
    guard isUp != self.portUp else { return }
    self.portUp = isUp
    if !isUp { self.state = .out(.portDown) }
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
    case .well: self.state = .out(.silent(lastGood: self.lastGood))
    case .returning(_, _, let reason):
      self.state = now >= self.lastGood + detection.bound ? .out(reason) : .well
    case .out: break
    }
  }
}

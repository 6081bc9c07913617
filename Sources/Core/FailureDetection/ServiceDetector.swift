// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// Judges one service's members in one region, from what the region's agent reports.
///
/// Silence decides nothing here: whether the region can be reached is the path's question, and a region whose agent
/// is silent keeps the state that it last reported.
package struct ServiceDetector: Sendable, Equatable {
  package enum State: Sendable, Equatable {
    case serving
    case out(CheckFailure?)
    /// Good reports since the service was out, and the first of them.
    case returning(reports: Int, since: Instant)
  }

  package private(set) var state: State
  /// When a member last passed a check (`Mode.heartbeat`).
  private var lastGood: Instant
  /// The last report was a miss, and why (`Mode.heartbeat`).
  private var missing: CheckFailure??
  private var penalty = FlapPenalty()

  /// - Parameter found: how the switch was found; a region is taken to serve until its agent says otherwise.
  package init(found: Bool = true, at now: Instant) {
    self.state = found ? .serving : .out(nil)
    self.lastGood = now
  }

  /// It was lost again and again, and stays out until then, however well its members are; nil: it was not.
  package func dampedUntil(_ detection: Detection) -> Instant? { self.penalty.end(halfLife: detection.damping) }

  package var isServing: Bool { self.state == .serving }

  /// Why the service is out, if that is known.
  package var failure: CheckFailure? {
    if case .out(let failure) = self.state { failure } else { nil }
  }

  /// The members answered while they were out, if not as they should, and do not any more.
  package func hasDied(since before: ServiceDetector) -> Bool {
    guard let failure, !failure.spareConnections else { return false }
    return switch before.state {
    case .serving: false
    case .out(let past): past?.spareConnections ?? false
    case .returning: true
    }
  }

  package func standing(_ detection: Detection) -> Standing {
    switch self.state {
    case .serving: .well
    case .out: .out
    case .returning(let reports, _): reports >= detection.rise ? .proven : .returning
    }
  }

  package mutating func reported(_ report: ServiceReport, mode: Detection.Mode, at now: Instant, _ detection: Detection)
  {
    switch (mode, report.state) {
    case (_, .unknown): break
    case (_, .up):
      self.missing = nil
      self.lastGood = max(self.lastGood, now - (report.lastGoodAge ?? .zero))
      self.good(at: now)
    case (.immediate, .down(let failure)):
      self.lose(failure, at: now, detection)
    case (.heartbeat, .down(let failure)):
      if let age = report.lastGoodAge { self.lastGood = max(self.lastGood, now - age) }
      self.missing = .some(failure)
      // In whatever way the members fail by now.
      if !self.isServing { self.lose(failure, at: now, detection) }
    }
    self.advance(to: now, mode: mode, detection)
  }

  /// Silence decides nothing before `moment`.
  package mutating func wait(until moment: Instant, _ detection: Detection) {
    self.lastGood = max(self.lastGood, moment - detection.bound)
  }

  /// What had proven itself counts as lost, whether it was in use again or not.
  private mutating func lose(_ failure: CheckFailure?, at now: Instant, _ detection: Detection) {
    if self.standing(detection) >= .proven { self.penalty.lost(at: now, halfLife: detection.damping) }
    self.state = .out(failure)
  }

  private mutating func good(at now: Instant) {
    switch self.state {
    case .serving: break
    case .out: self.state = .returning(reports: 1, since: now)
    case .returning(let reports, let since): self.state = .returning(reports: reports + 1, since: since)
    }
  }

  package func deadline(mode: Detection.Mode, _ detection: Detection) -> Instant? {
    switch self.state {
    case .serving: mode == .heartbeat && self.missing != nil ? self.lastGood + detection.bound : nil
    case .returning(let reports, let since):
      reports >= detection.rise ? max(since + detection.hold, self.dampedUntil(detection) ?? since) : nil
    case .out: nil
    }
  }

  package mutating func advance(to now: Instant, mode: Detection.Mode, _ detection: Detection) {
    guard let deadline = self.deadline(mode: mode, detection), now >= deadline else { return }
    switch self.state {
    case .serving: self.lose(self.missing ?? nil, at: now, detection)
    case .returning: self.state = .serving
    case .out: break
    }
  }
}

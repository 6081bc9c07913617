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

  /// - Parameter found: how the switch was found; a region is taken to serve until its agent says otherwise.
  package init(found: Bool = true, at now: Instant) {
    self.state = found ? .serving : .out(nil)
    self.lastGood = now
  }

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
      self.state = .out(failure)
    case (.heartbeat, .down(let failure)):
      if let age = report.lastGoodAge { self.lastGood = max(self.lastGood, now - age) }
      self.missing = .some(failure)
      // In whatever way the members fail by now.
      if !self.isServing { self.state = .out(failure) }
    }
    self.advance(to: now, mode: mode, detection)
  }

  /// Silence decides nothing before `moment`.
  package mutating func wait(until moment: Instant, _ detection: Detection) {
    self.lastGood = max(self.lastGood, moment - detection.bound)
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
    case .returning(let reports, let since): reports >= detection.rise ? since + detection.hold : nil
    case .out: nil
    }
  }

  package mutating func advance(to now: Instant, mode: Detection.Mode, _ detection: Detection) {
    guard let deadline = self.deadline(mode: mode, detection), now >= deadline else { return }
    switch self.state {
    case .serving: self.state = .out(self.missing ?? nil)
    case .returning: self.state = .serving
    case .out: break
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// `GET /v1/events`
package struct EventListResource: Codable, Sendable, Equatable {
  /// Names this run of the controller; ids begin at 1 with every run.
  package var run: String
  /// Oldest first.
  package var events: [EventResource]
  /// The cursor for `after` that continues here.
  package var next: String
  /// What lies between `after` and the first event and is not known any more; absent: nothing.
  package var gap: GapResource?

  package init(run: String, events: [EventResource], next: String, gap: GapResource?) {
    self.run = run
    self.events = events
    self.next = next
    self.gap = gap
  }
}

/// Something that the controller decided or learnt.
package struct EventResource: Codable, Sendable, Equatable {
  package var id: UInt64
  /// RFC 3339, UTC, with microseconds.
  package var time: String
  /// For machines; never changes its meaning.
  package var kind: String
  /// `info`, `notice`, `warning` or `alarm`
  package var severity: String
  package var message: String
  /// `switch`, `service`, `region` and so on, as far as the kind has them.
  package var attributes: [String: String]

  package init(
    id: UInt64, time: String, kind: String, severity: String, message: String, attributes: [String: String]
  ) {
    self.id = id
    self.time = time
    self.kind = kind
    self.severity = severity
    self.message = message
    self.attributes = attributes
  }
}

/// Events that a reader asked for and cannot have.
package struct GapResource: Codable, Sendable, Equatable {
  package enum Reason: String, Codable, Sendable, CaseIterable {
    /// The log keeps the newest events only, and the reader was too slow.
    case forgotten
    /// The cursor is of another run of the controller.
    case restarted
  }

  package var reason: Reason
  /// How many; absent where nobody knows.
  package var missed: UInt64?

  package init(reason: Reason, missed: UInt64?) {
    self.reason = reason
    self.missed = missed
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ControlPlane

/// A place in the history of events, as clients hold it: `RUN-ID`, or `ID` alone for the present run.
///
/// Ids begin at 1 with every start of the controller, so an id alone cannot tell a client that reconnects that it
/// now reads another history.
package struct EventCursor: Sendable, Equatable, CustomStringConvertible {
  package static let accepted = "RUN-ID as given by 'next' or an event stream, or a whole number"

  /// Nil: the present run.
  package var run: Int64?
  /// The last event that the client has seen; 0: none.
  package var id: UInt64

  package init(run: Int64?, id: UInt64) {
    self.run = run
    self.id = id
  }

  /// Nil unless `text` is what `accepted` says.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else { return nil }
    switch parts.count {
    case 1:
      guard let id = UInt64(parts[0]) else { return nil }
      self.init(run: nil, id: id)
    case 2:
      guard let run = Int64(parts[0]), let id = UInt64(parts[1]) else { return nil }
      self.init(run: run, id: id)
    default: return nil
    }
  }

  package var description: String {
    self.run.map { "\($0)-\(self.id)" } ?? "\(self.id)"
  }
}

/// Consecutive events, oldest first.
package struct EventPage: Sendable {
  package enum Gap: Sendable, Equatable {
    /// So many events after the cursor were dropped to make room.
    case forgotten(UInt64)
    /// The cursor is of another run; these are the oldest events of the present one.
    case restarted
  }

  package var records: [EventRecord]
  /// What lies between the cursor and the first record and is lost.
  package var gap: Gap?
  /// Continues after the last record.
  package var next: EventCursor

  package init(records: [EventRecord], gap: Gap?, next: EventCursor) {
    self.records = records
    self.gap = gap
    self.next = next
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ControlPlane
package import ServiceModel
import Synchronization

/// The last decisions: a ring that forgets the oldest, and a bell for those who wait for the next one.
///
/// Readers hold a cursor and pull; nothing is queued for them. So a slow reader costs no memory: it finds a gap where
/// the ring has overtaken it.
package final class EventLog: Sendable {
  package static let defaultCapacity = 10_000

  /// Names this run of the controller: its start, in microseconds since 1970-01-01T00:00:00Z.
  package let run: Int64
  private let capacity: Int
  private let state = Mutex(State())

  private struct State {
    /// The event with `id` is at `(id - 1) % capacity`.
    var ring: [EventRecord] = []
    /// The newest id; 0: no event yet.
    var newest: UInt64 = 0
    var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    var nextTicket: UInt64 = 0

    var oldest: UInt64 { self.newest - UInt64(self.ring.count) + 1 }
  }

  /// - Precondition: capacity > 0
  package init(run: Int64, capacity: Int = EventLog.defaultCapacity) {
    precondition(capacity > 0, "an event log for \(capacity) events")
    self.run = run
    self.capacity = capacity
  }

  /// Keeps a decision under the next id and wakes whoever waits.
  ///
  /// - Parameter time: wall clock, microseconds since 1970-01-01T00:00:00Z.
  @discardableResult
  package func append(_ decision: any RecordedDecision, at time: Int64) -> EventRecord {
    let (record, waiters) = self.state.withLock { state in
      state.newest += 1
      let record = EventRecord(id: state.newest, time: time, decision: decision)
      if state.ring.count < self.capacity {
        state.ring.append(record)
      } else {
        state.ring[self.slot(of: record.id)] = record
      }
      let waiters = Array(state.waiters.values)
      state.waiters.removeAll()
      return (record, waiters)
    }
    for waiter in waiters { waiter.resume() }
    return record
  }

  /// The first events after `cursor`, or the newest ones without one. At most `limit`.
  package func page(after cursor: EventCursor?, limit: Int) -> EventPage {
    self.state.withLock { state in
      guard let cursor else {
        let from = max(state.oldest, state.newest - min(state.newest, UInt64(max(limit, 0))) + 1)
        return self.page(of: state, from: from, limit: limit, gap: nil)
      }
      if cursor.id > state.newest || cursor.run.map({ $0 != self.run }) == true {
        return self.page(of: state, from: state.oldest, limit: limit, gap: .restarted)
      }
      let forgotten = state.oldest > cursor.id + 1 ? state.oldest - cursor.id - 1 : 0
      return self.page(
        of: state, from: cursor.id + 1 + forgotten, limit: limit, gap: forgotten > 0 ? .forgotten(forgotten) : nil)
    }
  }

  /// Returns as soon as there is an event with a higher id, or the task is cancelled.
  package func waitForEvent(after id: UInt64) async {
    let ticket = self.state.withLock { state in
      state.nextTicket += 1
      return state.nextTicket
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isWaiting = self.state.withLock { state in
          guard state.newest <= id, !Task.isCancelled else { return false }
          state.waiters[ticket] = continuation
          return true
        }
        if !isWaiting { continuation.resume() }
      }
    } onCancel: {
      self.state.withLock { $0.waiters.removeValue(forKey: ticket) }?.resume()
    }
  }

  /// Where a reader begins that wants only what comes from now on.
  package var end: EventCursor {
    EventCursor(run: self.run, id: self.state.withLock { $0.newest })
  }

  private func page(of state: State, from first: UInt64, limit: Int, gap: EventPage.Gap?) -> EventPage {
    let count = min(state.newest + 1 - first, UInt64(max(limit, 0)))
    let records = (first..<first + count).map { state.ring[self.slot(of: $0)] }
    return EventPage(records: records, gap: gap, next: EventCursor(run: self.run, id: first + count - 1))
  }

  private func slot(of id: UInt64) -> Int { Int((id - 1) % UInt64(self.capacity)) }
}

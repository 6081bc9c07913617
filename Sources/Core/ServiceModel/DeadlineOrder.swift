// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import HeapModule

/// The order in which things are due: earliest first; of what is due at one moment, what was added first, so that every
/// run is the same.
///
/// The things themselves are kept by whoever asks, each in the slot that it is given here: they may be large, and only
/// their times move.
package struct DeadlineOrder: Sendable {
  private struct Entry: Sendable, Comparable {
    var at: Instant
    var order: UInt64
    var slot: Int

    static func < (a: Entry, b: Entry) -> Bool { a.at == b.at ? a.order < b.order : a.at < b.at }
    static func == (a: Entry, b: Entry) -> Bool { a.order == b.order }
  }

  private var heap = Heap<Entry>()
  /// Slots that were given out and are empty again.
  private var free: [Int] = []
  private var slots = 0
  private var order: UInt64 = 0

  package init() {}

  /// When the first is due.
  package var next: Instant? { self.heap.min?.at }

  /// - Returns: where to keep it: a slot that is empty, or the next one after all that there are.
  package mutating func add(at: Instant) -> Int {
    self.order += 1
    let slot = self.free.popLast() ?? self.slots
    if slot == self.slots { self.slots += 1 }
    self.heap.insert(Entry(at: at, order: self.order, slot: slot))
    return slot
  }

  /// Takes out the first; its slot is empty then.
  package mutating func takeFirst() -> (slot: Int, at: Instant)? {
    guard let entry = self.heap.popMin() else { return nil }
    self.free.append(entry.slot)
    return (entry.slot, entry.at)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// Which member is to be checked next: a binary heap, earliest first.
struct CheckSchedule: Sendable, Equatable {
  /// Where a member is in the agent's lists.
  struct Slot: Sendable, Equatable {
    var service: Int
    var member: Int
  }

  private struct Entry: Sendable, Equatable {
    var at: Instant
    var slot: Slot

    /// The order of equal instants is the order of the lists, so that it is the same in every run.
    static func < (a: Entry, b: Entry) -> Bool {
      (a.at, a.slot.service, a.slot.member) < (b.at, b.slot.service, b.slot.member)
    }
  }

  private var heap: [Entry] = []

  var next: Instant? { self.heap.first?.at }

  mutating func add(_ slot: Slot, at: Instant) {
    self.heap.append(Entry(at: at, slot: slot))
    var child = self.heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard self.heap[child] < self.heap[parent] else { return }
      self.heap.swapAt(child, parent)
      child = parent
    }
  }

  /// Takes out the first slot whose time has come.
  mutating func takeDue(at now: Instant) -> Slot? {
    guard let first = self.heap.first, first.at <= now else { return nil }
    let last = self.heap.removeLast()
    guard !self.heap.isEmpty else { return first.slot }
    self.heap[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < self.heap.count {
        if self.heap[child] < self.heap[least] { least = child }
      }
      guard least != parent else { return first.slot }
      self.heap.swapAt(parent, least)
      parent = least
    }
  }
}

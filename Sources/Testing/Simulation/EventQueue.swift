// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// What will happen in a world, earliest first; of what happens at one moment, what was planned first.
struct EventQueue<Element: Sendable>: Sendable {
  private struct Entry: Sendable {
    var at: Instant
    var order: UInt64
    var element: Element

    static func < (a: Entry, b: Entry) -> Bool { (a.at, a.order) < (b.at, b.order) }
  }

  /// A binary heap.
  private var heap: [Entry] = []
  private var order: UInt64 = 0

  mutating func add(_ element: Element, at: Instant) {
    self.order += 1
    self.heap.append(Entry(at: at, order: self.order, element: element))
    var child = self.heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard self.heap[child] < self.heap[parent] else { return }
      self.heap.swapAt(child, parent)
      child = parent
    }
  }

  mutating func next() -> (element: Element, at: Instant)? {
    guard let first = self.heap.first else { return nil }
    let last = self.heap.removeLast()
    guard !self.heap.isEmpty else { return (first.element, first.at) }
    self.heap[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < self.heap.count {
        if self.heap[child] < self.heap[least] { least = child }
      }
      guard least != parent else { return (first.element, first.at) }
      self.heap.swapAt(parent, least)
      parent = least
    }
  }
}

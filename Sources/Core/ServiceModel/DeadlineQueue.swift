// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import HeapModule

/// What is due when, earliest first; of what is due at one moment, what was added first, so that every run is the same.
package struct DeadlineQueue<Element: Sendable>: Sendable {
  private struct Entry: Sendable, Comparable {
    var at: Instant
    var order: UInt64
    var element: Element

    static func < (a: Entry, b: Entry) -> Bool { (a.at, a.order) < (b.at, b.order) }
    static func == (a: Entry, b: Entry) -> Bool { (a.at, a.order) == (b.at, b.order) }
  }

  private var heap = Heap<Entry>()
  private var order: UInt64 = 0

  package init() {}

  /// When the first is due.
  package var next: Instant? { self.heap.min?.at }

  package mutating func add(_ element: Element, at: Instant) {
    self.order += 1
    self.heap.insert(Entry(at: at, order: self.order, element: element))
  }

  package mutating func takeFirst() -> (element: Element, at: Instant)? {
    self.heap.popMin().map { ($0.element, $0.at) }
  }

  /// Takes out the first element if its time has come.
  package mutating func takeDue(at now: Instant) -> Element? {
    guard let next, next <= now else { return nil }
    return self.heap.removeMin().element
  }
}

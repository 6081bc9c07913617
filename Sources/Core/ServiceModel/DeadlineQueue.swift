// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What is due when, in the order of `DeadlineOrder`.
package struct DeadlineQueue<Element: Sendable>: Sendable {
  private var order = DeadlineOrder()
  private var slots: [Element?] = []

  package init() {}

  /// When the first is due.
  package var next: Instant? { self.order.next }

  package mutating func add(_ element: Element, at: Instant) {
    let slot = self.order.add(at: at)
    if slot == self.slots.count { self.slots.append(element) } else { self.slots[slot] = element }
  }

  package mutating func takeFirst() -> (element: Element, at: Instant)? {
    guard let (slot, at) = self.order.takeFirst(), let element = self.slots[slot].take() else { return nil }
    return (element, at)
  }

  /// Takes out the first element if its time has come.
  package mutating func takeDue(at now: Instant) -> Element? {
    guard let next, next <= now else { return nil }
    return self.takeFirst()?.element
  }
}

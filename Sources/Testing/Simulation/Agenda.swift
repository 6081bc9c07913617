// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// What is planned to happen. A `DeadlineQueue`, but for one kind of element: a world does little else than ask for the
/// next, and generic code takes three times as long.
struct Agenda {
  private var order = DeadlineOrder()
  private var slots: [World.Happening] = []

  /// When the first is due.
  var next: Instant? { self.order.next }

  mutating func add(_ happening: World.Happening, at: Instant) {
    let slot = self.order.add(at: at)
    if slot == self.slots.count { self.slots.append(happening) } else { self.slots[slot] = happening }
  }

  mutating func takeFirst() -> (World.Happening, at: Instant)? {
    guard let (slot, at) = self.order.takeFirst() else { return nil }
    var happening = World.Happening.ended
    swap(&happening, &self.slots[slot])
    return (happening, at)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow

/// The next step of all switches on their shortest ways to one of them.
struct Routes: Sendable {
  struct Hop: Sendable, Equatable {
    var link: Topology.Link
    /// The way is there now. If it is not, flows that took it may still be in the switch.
    var isOpen: Bool
  }

  /// By switch; nil for the destination, and where there never was a way.
  private(set) var hops: [Hop?] = []

  /// The way that a packet takes on from a switch.
  func link(from slot: Int) -> Topology.Link? {
    guard slot < self.hops.count, let hop = self.hops[slot], hop.isOpen else { return nil }
    return hop.link
  }

  /// Finds the shortest ways anew. A switch keeps its next step where that still is on a shortest way.
  ///
  /// All flows that lead to the destination follow these hops: each leads closer to it, so none of them can make a
  /// circle. A hop that is not open keeps its flows, because there is no better way: it belongs to a part of the network
  /// that the destination has left as a whole, and no flow that is newer leads there.
  ///
  /// - Returns: the switches that have another next step now.
  mutating func update(to destination: Int, _ links: [[Topology.Link]]) -> [Int] {
    var distances: [Int?] = Array(repeating: nil, count: links.count)
    distances[destination] = 0
    var queue = [destination]
    var next = 0
    while next < queue.count {
      let slot = queue[next]
      for link in links[slot] where distances[link.peer] == nil {
        distances[link.peer] = (distances[slot] ?? 0) + 1
        queue.append(link.peer)
      }
      next += 1
    }
    var changed: [Int] = []
    for slot in links.indices {
      if slot == self.hops.count { self.hops.append(nil) }
      let old = self.hops[slot]
      guard slot != destination, let distance = distances[slot] else {
        self.hops[slot]?.isOpen = false
        continue
      }
      let closer = links[slot].filter { distances[$0.peer] == distance - 1 }
      guard let link = closer.first(where: { $0 == old?.link }) ?? closer.first else { continue }
      self.hops[slot] = Hop(link: link, isOpen: true)
      if let old, old.link.port != link.port { changed.append(slot) }
    }
    return changed
  }

  mutating func forget(_ slot: Int) {
    if slot < self.hops.count { self.hops[slot] = nil }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import APIModel

/// What the controller has said that a move breaks (event `connections-break`).
package struct AnnouncedLoss: Sendable, Equatable {
  /// Slots that move, of all. 0 of 1: nothing was announced.
  package private(set) var moved = 0
  package private(set) var slots = 1
  /// By what the agents had counted; nil: not known.
  package private(set) var connections: Int?

  package init(_ events: [EventResource] = []) {
    guard let event = events.last(where: { $0.kind == "connections-break" }),
      let moved = event.attributes["moved"].flatMap({ Int($0) }),
      let slots = event.attributes["slots"].flatMap({ Int($0) }),
      slots > 0
    else { return }
    self.moved = moved
    self.slots = slots
    self.connections = event.attributes["connections"].flatMap { Int($0) }
  }

  package var share: Double { Double(self.moved) / Double(self.slots) }

  package func expected(of connections: Int) -> Int { Int((self.share * Double(connections)).rounded()) }

  /// Connections fall into slots by chance: three standard deviations of a binomial distribution are allowed.
  package func agrees(with broken: Int, of connections: Int) -> Bool {
    let deviation = (Double(connections) * self.share * (1 - self.share)).squareRoot()
    return abs(Double(broken) - self.share * Double(connections)) <= 3 * deviation
  }
}

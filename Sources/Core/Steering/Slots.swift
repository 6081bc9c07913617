// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Divides the slots of a select group among regions.
///
/// A switch hashes a new connection to a slot, and takes the next live one if that slot's region is dead. So
/// 1. shares are as close to the weights as whole slots allow;
/// 2. another share moves only as many slots as it must, because connections that no tracker remembers move with them;
/// 3. a region's slots are followed by those of all others alike, so that its load spreads when it dies.
package struct Slots: Equatable {
  /// The owner of each slot, an index into the weights.
  package private(set) var owners: [Int]

  /// - Parameters:
  ///   - previous: each slot's owner so far, nil if it has none any more. One slot at least.
  ///   - weights: at least one is above 0. Their sum times the number of slots is below 2^63.
  package init(_ previous: [Int?], weights: [Int]) {
    var layout = Layout(previous, quotas: Self.quotas(weights, of: previous.count))
    layout.fillFree()
    layout.moveSurplus()
    self.owners = layout.owners.map { $0! }
  }

  /// The fewest slots, of the numbers that a switch handles well, with which every region's share is right within half a
  /// per cent of all, and each heir's part of a dead region's share within two per cent of that share. The most, if
  /// there are too many regions for that.
  package static func count(for weights: [Int], among counts: [Int]) -> Int {
    let fitting = counts.first { count in
      let quotas = self.quotas(weights, of: count)
      return Self.areExact(quotas, weights, within: 200)
        && quotas.indices.allSatisfy { dead in
          var heirs = weights
          heirs[dead] = 0
          guard weights[dead] > 0, heirs.contains(where: { $0 > 0 }) else { return true }
          return Self.areExact(self.quotas(heirs, of: quotas[dead]), heirs, within: 50)
        }
    }
    return fitting ?? counts.last ?? 1
  }

  /// - Parameter part: 200: no share is off by more than a 200th of the whole.
  private static func areExact(_ quotas: [Int], _ weights: [Int], within part: Int) -> Bool {
    let (count, total) = (quotas.reduce(0, +), weights.reduce(0, +))
    return zip(quotas, weights).allSatisfy { quota, weight in
      abs(quota * total - weight * count) * part <= count * total
    }
  }

  /// Whole slots by largest remainders; of equal ones the first.
  package static func quotas(_ weights: [Int], of count: Int) -> [Int] {
    let total = weights.reduce(0, +)
    precondition(total > 0, "no weight is above 0")
    var quotas = weights.map { $0 * count / total }
    let remainders = weights.enumerated().sorted { a, b in
      let (x, y) = (a.element * count % total, b.element * count % total)
      return x != y ? x > y : a.offset < b.offset
    }
    for index in remainders.prefix(count - quotas.reduce(0, +)).map(\.offset) { quotas[index] += 1 }
    return quotas
  }
}

/// Slots while they are being divided, with the count of who is followed by whom.
private struct Layout {
  private(set) var owners: [Int?]
  private let quotas: [Int]
  private var counts: [Int]
  /// How many slots of one region (row) are followed by a slot of another (column).
  private var pairs: [[Int]]
  /// What `pairs` would be if followers were spread evenly, in thousandths.
  private let evenPairs: [[Int]]

  init(_ previous: [Int?], quotas: [Int]) {
    let regions = quotas.indices
    self.owners = previous.map { owner in owner.flatMap { quotas[$0] > 0 ? $0 : nil } }
    self.quotas = quotas
    self.counts = quotas.map { _ in 0 }
    self.pairs = quotas.map { _ in quotas.map { _ in 0 } }
    let count = previous.count
    self.evenPairs = quotas.map { a in quotas.map { b in max(a * b * 1000 / max(count - a, 1), 500) } }
    for region in regions { self.counts[region] = self.owners.count { $0 == region } }
    for slot in self.owners.indices { self.count(self.owners[slot], self.next(slot), 1) }
  }

  mutating func fillFree() {
    for slot in self.owners.indices where self.owners[slot] == nil {
      // In step with the quotas, so that no region is left over for the end.
      let cheapest = self.quotas.indices.filter { self.counts[$0] < self.quotas[$0] }.min { a, b in
        self.fillCost(slot, a) < self.fillCost(slot, b)
      }
      if let cheapest { self.give(slot, to: cheapest) }
    }
  }

  /// One slot after another from who has too many to who lacks most.
  mutating func moveSurplus() {
    while let receiver = self.quotas.indices.max(by: { self.lack(of: $0) < self.lack(of: $1) }),
      self.lack(of: receiver) > 0
    {
      let slot = self.owners.indices.filter { self.owners[$0].map { self.lack(of: $0) < 0 } ?? true }.min { a, b in
        self.moveCost(a, receiver) < self.moveCost(b, receiver)
      }
      guard let slot else { return }
      self.give(slot, to: receiver)
    }
  }

  private func lack(of region: Int) -> Int { self.quotas[region] - self.counts[region] }

  private func fillCost(_ slot: Int, _ region: Int) -> Int {
    let pace = self.counts[region] * 1000 / self.quotas[region] - slot * 1000 / self.owners.count
    return self.cost(self.previous(slot), region) + self.cost(region, self.next(slot))
      + pace * min(self.quotas.count, 4)
  }

  private func moveCost(_ slot: Int, _ receiver: Int) -> Int {
    let (before, owner, after) = (self.previous(slot), self.owners[slot], self.next(slot))
    return self.cost(before, receiver) + self.cost(receiver, after) - self.cost(before, owner)
      - self.cost(owner, after)
  }

  /// How crowded a pair is already, in thousandths. One behind itself takes nothing over.
  private func cost(_ first: Int?, _ second: Int?) -> Int {
    guard let first, let second else { return 0 }
    return first == second ? 1000 : self.pairs[first][second] * 1_000_000 / self.evenPairs[first][second]
  }

  private mutating func give(_ slot: Int, to region: Int) {
    let (before, owner, after) = (self.previous(slot), self.owners[slot], self.next(slot))
    self.count(before, owner, -1)
    self.count(owner, after, -1)
    self.count(before, region, 1)
    self.count(region, after, 1)
    if let owner { self.counts[owner] -= 1 }
    self.counts[region] += 1
    self.owners[slot] = region
  }

  private mutating func count(_ first: Int?, _ second: Int?, _ change: Int) {
    if let first, let second { self.pairs[first][second] += change }
  }

  private func previous(_ slot: Int) -> Int? { self.owners[slot == 0 ? self.owners.count - 1 : slot - 1] }
  private func next(_ slot: Int) -> Int? { self.owners[slot + 1 == self.owners.count ? 0 : slot + 1] }
}

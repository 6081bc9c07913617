// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Balancing
import ServiceModel
import Testing

/// What holds for every policy that follows the load, whatever is measured.
@Suite struct BalancerLawTests {
  private static let balancers: [any Balancer] = [
    LeastConnections(), LoadSharing(LoadLimit(threshold: 100, hysteresis: 20)),
    SwitchOver(LoadLimit(threshold: 100, hysteresis: 20)),
  ]

  private struct Story {
    var random: RandomSource
    let count: Int
    var last: Balance?

    init(seed: UInt64) {
      self.random = RandomSource(seed: seed)
      self.count = 1 + Int(self.random.next(below: 5))
    }

    mutating func figures() -> [RegionFigure] {
      (0..<self.count).map { RegionFigure(region: name($0), figure: Int(self.random.next(below: 300))) }
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>) func `somebody always gets new connections, and nobody less than none`(
    seed: UInt64
  ) {
    for balancer in Self.balancers {
      var story = Story(seed: seed)
      for _ in 0..<20 {
        let figures = story.figures()
        let next = balancer.next(after: story.last, figures)
        #expect(next.weights.values.allSatisfy { $0 >= 0 })
        #expect(next.weights.values.contains { $0 > 0 })
        #expect(Set(next.weights.keys).isSubset(of: figures.map(\.region)))
        story.last = next
      }
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>) func `the busiest of those that share never gains, the idlest never loses`(
    seed: UInt64
  ) throws {
    for balancer in Self.balancers.prefix(2) {
      var story = Story(seed: seed)
      for _ in 0..<20 {
        let figures = story.figures()
        let next = balancer.next(after: story.last, figures)
        defer { story.last = next }
        guard let last = story.last, Set(last.weights.keys) == Set(next.weights.keys) else { continue }
        let sharing = figures.filter { next.weights[$0.region] != nil }
        let busiest = try #require(sharing.max { $0.figure < $1.figure })
        let idlest = try #require(sharing.min { $0.figure < $1.figure })
        // A twentieth of an even share is kept for everybody, and rounding takes a little.
        let least = Balance.whole / figures.count / 20 + 3
        #expect(part(of: busiest.region, next) <= max(part(of: busiest.region, last) + 3, least))
        #expect(part(of: idlest.region, next) >= part(of: idlest.region, last) - 3 - least)
      }
    }
  }

  @Test func `a level load changes nothing`() {
    let figures = [RegionFigure(region: name(0), figure: 102), RegionFigure(region: name(1), figure: 98)]
    let last = Balance(weights: [name(0): 6000, name(1): 4000])
    for balancer in Self.balancers.prefix(2) { #expect(balancer.next(after: last, figures) == last) }
  }

  @Test func `regions of different strength come to carry the same`() {
    // The load follows the weights, and the second machine is twice as strong.
    for balancer in Self.balancers.prefix(2) {
      var balance: Balance?
      var loads = [150, 150]
      for _ in 0..<30 {
        let next = balancer.next(
          after: balance, loads.enumerated().map { RegionFigure(region: name($0.offset), figure: $0.element) })
        let whole = next.weights.values.reduce(0, +)
        loads = [
          600 * (next.weights[name(0)] ?? 0) / whole, 300 * (next.weights[name(1)] ?? 0) / whole,
        ]
        balance = next
      }
      #expect(abs(loads[0] - loads[1]) * 10 <= loads[0] + loads[1], "\(loads)")
    }
  }

  @Test func `as few regions share as the load needs, and one is let go only with room to spare`() {
    let sharing = LoadSharing(LoadLimit(threshold: 100, hysteresis: 20))
    func share(_ loads: [Int], after last: Balance?) -> Balance {
      sharing.next(
        after: last, loads.enumerated().map { RegionFigure(region: name($0.offset), figure: $0.element) })
    }
    var balance = share([60, 0, 0], after: nil)
    #expect(balance.weights.keys.sorted() == [name(0)])
    balance = share([130, 0, 0], after: balance)
    #expect(balance.weights.keys.sorted() == [name(0), name(1)])
    #expect(balance.weights[name(0)] == balance.weights[name(1)])
    balance = share([48, 48, 0], after: balance)
    #expect(balance.weights.count == 2, "96 would fit, but without room")
    balance = share([35, 35, 0], after: balance)
    #expect(balance.weights.keys.sorted() == [name(0)])
  }

  @Test func `switching over goes to the next one that has room, and nowhere if nobody has`() {
    let policy = SwitchOver(LoadLimit(threshold: 100, hysteresis: 20))
    func next(_ loads: [Int], after last: Balance?) -> [RegionName] {
      policy.next(
        after: last, loads.enumerated().map { RegionFigure(region: name($0.offset), figure: $0.element) }
      ).weights.keys.sorted()
    }
    func only(_ index: Int) -> Balance { Balance(weights: [name(index): Balance.whole]) }
    #expect(next([100, 0, 0], after: nil) == [name(0)])
    #expect(next([101, 90, 0], after: only(0)) == [name(2)])
    #expect(next([101, 90, 85], after: only(0)) == [name(0)])
    #expect(next([0, 0, 150], after: only(2)) == [name(0)])
  }
}

private func name(_ index: Int) -> RegionName { RegionName(unchecked: "r\(index)") }

/// In ten thousandths.
private func part(of region: RegionName, _ balance: Balance) -> Int {
  (balance.weights[region] ?? 0) * Balance.whole / balance.weights.values.reduce(0, +)
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel
import Steering
import Testing

/// Shares are exact, move little, and spread when their owner dies.
@Suite struct SlotsTests {
  @Test(arguments: [[50, 50], [1, 1, 1], [60, 40, 50, 50], [80, 20], [5, 1, 1], [1, 0, 2], [7, 11, 13, 17, 19]])
  func `shares are within half a per cent of the weights`(weights: [Int]) {
    let count = Slots.count(for: weights, among: Service.slotCounts)
    let owners = Slots(Array(repeating: nil, count: count), weights: weights).owners
    #expect(owners.count == count)
    let total = weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      let slots = owners.count { $0 == index }
      #expect(abs(Double(slots) / Double(count) - Double(weight) / Double(total)) <= 0.005)
    }
  }

  @Test func `two equal regions need no more than sixteen slots`() {
    #expect(Slots.count(for: [100, 100], among: Service.slotCounts) == 16)
    #expect(Slots.count(for: [100, 100, 100], among: Service.slotCounts) == 256)
  }

  @Test func `four have more than their shares need, so that a dead one's can be divided by three`() {
    #expect(Slots.count(for: [50, 50, 50, 50], among: Service.slotCounts) == 256)
    #expect(Slots.count(for: Array(repeating: 1, count: 16), among: Service.slotCounts) == 256, "as far as it goes")
    #expect(Slots.count(for: [1, 1, 0, 0], among: Service.slotCounts) == 16, "standbys inherit nothing")
  }

  @Test(arguments: [3, 4]) func `heirs get an even part of a dead region's share within three per cent of it`(
    regions: Int
  ) {
    let weights = Array(repeating: 50, count: regions)
    let count = Slots.count(for: weights, among: Service.slotCounts)
    let owners = Slots(Array(repeating: nil, count: count), weights: weights).owners
    for dead in 0..<regions {
      var heirs = Array(repeating: 0, count: regions)
      for slot in owners.indices where owners[slot] == dead {
        let next = (0..<count).lazy.map { owners[(slot + $0) % count] }.first { $0 != dead }
        heirs[next ?? dead] += 1
      }
      let share = Double(heirs.reduce(0, +))
      for heir in 0..<regions where heir != dead {
        #expect(abs(Double(heirs[heir]) / share - 1 / Double(regions - 1)) <= 0.03, "\(dead): \(heirs)")
      }
    }
  }

  @Test func `other weights move no more slots than they must`() {
    let before = Slots(Array(repeating: nil, count: 256), weights: [50, 50, 50, 50]).owners
    let after = Slots(before, weights: [60, 40, 50, 50]).owners
    let moved = zip(before, after).count { $0 != $1 }
    #expect(Double(moved) / 256 <= 0.055)
    #expect(zip(before, after).allSatisfy { $0 == $1 || $0 == 1 && $1 == 0 })
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `any change moves the least, and the same weights move nothing`(seed: UInt64) {
    var random = RandomSource(seed: seed)
    let regions = 2 + Int(random.next(below: 6))
    let count = Service.slotCounts[Int(random.next(below: 5))]
    func weights() -> [Int] {
      (0..<regions).map { $0 == 0 ? 1 + Int(random.next(below: 1000)) : Int(random.next(below: 1001)) }
    }
    var owners = Slots(Array(repeating: nil, count: count), weights: weights()).owners
    for _ in 0..<5 {
      let next = weights()
      let moved = Slots(owners, weights: next).owners
      let quotas = Slots.quotas(next, of: count)
      for region in 0..<regions { #expect(moved.count { $0 == region } == quotas[region]) }
      let least = (0..<regions).reduce(0) { sum, region in sum + max(0, quotas[region] - owners.count { $0 == region })
      }
      #expect(zip(owners, moved).count { $0 != $1 } == least)
      #expect(Slots(moved, weights: next).owners == moved)
      owners = moved
    }
  }

  @Test(arguments: [3, 4, 5, 8]) func `a region that dies leaves its load to all others alike`(regions: Int) {
    let owners = Slots(Array(repeating: nil, count: 256), weights: Array(repeating: 1, count: regions)).owners
    for dead in 0..<regions {
      var heirs = Array(repeating: 0, count: regions)
      for slot in owners.indices where owners[slot] == dead {
        let next = (0..<256).lazy.map { owners[(slot + $0) % 256] }.first { $0 != dead }
        heirs[next ?? dead] += 1
      }
      let even = Double(heirs.reduce(0, +)) / Double(regions - 1)
      for heir in 0..<regions where heir != dead { #expect(abs(Double(heirs[heir]) - even) / 256 <= 0.03) }
    }
  }

  @Test func `a slot without an owner goes to who lacks one`() {
    var previous: [Int?] = Slots(Array(repeating: nil, count: 64), weights: [1, 1]).owners
    previous[5] = nil
    previous[9] = nil
    let owners = Slots(previous, weights: [1, 1]).owners
    #expect(zip(previous, owners).allSatisfy { $0 == nil || $0 == $1 })
  }
}

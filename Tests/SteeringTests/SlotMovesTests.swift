// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel
import Steering
import Testing

/// What a change moves where nobody remembers connections, told before it happens.
@Suite struct SlotMovesTests {
  private static let names = (0..<6).map { RegionName(unchecked: "r\($0 + 1)") }

  private func steering(_ owners: [Int], regions: Int = 6) -> ServiceSteering {
    ServiceSteering(
      service: ServiceName(unchecked: "web"),
      choices: Self.names.prefix(regions).map { RegionChoice(region: $0, eligibility: .withRegion) },
      weights: Array(repeating: 1, count: regions), slots: owners.map(UInt8.init))
  }

  private func moves(
    _ before: [Int], _ after: [Int], carrying: Set<Int> = Set(0..<6), then: Set<Int>? = nil, dead: Set<Int> = []
  ) -> SlotMoves {
    SlotMoves(
      from: self.steering(before), carrying: Set(carrying.map { Self.names[$0] }), to: self.steering(after),
      carrying: Set((then ?? carrying).map { Self.names[$0] }), dead: Set(dead.map { Self.names[$0] }))
  }

  @Test func `a drained region loses its slots, and nobody else any`() {
    let owners = [0, 1, 0, 1, 2, 0, 1, 2]
    let moves = self.moves(owners, owners, then: [1, 2])
    #expect(moves.count == 8 && moves.moved == 3)
    #expect(moves.lost == [Self.names[0]: 3])
    #expect(moves.connections(of: [Self.names[0]: 120]) == 120)
    #expect(moves.connections(of: [Self.names[1]: 120]) == nil, "that of the region that loses them must be known")
  }

  @Test func `connections are counted by the share that a region loses`() {
    let moves = self.moves([0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 2, 1, 1, 2, 2])
    #expect(moves.lost == [Self.names[0]: 1, Self.names[1]: 2])
    #expect(moves.connections(of: [Self.names[0]: 100, Self.names[1]: 50]) == 25 + 25)
  }

  @Test func `what is dead or nobody's is not lost again`() {
    let owners = [0, 1, 0, 1]
    #expect(self.moves(owners, owners, then: [1], dead: [0]).moved == 0)
    #expect(self.moves(owners, owners, carrying: [], then: [0, 1]).moved == 0)
  }

  @Test func `of twice as many slots the second half is what the first was`() {
    let owners = [0, 1, 2, 1]
    #expect(self.moves(owners, owners + owners).moved == 0)
    let moves = self.moves(owners, [0, 1, 2, 1, 1, 1, 2, 1])
    #expect(moves.count == 8 && moves.moved == 1)
  }

  @Test func `all moves with a service that has one region at a time`() {
    let moves = self.moves([], [], then: [1, 2])
    #expect(moves.count == 1 && moves.moved == 1)
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `as many slots move as lead elsewhere for a connection`(seed: UInt64) {
    var random = RandomSource(seed: seed)
    func owners() -> [Int] {
      (0..<Service.slotCounts[Int(random.next(below: 3))]).map { _ in Int(random.next(below: 6)) }
    }
    func carrying() -> Set<Int> { Set((0..<6).filter { _ in random.next(below: 4) > 0 }) }
    let (before, after, first, then) = (owners(), owners(), carrying(), carrying())
    let moves = self.moves(before, after, carrying: first, then: then)
    func user(_ hash: Int, _ owners: [Int], _ carrying: Set<Int>) -> Int? {
      owners.indices.lazy.map { owners[(hash + $0) % owners.count] }.first { carrying.contains($0) }
        ?? (0..<6).first { carrying.contains($0) }
    }
    // As a switch does: it takes the last bits of a hash.
    let moved = (0..<64).count { hash in
      let old = user(hash % before.count, before, first)
      return old != nil && old != user(hash % after.count, after, then)
    }
    #expect(moved * moves.count == moves.moved * 64)
    #expect(moves.lost.allSatisfy { $1 <= moves.held[$0, default: 0] })
    #expect(self.moves(before, before, carrying: first).moved == 0)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Simulation
import Testing

/// Whole worlds from seeds.
@Suite struct WorldTests {
  static let regressions: [WorldSeed] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Seeds/regressions.txt")
    return WorldSeed.read((try? String(contentsOf: file, encoding: .utf8)) ?? "")
  }()

  /// Without optimization a world takes ten times as long.
  #if DEBUG
    static let (tiny, small, large) = (200, 100, 10)
  #else
    static let (tiny, small, large) = (2_000, 1_000, 100)
  #endif

  @Test(arguments: regressions + WorldSeed.fixed(large, .large))
  func `a world keeps its promises and heals`(seed: WorldSeed) throws {
    _ = try World(seed).run().get()
  }

  /// A hundred of them make a test.
  @Test(arguments: 0..<tiny / 100)
  func `tiny worlds keep their promises and heal`(hundred: Int) throws {
    for number in hundred * 100..<(hundred + 1) * 100 { _ = try World(WorldSeed(UInt64(number), .tiny)).run().get() }
  }

  @Test(arguments: 0..<small / 100)
  func `small worlds keep their promises and heal`(hundred: Int) throws {
    for number in hundred * 100..<(hundred + 1) * 100 { _ = try World(WorldSeed(UInt64(number))).run().get() }
  }

  @Test(arguments: WorldSeed.fixed(5, .tiny) + WorldSeed.fixed(5) + WorldSeed.fixed(5, .large))
  func `one seed tells one story`(seed: WorldSeed) throws {
    let first = try World(seed).run().get()
    let second = try World(seed).run().get()
    #expect(first == second)
    #expect(first.events > 200)
    #expect(first.judged > 0)
  }

  @Test func `different seeds tell different stories`() throws {
    let fingerprints = try WorldSeed.fixed(5).map { try World($0).run().get().fingerprint }
    #expect(Set(fingerprints).count == 5)
  }

  /// Checkers that cannot fail are worth nothing.
  @Test(arguments: Sabotage.allCases.filter { $0 != .none })
  func `a broken controller breaks promises`(sabotage: Sabotage) {
    let violation = WorldSeed.fixed(1_000).lazy.compactMap { seed -> Violation? in
      if case .failure(let violation) = World(seed, sabotage: sabotage).run() { violation } else { nil }
    }.first
    #expect(violation != nil)
    #expect(
      violation.map { !$0.story.isEmpty && $0.description.contains("isthmus simulate --seed \($0.world.number)") }
        == true)
  }

  @Test func `lost and late packets take nothing out in a quarter of an hour`() throws {
    let report = try Calm(.seconds(900)).run().get()
    #expect(report.losses == 0 && report.moves == 0)
    #expect(report.events > 100_000)
  }

  /// With fewer than n in a row it is noticed.
  @Test func `what is lost too often takes something out`() throws {
    var calm = Calm(.seconds(900))
    calm.oneIn = 2
    #expect(try calm.run().get().losses > 0)
  }

  @Test func `seeds are read one a line`() {
    #expect(
      WorldSeed.read("# none\n1 small\n 22 large # why\n\n3\nx large\n4 huge\n333 small")
        == [WorldSeed(1), WorldSeed(22, .large), WorldSeed(333)])
  }
}

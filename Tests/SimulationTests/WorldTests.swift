// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Simulation
import Testing

/// Whole worlds from seeds.
@Suite struct WorldTests {
  static let regressions: [UInt64] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Seeds/regressions.txt")
    return Seeds.read((try? String(contentsOf: file, encoding: .utf8)) ?? "")
  }()

  /// Without optimization a world takes ten times as long.
  #if DEBUG
    static let count = 60
  #else
    static let count = 300
  #endif

  @Test(arguments: regressions + Seeds.fixed(count))
  func `a world keeps its promises and heals`(seed: UInt64) throws {
    _ = try World(seed: seed).run().get()
  }

  @Test(arguments: Seeds.fixed(5))
  func `one seed tells one story`(seed: UInt64) throws {
    let first = try World(seed: seed).run().get()
    let second = try World(seed: seed).run().get()
    #expect(first == second)
    #expect(first.events > 1000)
    #expect(first.judged > 0)
  }

  @Test func `different seeds tell different stories`() throws {
    let fingerprints = try Seeds.fixed(5).map { try World(seed: $0).run().get().fingerprint }
    #expect(Set(fingerprints).count == 5)
  }

  /// Checkers that cannot fail are worth nothing.
  @Test(arguments: Sabotage.allCases.filter { $0 != .none })
  func `a broken controller breaks promises`(sabotage: Sabotage) {
    let violation = Seeds.fixed(100).lazy.compactMap { seed -> Violation? in
      if case .failure(let violation) = World(seed: seed, sabotage: sabotage).run() { violation } else { nil }
    }.first
    #expect(violation != nil)
    #expect(
      violation.map { !$0.story.isEmpty && $0.description.contains("isthmus simulate --seed \($0.seed)") } == true)
  }

  @Test func `seeds are read one a line`() {
    #expect(Seeds.read("# none\n1\n 22 # why\n\nx\n333") == [1, 22, 333])
  }
}

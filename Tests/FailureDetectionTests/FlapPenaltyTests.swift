// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FailureDetection
import ServiceModel
import Testing

private func t(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

@Suite struct FlapPenaltyTests {
  private static let halfLife = Duration.seconds(60)

  @Test func `one loss damps nothing`() {
    var penalty = FlapPenalty()
    penalty.lost(at: t(0), halfLife: Self.halfLife)
    #expect(penalty.end(halfLife: Self.halfLife) == nil)
  }

  @Test func `two losses within a half-life damp for one to two half-lives`() throws {
    for apart in stride(from: Int64(0), through: 60_000, by: 500) {
      var penalty = FlapPenalty()
      penalty.lost(at: t(1_000_000), halfLife: Self.halfLife)
      penalty.lost(at: t(1_000_000 + apart), halfLife: Self.halfLife)
      let end = try #require(penalty.end(halfLife: Self.halfLife))
      let damped = end - t(1_000_000 + apart)
      #expect(damped >= Self.halfLife && damped <= Self.halfLife * 2, "\(apart) ms apart: \(damped)")
    }
  }

  @Test func `losses two half-lives apart damp nothing, however many`() {
    var penalty = FlapPenalty()
    for loss in 0..<100 {
      penalty.lost(at: t(Int64(loss) * 120_000), halfLife: Self.halfLife)
      #expect(penalty.end(halfLife: Self.halfLife) == nil)
    }
  }

  @Test func `nobody waits longer than two half-lives after the last loss`() throws {
    var penalty = FlapPenalty()
    for loss in 0..<1_000 { penalty.lost(at: t(Int64(loss)), halfLife: Self.halfLife) }
    #expect(try #require(penalty.end(halfLife: Self.halfLife)) == t(999) + Self.halfLife * 2)
  }

  @Test func `without a half-life nothing is damped`() {
    var penalty = FlapPenalty()
    for loss in 0..<10 { penalty.lost(at: t(Int64(loss)), halfLife: nil) }
    #expect(penalty.end(halfLife: nil) == nil)
    #expect(penalty == FlapPenalty())
  }
}

/// Whatever a path or a region's members do, they change no more than four times within a half-life.
@Suite struct FlappingTests {
  private static let detection = Detection(
    heartbeatInterval: .milliseconds(100), misses: 3, rise: 2, hold: .zero, damping: .seconds(30))

  /// - Returns: when something changed from well to not, or back.
  private func changes(seed: UInt64, _ happen: (inout RandomSource, Instant) -> Bool) -> [Instant] {
    var random = RandomSource(seed: seed)
    var was = true
    var changes: [Instant] = []
    for step in 0..<6_000 {
      let now = t(Int64(step) * 50)
      let isWell = happen(&random, now)
      if isWell != was { changes.append(now) }
      was = isWell
    }
    return changes
  }

  private func expectLaw(_ changes: [Instant], _ seed: UInt64) throws {
    let halfLife = try #require(Self.detection.damping)
    for (first, fifth) in zip(changes, changes.dropFirst(4)) {
      #expect(fifth - first > halfLife, "seed \(seed): five changes from \(first) to \(fifth)")
    }
  }

  @Test(arguments: 0..<200) func `a path changes at most four times within a half-life`(seed: UInt64) throws {
    var path = PathDetector(at: t(0))
    var isUp = true
    let changes = self.changes(seed: seed) { random, now in
      // Some worlds change every few answers, some every few seconds.
      if random.next(below: [3, 10, 40, 150][Int(seed % 4)]) == 0 { isUp.toggle() }
      if isUp { path.answered(at: now, Self.detection) } else if seed % 3 == 0 { path.missed(at: now, Self.detection) }
      if seed % 5 == 0 { path.port(isUp: isUp, at: now, Self.detection) }
      path.advance(to: now, Self.detection)
      return path.isWell
    }
    #expect(!changes.isEmpty)
    try self.expectLaw(changes, seed)
  }

  @Test(arguments: 0..<200) func `members change at most four times within a half-life`(seed: UInt64) throws {
    let mode: Detection.Mode = seed % 2 == 0 ? .immediate : .heartbeat
    var service = ServiceDetector(at: t(0))
    var isUp = true
    let changes = self.changes(seed: seed) { random, now in
      if random.next(below: [3, 10, 40, 150][Int(seed % 4)]) == 0 { isUp.toggle() }
      let report = ServiceReport(target: 1, state: isUp ? .up : .down(.refused), lastGoodAge: nil)
      service.reported(report, mode: mode, at: now, Self.detection)
      return service.isServing
    }
    #expect(!changes.isEmpty)
    try self.expectLaw(changes, seed)
  }

  /// The case that users of other tools ask for: 5 s up, 5 s down, for 10 minutes.
  @Test(arguments: Detection.Mode.allCases) func `a member that flaps for ten minutes moves traffic three times`(
    mode: Detection.Mode
  ) {
    var detection = Detection()
    detection.hold = .zero
    var service = ServiceDetector(at: t(0))
    var changes = 0
    for step in 0..<6_000 {
      let now = t(Int64(step) * 100)
      let wasServing = service.isServing
      let report = ServiceReport(
        target: 1, state: step / 50 % 2 == 0 ? .up : .down(.refused), lastGoodAge: nil)
      service.reported(report, mode: mode, at: now, detection)
      if service.isServing != wasServing { changes += 1 }
    }
    #expect(changes == 3)
    #expect(!service.isServing)
    // Then it is well, and returns.
    for step in 6_000..<8_000 {
      service.reported(
        ServiceReport(target: 1, state: .up, lastGoodAge: nil), mode: mode, at: t(Int64(step) * 100), detection)
    }
    #expect(service.isServing)
  }

  @Test func `what is damped is proven, so that it serves where there is nobody else`() {
    var path = PathDetector(at: t(0))
    var now = t(0)
    func pass(_ milliseconds: Int, answering: Bool) {
      for _ in 0..<(milliseconds / 50) {
        now = now + .milliseconds(50)
        if answering { path.answered(at: now, Self.detection) }
        path.advance(to: now, Self.detection)
      }
    }
    pass(1_000, answering: false)
    pass(1_000, answering: true)
    #expect(path.isWell)
    pass(1_000, answering: false)
    pass(1_000, answering: true)
    #expect(path.standing(Self.detection) == .proven)
    #expect(path.dampedUntil(Self.detection).map { $0 > now } == true)
    pass(60_000, answering: true)
    #expect(path.isWell)
  }
}

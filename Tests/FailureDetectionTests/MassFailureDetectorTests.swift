// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FailureDetection
import ServiceModel
import Testing

private func t(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }
private func region(_ index: Int) -> RegionName { RegionName(unchecked: "r\(index)") }

@Suite struct MassFailureDetectorTests {
  private static let limit = MassFailureLimit(percent: 50, within: .seconds(10))

  /// - Returns: how many of the losses it took until holding began; nil: it did not.
  private func lose(
    _ count: Int, of total: Int, regions: Int, every interval: Int64 = 10, into detector: inout MassFailureDetector
  ) -> Int? {
    for loss in 0..<count {
      let isTooMuch = detector.lost(
        ServiceName(unchecked: "service-\(loss)"), in: region(loss % regions), of: total, at: t(Int64(loss) * interval),
        Self.limit)
      if isTooMuch { return loss + 1 }
    }
    return nil
  }

  @Test func `more than the share, in more than one region, is too much`() {
    var detector = MassFailureDetector()
    #expect(self.lose(100, of: 100, regions: 2, into: &detector) == 51)
    #expect(detector.isHolding)
  }

  @Test func `one region may lose all it has`() {
    var detector = MassFailureDetector()
    #expect(self.lose(100, of: 100, regions: 1, into: &detector) == nil)
  }

  @Test func `a service that fails in every region counts once`() {
    var detector = MassFailureDetector()
    for loss in 0..<50 {
      let isTooMuch = detector.lost(
        ServiceName(unchecked: "service-\(loss % 5)"), in: region(loss / 5), of: 100, at: t(Int64(loss)), Self.limit)
      #expect(!isTooMuch)
    }
  }

  @Test func `a few services are no mass`() {
    var detector = MassFailureDetector()
    #expect(self.lose(4, of: 4, regions: 2, into: &detector) == nil)
    detector = MassFailureDetector()
    #expect(self.lose(5, of: 5, regions: 2, into: &detector) == 5)
  }

  @Test func `what failed earlier does not count`() {
    var detector = MassFailureDetector()
    #expect(self.lose(100, of: 100, regions: 2, every: 250, into: &detector) == nil)
  }

  @Test func `holding ends when the losses are old and what is held is well again`() {
    var detector = MassFailureDetector()
    _ = self.lose(60, of: 100, regions: 2, into: &detector)
    #expect(detector.deadline(Self.limit) == t(10_000))
    for (moment, isRecovered, ends) in [(Int64(9_999), true, false), (10_500, false, false), (10_500, true, true)] {
      let isOver = detector.advance(to: t(moment), of: 100, isRecovered: isRecovered, Self.limit)
      #expect(isOver == ends)
      #expect(detector.isHolding == !ends)
    }
    #expect(detector.deadline(Self.limit) == nil)
  }

  @Test func `what a person believes does not hold again until it is over`() {
    var detector = MassFailureDetector()
    _ = self.lose(60, of: 100, regions: 2, into: &detector)
    let (first, second) = (detector.believe(), detector.believe())
    #expect(first && !second)
    #expect(self.lose(90, of: 100, regions: 2, into: &detector) == nil)
    _ = detector.advance(to: t(60_000), of: 100, isRecovered: true, Self.limit)
    for loss in 0..<60 {
      let isTooMuch = detector.lost(
        ServiceName(unchecked: "service-\(loss)"), in: region(loss % 2), of: 100, at: t(70_000), Self.limit)
      #expect(isTooMuch == (loss == 50))
    }
  }

  @Test func `a limit that is taken away ends it`() {
    var detector = MassFailureDetector()
    _ = self.lose(60, of: 100, regions: 2, into: &detector)
    let isOver = detector.advance(to: t(600), of: 100, isRecovered: false, nil)
    #expect(isOver)
    #expect(detector == MassFailureDetector())
  }
}

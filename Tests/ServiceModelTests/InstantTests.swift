// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel
import Testing

@Suite struct InstantTests {
  @Test func `differences of instants are durations`() {
    let start = Instant(nanoseconds: 5)
    #expect(start + .milliseconds(1) - start == .milliseconds(1))
    #expect(start < start + .nanoseconds(1))
    #expect(start - .nanoseconds(5) == Instant(nanoseconds: 0))
  }

  @Test func `a duration's nanoseconds are whole and signed`() {
    #expect(Duration.seconds(-1).nanoseconds == -1_000_000_000)
    #expect(Duration.milliseconds(1500).nanoseconds == 1_500_000_000)
    #expect(Duration(secondsComponent: 0, attosecondsComponent: 999_999_999).nanoseconds == 0)
  }
}

@Suite struct RandomSourceTests {
  @Test func `the same seed draws the same numbers`() {
    var a = RandomSource(seed: 7)
    var b = RandomSource(seed: 7)
    for _ in 0..<100 { #expect(a.next() == b.next()) }
    // The first number of SplitMix64 from seed 0, as published.
    var zero = RandomSource(seed: 0)
    #expect(zero.next() == 0xe220_a839_7b1d_cdaf)
  }

  @Test func `bounded numbers are within their bound and reach all of it`() {
    var random = RandomSource(seed: 1)
    let drawn = (0..<1000).map { _ in random.next(below: 7) }
    #expect(Set(drawn) == Set(0..<7))
  }
}

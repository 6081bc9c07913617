// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel
import Testing

@Suite struct NonceSourceTests {
  /// From the appendix of "SipHash: a fast short-input PRF" (Aumasson, Bernstein 2012).
  @Test func `SipHash of the paper's example`() {
    let key = SipHash.Key(first: 0x0706_0504_0302_0100, second: 0x0f0e_0d0c_0b0a_0908)
    #expect(SipHash.tag(of: (0..<15).map(UInt8.init), key: key) == 0xa129_ca61_49be_45e5)
  }

  @Test func `one seed draws one row of numbers, another seed another`() {
    func numbers(_ seed: UInt64) -> [UInt64] {
      var source = NonceSource(seed: seed)
      return (0..<100).map { _ in source.next() }
    }
    #expect(numbers(1) == numbers(1))
    #expect(Set(numbers(1) + numbers(2)).count == 200)
  }
}

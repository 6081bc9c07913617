// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// SipHash-2-4 (Aumasson, Bernstein 2012): a keyed hash of 64 bits for short messages. Who does not know the key cannot
/// make the tag of a message that he has not seen.
package struct SipHash: Sendable {
  private var v0: UInt64
  private var v1: UInt64
  private var v2: UInt64
  private var v3: UInt64

  private init(_ key: Key) {
    self.v0 = key.first ^ 0x736f_6d65_7073_6575
    self.v1 = key.second ^ 0x646f_7261_6e64_6f6d
    self.v2 = key.first ^ 0x6c79_6765_6e65_7261
    self.v3 = key.second ^ 0x7465_6462_7974_6573
  }

  /// 128 bits, as two words in little-endian order.
  package struct Key: Sendable, Equatable {
    package var first: UInt64
    package var second: UInt64

    package init(first: UInt64, second: UInt64) {
      self.first = first
      self.second = second
    }
  }

  /// The tag of `bytes`.
  package static func tag(of bytes: some Collection<UInt8>, key: Key) -> UInt64 {
    var state = SipHash(key)
    var word: UInt64 = 0
    var count: UInt64 = 0
    for byte in bytes {
      word |= UInt64(byte) << (8 * (count & 7))
      count &+= 1
      if count & 7 == 0 {
        state.absorb(word)
        word = 0
      }
    }
    state.absorb(word | count << 56)
    state.v2 ^= 0xff
    for _ in 0..<4 { state.round() }
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3
  }

  private mutating func absorb(_ word: UInt64) {
    self.v3 ^= word
    self.round()
    self.round()
    self.v0 ^= word
  }

  private mutating func round() {
    self.v0 &+= self.v1
    self.v1 = rotate(self.v1, 13) ^ self.v0
    self.v0 = rotate(self.v0, 32)
    self.v2 &+= self.v3
    self.v3 = rotate(self.v3, 16) ^ self.v2
    self.v0 &+= self.v3
    self.v3 = rotate(self.v3, 21) ^ self.v0
    self.v2 &+= self.v1
    self.v1 = rotate(self.v1, 17) ^ self.v2
    self.v2 = rotate(self.v2, 32)
  }
}

private func rotate(_ word: UInt64, _ bits: UInt64) -> UInt64 { word << bits | word >> (64 - bits) }

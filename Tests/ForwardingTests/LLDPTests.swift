// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import PacketHeaders
import Testing

@Suite struct LLDPTests {
  private let unit = LLDPDataUnit(
    chassis: .init(subtype: 4, value: [2, 0, 0, 0, 0, 1]), port: .init(subtype: 7, value: Array("17".utf8)),
    timeToLive: 120, extensions: [.init(organization: 0x02_4953, subtype: 1, value: [1, 2, 3])])

  @Test func `a data unit survives being bytes, and padding`() {
    #expect(LLDPDataUnit(bytes: self.unit.bytes) == self.unit)
    #expect(LLDPDataUnit(bytes: self.unit.bytes + [UInt8](repeating: 0xff, count: 20)) == self.unit)
  }

  @Test func `the bytes are those of the standard`() {
    #expect(
      self.unit.bytes == [
        0x02, 7, 4, 2, 0, 0, 0, 0, 1, 0x04, 3, 7, 0x31, 0x37, 0x06, 2, 0, 120, 0xfe, 7, 0x02, 0x49, 0x53, 1, 1, 2, 3,
        0, 0,
      ])
  }

  @Test func `other elements are skipped, also the longest`() {
    let end = self.unit.bytes.count - 2
    var bytes = self.unit.bytes
    bytes.insert(contentsOf: [0x0b, 0xff] + [UInt8](repeating: 0x41, count: 511), at: end)
    #expect(LLDPDataUnit(bytes: bytes) == self.unit)
  }

  @Test func `what lacks a mandatory element, or has it twice or elsewhere, is none`() {
    let chassis = Array(self.unit.bytes[..<9])
    let port = Array(self.unit.bytes[9..<14])
    let life = Array(self.unit.bytes[14..<18])
    let end: [UInt8] = [0, 0]
    #expect(LLDPDataUnit(bytes: chassis + port + life + end) != nil)
    for wrong in [
      port + life + end, chassis + life + end, chassis + port + end, port + chassis + life + end,
      chassis + port + life + chassis + end, chassis + port + life, [],
    ] { #expect(LLDPDataUnit(bytes: wrong) == nil) }
  }

  @Test func `what was cut anywhere, or has any byte wrong, never traps`() {
    for length in 0..<self.unit.bytes.count {
      #expect(LLDPDataUnit(bytes: Array(self.unit.bytes.prefix(length))) == nil)
    }
    for index in self.unit.bytes.indices {
      for value in 0...255 as ClosedRange<UInt8> {
        var bytes = self.unit.bytes
        bytes[index] = value
        _ = LLDPDataUnit(bytes: bytes)
      }
    }
  }
}

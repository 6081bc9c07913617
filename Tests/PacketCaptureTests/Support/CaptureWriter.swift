// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import PacketCapture

/// Writes captures as other programs do, to have something to read.
struct CaptureWriter {
  var isBigEndian = false
  var bytes: [UInt8] = []

  func number<Value: FixedWidthInteger & UnsignedInteger>(_ value: Value) -> [UInt8] {
    self.isBigEndian ? bigEndian(value) : bigEndian(value).reversed()
  }

  static func pcap(_ packets: [CapturedPacket], isBigEndian: Bool = false, nanoseconds: Bool = false) -> [UInt8] {
    var writer = CaptureWriter(isBigEndian: isBigEndian)
    writer.bytes = writer.number(nanoseconds ? 0xa1b2_3c4d as UInt32 : 0xa1b2_c3d4)
    writer.bytes += writer.number(2 as UInt16) + writer.number(4 as UInt16) + [UInt8](repeating: 0, count: 8)
    writer.bytes += writer.number(65_535 as UInt32) + writer.number(UInt32(packets.first?.linkType.rawValue ?? 1))
    for packet in packets {
      let time = packet.time ?? CaptureTime(seconds: 0)
      writer.bytes += writer.number(UInt32(time.seconds))
      writer.bytes += writer.number(nanoseconds ? time.nanoseconds : time.nanoseconds / 1000)
      writer.bytes += writer.number(UInt32(packet.bytes.count)) + writer.number(UInt32(packet.originalLength))
      writer.bytes += packet.bytes
    }
    return writer.bytes
  }

  mutating func block(_ type: UInt32, _ body: [UInt8]) {
    let padded = body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
    let length = self.number(UInt32(padded.count + 12))
    self.bytes += self.number(type) + length + padded + length
  }

  mutating func section() {
    let order = self.number(0x1a2b_3c4d as UInt32)
    self.block(
      0x0a0d_0d0a,
      order + self.number(1 as UInt16) + self.number(0 as UInt16) + [UInt8](repeating: 0xff, count: 8))
  }

  func option(_ code: UInt16, _ value: [UInt8]) -> [UInt8] {
    self.number(code) + self.number(UInt16(value.count)) + value
      + [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
  }

  mutating func interface(_ type: LinkType, snapshotLength: UInt32 = 0, options: [UInt8] = []) {
    self.block(1, self.number(type.rawValue) + [0, 0] + self.number(snapshotLength) + options)
  }

  mutating func enhanced(_ packet: CapturedPacket, interface: UInt32 = 0, ticks: UInt64) {
    self.block(
      6,
      self.number(interface) + self.number(UInt32(ticks >> 32)) + self.number(UInt32(truncatingIfNeeded: ticks))
        + self.number(UInt32(packet.bytes.count)) + self.number(UInt32(packet.originalLength)) + packet.bytes)
  }

  mutating func simple(_ packet: CapturedPacket) {
    self.block(3, self.number(UInt32(packet.originalLength)) + packet.bytes)
  }

  mutating func obsolete(_ packet: CapturedPacket, interface: UInt16 = 0, ticks: UInt64) {
    self.block(
      2,
      self.number(interface) + [0, 0] + self.number(UInt32(ticks >> 32))
        + self.number(UInt32(truncatingIfNeeded: ticks)) + self.number(UInt32(packet.bytes.count))
        + self.number(UInt32(packet.originalLength)) + packet.bytes)
  }
}

/// All packets of a capture that arrives in pieces of `chunk` bytes, and why reading stopped before its end, if it did.
func read(_ bytes: [UInt8], chunk: Int = .max) -> (packets: [CapturedPacket], error: CaptureError?) {
  var reader = CaptureReader()
  var packets: [CapturedPacket] = []
  do throws(CaptureError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      reader.append(rest.prefix(chunk))
      rest = rest.dropFirst(chunk)
      while let packet = try reader.next() { packets.append(packet) }
    }
    try reader.finish()
    return (packets, nil)
  } catch {
    return (packets, error)
  }
}

/// A small generator whose numbers are the same on every machine (Steele, Lea and Flood, 2014).
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    self.state &+= 0x9e37_79b9_7f4a_7c15
    var z = self.state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(self.next() % UInt64(bound)) }
}

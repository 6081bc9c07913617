// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A whole block of pcapng. Places in it are counted from its first byte.
struct PcapngBlock {
  var type: UInt32
  var bytes: [UInt8]
  /// Where in the file it begins.
  var offset: Int
  var order: ByteOrder

  func number<Value: FixedWidthInteger & UnsignedInteger>(
    _ type: Value.Type = Value.self, at index: Int, _ what: String
  ) throws(CaptureError) -> Value {
    guard let value = self.order.read(type, in: self.bytes.dropLast(4), at: index) else {
      throw .truncated(
        what: what, offset: self.offset + index, needed: Value.bitWidth / 8,
        available: max(0, self.bytes.count - 4 - index))
    }
    return value
  }

  /// A block ends with its length once more: what a damaged file does not have.
  func checkEnd() throws(CaptureError) {
    let index = self.bytes.count - 4
    guard let length = self.order.read(UInt32.self, in: self.bytes[...], at: index),
      length == UInt32(self.bytes.count)
    else {
      throw .badValue(
        what: "block length at its end", offset: self.offset + index,
        value: UInt64(self.order.read(UInt32.self, in: self.bytes[...], at: index) ?? 0),
        accepted: "that at its beginning, \(self.bytes.count)")
    }
  }

  /// The packet of an enhanced packet block, or of an obsolete one: time, lengths and bytes.
  func packet(of interface: PcapngInterface, timeAt index: Int) throws(CaptureError) -> CapturedPacket {
    let high = UInt64(try self.number(UInt32.self, at: index, "time"))
    let low = UInt64(try self.number(UInt32.self, at: index + 4, "time"))
    let captured = try self.number(UInt32.self, at: index + 8, "length of a packet")
    let original = try self.number(UInt32.self, at: index + 12, "length of a packet")
    return CapturedPacket(
      time: interface.clock.time(ofTicks: high << 32 | low), linkType: interface.linkType,
      bytes: try self.slice(at: index + 16, length: captured, lengthAt: index + 8),
      originalLength: max(Int(original), Int(captured)))
  }

  /// The packet of a simple packet block, which does not say how much of it was captured.
  func simplePacket(of interface: PcapngInterface) throws(CaptureError) -> CapturedPacket {
    let original = try self.number(UInt32.self, at: 8, "length of a packet")
    let captured = interface.snapshotLength == 0 ? original : min(original, interface.snapshotLength)
    return CapturedPacket(
      time: nil, linkType: interface.linkType, bytes: try self.slice(at: 12, length: captured, lengthAt: 8),
      originalLength: Int(original))
  }

  private func slice(at index: Int, length: UInt32, lengthAt: Int) throws(CaptureError) -> [UInt8] {
    let available = self.bytes.count - 4 - index
    guard length <= CaptureLimits.packetLength, Int(length) <= available else {
      throw .badValue(
        what: "length of a packet", offset: self.offset + lengthAt, value: UInt64(length),
        accepted: "at most \(max(0, min(available, CaptureLimits.packetLength)))")
    }
    return [UInt8](self.bytes[index..<(index + Int(length))])
  }
}

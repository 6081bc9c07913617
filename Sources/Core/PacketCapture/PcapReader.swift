// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The classic format of libpcap (draft-ietf-opsawg-pcap): a header of 24 bytes, then packets, each with a header of 16.
struct PcapReader: Sendable {
  /// The first four bytes tell the byte order and the unit of time.
  struct Magic: Sendable {
    var order: ByteOrder
    var nanosecondsPerUnit: UInt32

    init?(_ bytes: [UInt8]) {
      switch bytes {
      case [0xa1, 0xb2, 0xc3, 0xd4]: (self.order, self.nanosecondsPerUnit) = (.big, 1000)
      case [0xd4, 0xc3, 0xb2, 0xa1]: (self.order, self.nanosecondsPerUnit) = (.little, 1000)
      case [0xa1, 0xb2, 0x3c, 0x4d]: (self.order, self.nanosecondsPerUnit) = (.big, 1)
      case [0x4d, 0x3c, 0xb2, 0xa1]: (self.order, self.nanosecondsPerUnit) = (.little, 1)
      default: return nil
      }
    }
  }

  private static let fileHeaderLength = 24
  private static let packetHeaderLength = 16

  private let magic: Magic
  /// Nil until the file's header has been read.
  private var linkType: LinkType?

  init(_ magic: Magic) {
    self.magic = magic
  }

  mutating func next(from queue: inout ByteQueue) throws(CaptureError) -> CapturedPacket? {
    if self.linkType == nil { self.linkType = try self.readFileHeader(from: &queue) }
    guard let linkType = self.linkType else { return nil }
    let order = self.magic.order
    guard let seconds = queue.peek(UInt32.self, at: 0, order), let fraction = queue.peek(UInt32.self, at: 4, order),
      let captured = queue.peek(UInt32.self, at: 8, order), let original = queue.peek(UInt32.self, at: 12, order)
    else { return nil }
    guard captured <= CaptureLimits.packetLength else {
      throw .badValue(
        what: "length of a packet", offset: queue.offset + 8, value: UInt64(captured),
        accepted: "at most \(CaptureLimits.packetLength)")
    }
    guard queue.count >= Self.packetHeaderLength + Int(captured) else { return nil }
    queue.skip(Self.packetHeaderLength)
    guard let bytes = queue.take(Int(captured)) else { return nil }
    let nanoseconds = UInt64(fraction) * UInt64(self.magic.nanosecondsPerUnit)
    let time = CaptureTime(
      seconds: Int64(seconds) + Int64(nanoseconds / 1_000_000_000), nanoseconds: UInt32(nanoseconds % 1_000_000_000))
    return CapturedPacket(
      time: time, linkType: linkType, bytes: bytes, originalLength: max(Int(original), bytes.count))
  }

  private func readFileHeader(from queue: inout ByteQueue) throws(CaptureError) -> LinkType? {
    let order = self.magic.order
    guard let major = queue.peek(UInt16.self, at: 4, order), let minor = queue.peek(UInt16.self, at: 6, order),
      let linkType = queue.peek(UInt32.self, at: 20, order)
    else { return nil }
    guard major == 2 else {
      throw .unsupportedVersion(major: major, minor: minor, offset: queue.offset + 4, accepted: "2.x")
    }
    queue.skip(Self.fileHeaderLength)
    // The high bits may say how long the frames' check sequences are.
    return LinkType(rawValue: UInt16(truncatingIfNeeded: linkType))
  }

  func truncated(_ queue: ByteQueue) -> CaptureError {
    guard self.linkType != nil else {
      return .truncated(
        what: "its header", offset: queue.offset, needed: Self.fileHeaderLength, available: queue.count)
    }
    let length = queue.peek(UInt32.self, at: 8, self.magic.order).map(Int.init) ?? 0
    return .truncated(
      what: "a packet", offset: queue.offset, needed: Self.packetHeaderLength + length, available: queue.count)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// pcapng (draft-ietf-opsawg-pcapng): sections of blocks, each with its type and its length in front. Blocks that are no
/// packets, and describe none, are passed over.
struct PcapngReader: Sendable {
  /// The type of the block that begins a section, the same in both byte orders.
  static let magic: [UInt8] = [0x0a, 0x0d, 0x0d, 0x0a]

  enum BlockType {
    static let section: UInt32 = 0x0a0d_0d0a
    static let interface: UInt32 = 1
    static let obsoletePacket: UInt32 = 2
    static let simplePacket: UInt32 = 3
    static let enhancedPacket: UInt32 = 6
  }

  /// Type, length, and length again.
  static let overhead = 12
  private static let byteOrderMagic: UInt32 = 0x1a2b_3c4d

  /// That of the present section.
  private var order = ByteOrder.little
  /// Those of the present section, by their numbers.
  private var interfaces: [PcapngInterface] = []

  mutating func next(from queue: inout ByteQueue) throws(CaptureError) -> CapturedPacket? {
    while true {
      guard let type = queue.peek(UInt32.self, self.order) else { return nil }
      if type == BlockType.section {
        guard try self.beginSection(queue) else { return nil }
      }
      guard let claimed = queue.peek(UInt32.self, at: 4, self.order) else { return nil }
      let length = Int(claimed)
      guard length >= Self.overhead, length % 4 == 0 else {
        throw .badValue(
          what: "block length", offset: queue.offset + 4, value: UInt64(claimed),
          accepted: "a multiple of 4, at least \(Self.overhead)")
      }
      let isRead = Self.isRead(type)
      guard length <= CaptureLimits.blockLength || !isRead else {
        throw .badValue(
          what: "length of a block of type \(type)", offset: queue.offset + 4, value: UInt64(claimed),
          accepted: "at most \(CaptureLimits.blockLength)")
      }
      guard isRead else {
        queue.skip(length)
        continue
      }
      let offset = queue.offset
      guard let bytes = queue.take(length) else { return nil }
      let block = PcapngBlock(type: type, bytes: bytes, offset: offset, order: self.order)
      try block.checkEnd()
      if let packet = try self.read(block) { return packet }
    }
  }

  private static func isRead(_ type: UInt32) -> Bool {
    switch type {
    case BlockType.section, BlockType.interface, BlockType.obsoletePacket, BlockType.simplePacket,
      BlockType.enhancedPacket:
      true
    default: false
    }
  }

  /// Learns the byte order of a section; false: more bytes are needed.
  private mutating func beginSection(_ queue: ByteQueue) throws(CaptureError) -> Bool {
    guard let magic = queue.peek(UInt32.self, at: 8, .big) else { return false }
    switch magic {
    case Self.byteOrderMagic: self.order = .big
    case Self.byteOrderMagic.byteSwapped: self.order = .little
    default:
      throw .badValue(
        what: "byte order mark", offset: queue.offset + 8, value: UInt64(magic),
        accepted: "\(Self.byteOrderMagic) or \(Self.byteOrderMagic.byteSwapped)")
    }
    return true
  }

  private mutating func read(_ block: PcapngBlock) throws(CaptureError) -> CapturedPacket? {
    switch block.type {
    case BlockType.section:
      let major = try block.number(UInt16.self, at: 12, "version")
      let minor = try block.number(UInt16.self, at: 14, "version")
      guard major == 1 else {
        throw .unsupportedVersion(major: major, minor: minor, offset: block.offset + 12, accepted: "1.x")
      }
      self.interfaces = []
      return nil
    case BlockType.interface:
      guard self.interfaces.count < CaptureLimits.interfaces else {
        throw .badValue(
          what: "number of interfaces", offset: block.offset, value: UInt64(self.interfaces.count) + 1,
          accepted: "at most \(CaptureLimits.interfaces)")
      }
      self.interfaces.append(try PcapngInterface(block))
      return nil
    case BlockType.enhancedPacket:
      let interface = try self.interface(try block.number(UInt32.self, at: 8, "interface number"), block)
      return try block.packet(of: interface, timeAt: 12)
    case BlockType.obsoletePacket:
      let interface = try self.interface(UInt32(try block.number(UInt16.self, at: 8, "interface number")), block)
      return try block.packet(of: interface, timeAt: 12)
    default:
      return try block.simplePacket(of: try self.interface(0, block))
    }
  }

  private func interface(_ number: UInt32, _ block: PcapngBlock) throws(CaptureError) -> PcapngInterface {
    guard number < UInt32(self.interfaces.count) else {
      throw .badValue(
        what: "interface number", offset: block.offset + 8, value: UInt64(number),
        accepted: self.interfaces.isEmpty
          ? "that of an interface, of which the section has none yet" : "0 to \(self.interfaces.count - 1)")
    }
    return self.interfaces[Int(number)]
  }

  func truncated(_ queue: ByteQueue) -> CaptureError {
    let length = queue.peek(UInt32.self, at: 4, self.order).map(Int.init) ?? Self.overhead
    return .truncated(what: "a block", offset: queue.offset, needed: length, available: queue.count)
  }
}

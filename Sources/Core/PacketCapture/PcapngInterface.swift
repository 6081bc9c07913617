// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What an interface description block says of the packets that name it.
struct PcapngInterface: Sendable {
  private enum Option {
    static let end: UInt16 = 0
    static let timeResolution: UInt16 = 9
    static let timeOffset: UInt16 = 14
  }

  var linkType: LinkType
  /// Bytes of each packet that were captured at most; 0: all.
  var snapshotLength: UInt32
  var clock = PcapngClock()

  init(_ block: PcapngBlock) throws(CaptureError) {
    self.linkType = LinkType(rawValue: try block.number(UInt16.self, at: 8, "link type"))
    self.snapshotLength = try block.number(UInt32.self, at: 12, "snapshot length")
    var index = 16
    while index + 4 <= block.bytes.count - 4 {
      let option = try block.number(UInt16.self, at: index, "option")
      let length = Int(try block.number(UInt16.self, at: index + 2, "option length"))
      let value = index + 4
      switch option {
      case Option.end: return
      case Option.timeResolution:
        try self.clock.setResolution(
          try block.number(UInt8.self, at: value, "time resolution"), offset: block.offset + value)
      case Option.timeOffset:
        self.clock.offset = Int64(bitPattern: try block.number(UInt64.self, at: value, "time offset"))
      default: break
      }
      index = value + (length + 3) / 4 * 4
    }
  }
}

/// An interface's unit of time and its beginning.
struct PcapngClock: Sendable, Equatable {
  private(set) var ticksPerSecond: UInt64 = 1_000_000
  /// Seconds to be added.
  var offset: Int64 = 0

  /// Takes the option if_tsresol: with the highest bit a power of 2, without it a power of 10, both negative.
  mutating func setResolution(_ value: UInt8, offset: Int) throws(CaptureError) {
    let exponent = Int(value & 0x7f)
    if value & 0x80 != 0, exponent < 64 {
      self.ticksPerSecond = 1 << UInt64(exponent)
    } else if value & 0x80 == 0, exponent < 20 {
      self.ticksPerSecond = (0..<exponent).reduce(1) { power, _ in power * 10 }
    } else {
      throw .badValue(
        what: "time resolution", offset: offset, value: UInt64(value), accepted: "0 to 19 or 128 to 191")
    }
  }

  func time(ofTicks ticks: UInt64) -> CaptureTime {
    let (seconds, fraction) = ticks.quotientAndRemainder(dividingBy: self.ticksPerSecond)
    let nanoseconds = UInt128(fraction) * 1_000_000_000 / UInt128(self.ticksPerSecond)
    return CaptureTime(
      seconds: Int64(truncatingIfNeeded: seconds) &+ self.offset, nanoseconds: UInt32(truncatingIfNeeded: nanoseconds))
  }
}

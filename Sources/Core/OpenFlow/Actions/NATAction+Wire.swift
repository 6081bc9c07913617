// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing

/// NXAST_NAT: flags, a bitmap of the bounds that are given, and those bounds in the order of their bits.
extension NATAction {
  private static let sourceFlag: UInt16 = 1 << 0
  private static let destinationFlag: UInt16 = 1 << 1

  private struct Bounds: OptionSet {
    let rawValue: UInt16
    static let ipv4Least = Bounds(rawValue: 1 << 0)
    static let ipv4Greatest = Bounds(rawValue: 1 << 1)
    static let ipv6Least = Bounds(rawValue: 1 << 2)
    static let ipv6Greatest = Bounds(rawValue: 1 << 3)
    static let portLeast = Bounds(rawValue: 1 << 4)
    static let portGreatest = Bounds(rawValue: 1 << 5)
    static let known = Bounds(rawValue: 0x3f)
  }

  init(reading body: inout WireReader) throws(OpenFlowDecodingError) {
    try body.skip(2)
    let offset = body.offset
    let flags = try body.read(UInt16.self, "nat flags")
    let bounds = Bounds(rawValue: try body.read(UInt16.self, "nat ranges"))
    let options: Options = [.persistent, .hash, .random]
    let direction: Direction?
    switch flags & ~options.rawValue {
    case 0: direction = nil
    case Self.sourceFlag: direction = .source
    case Self.destinationFlag: direction = .destination
    default:
      throw .badValue(
        what: "nat flags", offset: offset, value: UInt64(flags), accepted: "src (1), dst (2) or none, and 4, 8, 16")
    }
    guard bounds.isSubset(of: .known), direction != nil || bounds.isEmpty else {
      throw .badValue(
        what: "nat ranges", offset: offset + 2, value: UInt64(bounds.rawValue),
        accepted: direction == nil ? "0 without src or dst" : "0 to 63")
    }
    let ipv4 = try Self.range(
      reading: &body, UInt32.self, bounds.contains(.ipv4Least), bounds.contains(.ipv4Greatest))
    let ipv6 = try Self.range(
      reading: &body, UInt128.self, bounds.contains(.ipv6Least), bounds.contains(.ipv6Greatest))
    let ports = try Self.range(
      reading: &body, UInt16.self, bounds.contains(.portLeast), bounds.contains(.portGreatest))
    self.init(
      direction, options: Options(rawValue: flags).intersection(options),
      addresses: ipv4.map { IPv4Address(rawValue: $0.lowerBound)...IPv4Address(rawValue: $0.upperBound) },
      ipv6Addresses: ipv6, ports: ports)
  }

  private static func range<Value: WireInteger>(
    reading body: inout WireReader, _ type: Value.Type, _ hasLeast: Bool, _ hasGreatest: Bool
  ) throws(OpenFlowDecodingError) -> ClosedRange<Value>? {
    let offset = body.offset
    guard hasLeast else {
      guard !hasGreatest else {
        throw .badValue(what: "nat range", offset: offset, value: 0, accepted: "one that has a least value")
      }
      return nil
    }
    let least = try body.read(type, "nat range")
    let greatest = hasGreatest ? try body.read(type, "nat range") : least
    guard greatest >= least else {
      throw .badValue(
        what: "nat range's end", offset: offset, value: UInt64(truncatingIfNeeded: greatest),
        accepted: "\(least) or more")
    }
    return least...greatest
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    guard
      self.direction != nil
        || (self.addresses == nil && self.ipv6Addresses == nil && self.ports == nil)
    else { throw .invalid(what: "nat", problem: "has a range, but neither src nor dst") }
    let start = writer.count
    Action.writeNiciraHeader(to: &writer, subtype: NiciraActionType.nat)
    writer.writeZeros(2)
    writer.write(self.options.rawValue | self.directionFlag)
    writer.write(self.bounds.rawValue)
    if let range = self.addresses {
      writer.write(range.lowerBound.rawValue)
      if range.lowerBound != range.upperBound { writer.write(range.upperBound.rawValue) }
    }
    if let range = self.ipv6Addresses {
      writer.writeNumber(range.lowerBound, byteCount: 16)
      if range.lowerBound != range.upperBound { writer.writeNumber(range.upperBound, byteCount: 16) }
    }
    if let range = self.ports {
      writer.write(range.lowerBound)
      if range.lowerBound != range.upperBound { writer.write(range.upperBound) }
    }
    writer.writePadding(since: start)
    try writer.patchLength(at: start + 2, since: start, "nat")
  }

  private var directionFlag: UInt16 {
    switch self.direction {
    case .source: Self.sourceFlag
    case .destination: Self.destinationFlag
    case nil: 0
    }
  }

  private var bounds: Bounds {
    var bounds: Bounds = []
    if let range = self.addresses {
      bounds.insert(range.lowerBound == range.upperBound ? .ipv4Least : [.ipv4Least, .ipv4Greatest])
    }
    if let range = self.ipv6Addresses {
      bounds.insert(range.lowerBound == range.upperBound ? .ipv6Least : [.ipv6Least, .ipv6Greatest])
    }
    if let range = self.ports {
      bounds.insert(range.lowerBound == range.upperBound ? .portLeast : [.portLeast, .portGreatest])
    }
    return bounds
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing

/// From the link's header to the payload of TCP. Whatever is no TCP, is cut within its headers or contradicts itself is
/// nil. Checksums are not looked at: a capture on the sending machine has packets whose checksums the network card was
/// still to compute.
extension TCPSegment {
  private enum EtherType {
    static let ipv4: UInt16 = 0x0800
    static let ipv6: UInt16 = 0x86dd
    static let virtualLANs: Set<UInt16> = [0x8100, 0x88a8, 0x9100]
  }

  private static let tcp: UInt8 = 6

  /// Nil: there is no TCP segment in the packet, or only a fragment of one.
  package init?(_ packet: CapturedPacket) {
    var bytes = PacketSlice(packet)
    switch packet.linkType {
    case .ethernet:
      guard bytes.skip(12) else { return nil }
      self.init(etherType: &bytes)
    case .linuxCooked:
      guard bytes.skip(14) else { return nil }
      self.init(etherType: &bytes)
    case .linuxCooked2:
      guard let type = bytes.uint16(), bytes.skip(18) else { return nil }
      self.init(type, &bytes)
    case .null, .loop:
      // The family's number differs between systems, for IPv6: the packet's own version says it.
      guard bytes.skip(4) else { return nil }
      self.init(ip: &bytes)
    case .raw, .ipv4, .ipv6: self.init(ip: &bytes)
    case let type where LinkType.systemsOwnRaw.contains(type): self.init(ip: &bytes)
    default: return nil
    }
  }

  private init?(etherType bytes: inout PacketSlice) {
    guard let type = bytes.uint16() else { return nil }
    self.init(type, &bytes)
  }

  private init?(_ type: UInt16, _ bytes: inout PacketSlice) {
    var type = type
    while EtherType.virtualLANs.contains(type) {
      guard bytes.skip(2), let inner = bytes.uint16() else { return nil }
      type = inner
    }
    guard type == EtherType.ipv4 || type == EtherType.ipv6 else { return nil }
    self.init(ip: &bytes)
  }

  private init?(ip bytes: inout PacketSlice) {
    switch bytes.peek().map({ $0 >> 4 }) {
    case 4: self.init(ipv4: &bytes)
    case 6: self.init(ipv6: &bytes)
    default: return nil
    }
  }

  /// RFC 791, 3.1
  private init?(ipv4 bytes: inout PacketSlice) {
    guard let versionAndLength = bytes.uint8(), bytes.skip(1), let totalLength = bytes.uint16(), bytes.skip(2),
      let fragment = bytes.uint16(), fragment & 0x3fff == 0, bytes.skip(1), bytes.uint8() == Self.tcp, bytes.skip(2),
      let source = bytes.uint32(), let destination = bytes.uint32()
    else { return nil }
    let headerLength = Int(versionAndLength & 0x0f) * 4
    guard headerLength >= 20, bytes.skip(headerLength - 20) else { return nil }
    // 0: a segment that the network card was to cut up, longer than the field can say.
    if totalLength != 0 {
      guard bytes.limit(to: Int(totalLength) - headerLength) else { return nil }
    }
    self.init(
      &bytes, .ipv4(IPv4Address(rawValue: source)), .ipv4(IPv4Address(rawValue: destination)))
  }

  /// RFC 8200, 3
  private init?(ipv6 bytes: inout PacketSlice) {
    guard bytes.skip(4), let payloadLength = bytes.uint16(), var next = bytes.uint8(), bytes.skip(1),
      let source = bytes.uint128(), let destination = bytes.uint128()
    else { return nil }
    if payloadLength != 0 {
      guard bytes.limit(to: Int(payloadLength)) else { return nil }
    }
    // Hop-by-hop options, routing, destination options: each says its length in units of 8 bytes beyond the first.
    while [0, 43, 60].contains(next) {
      guard let following = bytes.uint8(), let length = bytes.uint8(), bytes.skip(6 + 8 * Int(length)) else {
        return nil
      }
      next = following
    }
    guard next == Self.tcp else { return nil }
    self.init(&bytes, .ipv6(source), .ipv6(destination))
  }

  /// RFC 9293, 3.1
  private init?(_ bytes: inout PacketSlice, _ source: NetworkAddress, _ destination: NetworkAddress) {
    guard let sourcePort = bytes.uint16(), let destinationPort = bytes.uint16(), let sequence = bytes.uint32(),
      let acknowledgment = bytes.uint32(), let dataOffset = bytes.uint8(), let flags = bytes.uint8(), bytes.skip(6)
    else { return nil }
    let headerLength = Int(dataOffset >> 4) * 4
    guard headerLength >= 20, bytes.skip(headerLength - 20) else { return nil }
    self.init(
      TCPDirection(from: TransportAddress(source, sourcePort), to: TransportAddress(destination, destinationPort)),
      sequence: sequence, acknowledgment: acknowledgment, flags: Flags(rawValue: flags), payload: bytes.rest,
      payloadLength: bytes.length)
  }
}

/// A packet that is read from front to back, in network byte order: what was captured, and how long it was.
private struct PacketSlice {
  /// What is left of what was captured.
  private(set) var rest: ArraySlice<UInt8>
  /// How much is left of what was on the wire; not less than `rest` has.
  private(set) var length: Int

  init(_ packet: CapturedPacket) {
    self.rest = packet.bytes[...]
    self.length = max(packet.originalLength, packet.bytes.count)
  }

  func peek() -> UInt8? { self.rest.first }

  mutating func skip(_ count: Int) -> Bool {
    guard count <= self.rest.count else { return false }
    self.rest = self.rest.dropFirst(count)
    self.length -= count
    return true
  }

  /// What lies behind `length` is padding, or a check sequence. False: the packet on the wire was shorter than that.
  mutating func limit(to length: Int) -> Bool {
    guard length >= 0, length <= self.length else { return false }
    self.rest = self.rest.prefix(length)
    self.length = length
    return true
  }

  mutating func uint8() -> UInt8? { self.number() }
  mutating func uint16() -> UInt16? { self.number() }
  mutating func uint32() -> UInt32? { self.number() }
  mutating func uint128() -> UInt128? { self.number() }

  private mutating func number<Value: FixedWidthInteger & UnsignedInteger>() -> Value? {
    let value = ByteOrder.big.read(Value.self, in: self.rest, at: 0)
    return value != nil && self.skip(Value.bitWidth / 8) ? value : nil
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import PacketCapture

/// A number in network byte order.
func bigEndian<Value: FixedWidthInteger & UnsignedInteger>(_ value: Value) -> [UInt8] {
  stride(from: Value.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> Value($0)) }
}

/// What stands around a segment on the wire.
enum Link: CaseIterable, Sendable {
  case ethernet, vlan, doubleVLAN, cooked, cooked2, raw, systemRaw, ip, null, loop

  var type: LinkType {
    switch self {
    case .ethernet, .vlan, .doubleVLAN: .ethernet
    case .cooked: .linuxCooked
    case .cooked2: .linuxCooked2
    case .raw: .raw
    case .systemRaw: LinkType(rawValue: 12)
    case .ip: .ipv4
    case .null: .null
    case .loop: .loop
    }
  }

  func header(isIPv6: Bool) -> [UInt8] {
    let etherType: [UInt8] = isIPv6 ? [0x86, 0xdd] : [0x08, 0x00]
    let addresses = [UInt8](repeating: 0x0a, count: 12)
    return switch self {
    case .ethernet: addresses + etherType
    case .vlan: addresses + [0x81, 0, 0x20, 7] + etherType
    case .doubleVLAN: addresses + [0x88, 0xa8, 0, 9, 0x81, 0, 0x20, 7] + etherType
    case .cooked: [0, 4, 0, 1, 0, 6] + [UInt8](repeating: 0x0a, count: 8) + etherType
    case .cooked2: etherType + [UInt8](repeating: 0, count: 18)
    case .raw, .systemRaw, .ip: []
    case .null: [isIPv6 ? 30 : 2, 0, 0, 0]
    case .loop: [0, 0, 0, isIPv6 ? 30 : 2]
    }
  }
}

extension TCPDirection {
  static let toSwitch = TCPDirection(
    from: TransportAddress(.ipv4(IPv4Address("192.0.2.1")!), 6653),
    to: TransportAddress(.ipv4(IPv4Address("192.0.2.2")!), 40_000))
  static let toSwitch6 = TCPDirection(
    from: TransportAddress(.ipv6(0x2001_0db8_0000_0000_0000_0000_0000_0001), 6653),
    to: TransportAddress(.ipv6(0x2001_0db8_0000_0000_0000_0000_0000_0002), 40_000))
}

extension TCPSegment {
  /// The packet that carries this segment, with TCP options, and padding behind it.
  func packet(_ link: Link = .ethernet, at time: CaptureTime? = nil, padding: Int = 0) -> CapturedPacket {
    var tcp = bigEndian(self.direction.source.port) + bigEndian(self.direction.destination.port)
    tcp += bigEndian(self.sequence) + bigEndian(self.acknowledgment) + [0x60, self.flags.rawValue]
    tcp += [0xff, 0xff, 0, 0, 0, 0, 1, 1, 1, 1] + self.payload
    var bytes: [UInt8]
    let isIPv6: Bool
    switch (self.direction.source.address, self.direction.destination.address) {
    case (.ipv4(let source), .ipv4(let destination)):
      isIPv6 = false
      bytes = [0x46, 0] + bigEndian(UInt16(24 + tcp.count)) + [0, 0, 0x40, 0, 64, 6, 0, 0]
      bytes += source.octets + destination.octets + [1, 1, 1, 0]
    case (.ipv6(let source), .ipv6(let destination)):
      isIPv6 = true
      // Hop-by-hop options stand before TCP.
      bytes = [0x60, 0, 0, 0] + bigEndian(UInt16(8 + tcp.count)) + [0, 64]
      bytes += bigEndian(source) + bigEndian(destination) + [6, 0, 1, 4, 0, 0, 0, 0]
    default: preconditionFailure("both ends are of one version")
    }
    bytes = link.header(isIPv6: isIPv6) + bytes + tcp + [UInt8](repeating: 0xee, count: padding)
    return CapturedPacket(time: time, linkType: link.type, bytes: bytes, originalLength: bytes.count)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import PacketHeaders
import Testing

/// Who speaks to whom is read of whole and of truncated packets.
@Suite struct TransportHeaderTests {
  private static func address(_ family: IPAddress.Family, _ last: UInt8) -> IPAddress {
    family == .v4
      ? .v4(IPv4Address(rawValue: 0xc633_6400 | UInt32(last)))
      : .v6(IPv6Address(rawValue: 0x2001_0db8 << 96 | UInt128(last)))
  }

  /// - Parameter options: bytes of IPv4 options.
  private static func frame(_ family: IPAddress.Family, _ number: UInt8, flags: UInt8, options: Int = 0) -> [UInt8] {
    var payload: [UInt8] = [0x9c, 0x40, 0, 80] + [UInt8](repeating: 7, count: 20)
    payload[13] = flags
    var packet: [UInt8] = []
    switch (self.address(family, 1), self.address(family, 2)) {
    case (.v4(let source), .v4(let destination)):
      packet =
        IPv4Packet(protocolNumber: number, source: source, destination: destination, payload: payload).bytes
      packet[0] += UInt8(options / 4)
      packet.insert(contentsOf: [UInt8](repeating: 1, count: options), at: 20)
    case (.v6(let source), .v6(let destination)):
      packet = IPv6Packet(protocolNumber: number, source: source, destination: destination, payload: payload).bytes
    default: break
    }
    return EthernetFrame(
      destination: MACAddress(rawValue: 1), source: MACAddress(rawValue: 2),
      type: family == .v4 ? EthernetFrame.EtherType.ipv4 : EthernetFrame.EtherType.ipv6, payload: packet
    ).bytes
  }

  @Test(arguments: IPAddress.Family.allCases, [UInt8(6), 17])
  func `every truncation gives the whole truth or none`(family: IPAddress.Family, number: UInt8) {
    for options in family == .v4 ? [0, 12, 40] : [0] {
      let frame = Self.frame(family, number, flags: 0x02, options: options)
      let ports = EthernetFrame.headerLength + (family == .v4 ? 20 : 40) + options
      var expected = TransportHeader(
        protocolNumber: number, source: SocketEndpoint(Self.address(family, 1), 40_000),
        destination: SocketEndpoint(Self.address(family, 2), 80))
      for length in 0...frame.count {
        // Flags are the 14th byte of a TCP header.
        expected.flags = number == 6 && length > ports + 13 ? 0x02 : 0
        let header = TransportHeader(frame: Array(frame.prefix(length)))
        #expect(header == (length < ports + 4 ? nil : expected), "\(length)")
      }
    }
  }

  @Test(arguments: [(UInt8(0x02), true), (0x12, false), (0x10, false), (0xc2, true), (0x06, true), (0, false)])
  func `a connection begins with SYN and without ACK`(flags: UInt8, isBeginning: Bool) {
    #expect(TransportHeader(frame: Self.frame(.v4, 6, flags: flags))?.isBeginning == isBeginning)
    #expect(TransportHeader(frame: Self.frame(.v6, 17, flags: flags))?.isBeginning == false)
  }

  @Test(arguments: IPAddress.Family.allCases, [UInt8(6), 17])
  func `a byte that is damaged traps nothing`(family: IPAddress.Family, number: UInt8) {
    let frame = Self.frame(family, number, flags: 0x02)
    for index in frame.indices {
      for value in UInt8.min...UInt8.max {
        var damaged = frame
        damaged[index] = value
        let header = TransportHeader(frame: damaged)
        if index >= EthernetFrame.headerLength + (family == .v4 ? 20 : 40) { #expect(header != nil) }
      }
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import PacketHeaders
import Testing

private let mac = MACAddress(rawValue: 0x0200_0000_0001)
private let otherMAC = MACAddress(rawValue: 0x0200_0000_0002)
private let address = IPv4Address(rawValue: 0xc000_0201)
private let otherAddress = IPv4Address(rawValue: 0xc000_0202)

@Suite struct PacketHeadersTests {
  @Test func `a frame survives being bytes`() {
    let frame = EthernetFrame(
      destination: mac, source: otherMAC, type: EthernetFrame.EtherType.arp, payload: [1, 2, 3])
    #expect(EthernetFrame(bytes: frame.bytes) == frame)
    #expect(frame.bytes.count == EthernetFrame.headerLength + 3)
  }

  @Test(arguments: [ARPPacket.Operation.request, .reply])
  func `address resolution survives being bytes, and padding`(operation: ARPPacket.Operation) {
    let packet = ARPPacket(
      operation: operation, senderMAC: mac, senderIP: address, targetMAC: otherMAC, targetIP: otherAddress)
    #expect(packet.bytes.count == 28)
    #expect(ARPPacket(bytes: packet.bytes) == packet)
    #expect(ARPPacket(bytes: packet.bytes + [UInt8](repeating: 0, count: 18)) == packet)
  }

  @Test func `resolution of something else than IPv4 over Ethernet is none`() {
    let bytes = ARPPacket(
      operation: .request, senderMAC: mac, senderIP: address, targetMAC: otherMAC, targetIP: otherAddress
    ).bytes
    for (index, wrong) in [(0, 9), (2, 9), (4, 8), (5, 16), (7, 3)] as [(Int, UInt8)] {
      var changed = bytes
      changed[index] = wrong
      #expect(ARPPacket(bytes: changed) == nil, "byte \(index)")
    }
  }

  @Test(arguments: [0, 1, 8, 1400])
  func `a datagram survives being bytes, and padding`(length: Int) {
    let packet = IPv4Packet(
      protocolNumber: 1, source: address, destination: otherAddress, payload: [UInt8](repeating: 7, count: length))
    #expect(IPv4Packet(bytes: packet.bytes) == packet)
    #expect(IPv4Packet(bytes: packet.bytes + [0, 0, 0]) == packet)
    #expect(internetChecksum(Array(packet.bytes.prefix(20))) == 0)
  }

  @Test func `a datagram's options are skipped`() {
    let packet = IPv4Packet(protocolNumber: 6, source: address, destination: otherAddress, payload: [1, 2])
    var bytes = packet.bytes
    bytes[0] = 0x46
    bytes[3] += 4
    bytes.insert(contentsOf: [1, 1, 1, 0], at: 20)
    #expect(IPv4Packet(bytes: bytes) == packet)
  }

  @Test func `fragments, other versions and wrong lengths are no datagrams`() {
    let bytes = IPv4Packet(protocolNumber: 6, source: address, destination: otherAddress, payload: [1, 2]).bytes
    for (index, wrong) in [(0, 0x65), (0, 0x44), (0, 0x4f), (3, 19), (3, 200), (6, 0x20), (7, 1)] as [(Int, UInt8)] {
      var changed = bytes
      changed[index] = wrong
      #expect(IPv4Packet(bytes: changed) == nil, "byte \(index) is \(wrong)")
    }
  }

  @Test(arguments: [ICMPEcho.Kind.request, .reply])
  func `an echo survives being bytes`(kind: ICMPEcho.Kind) {
    let echo = ICMPEcho(kind: kind, identifier: 0x4953, sequence: 65_535, payload: [1, 2, 3])
    #expect(ICMPEcho(bytes: echo.bytes) == echo)
    #expect(internetChecksum(echo.bytes) == 0)
  }

  @Test func `other messages of ICMP are no echoes`() {
    var bytes = ICMPEcho(kind: .request, identifier: 1, sequence: 2, payload: []).bytes
    bytes[0] = 3
    #expect(ICMPEcho(bytes: bytes) == nil)
    bytes[0] = 8
    bytes[1] = 1
    #expect(ICMPEcho(bytes: bytes) == nil)
  }

  @Test func `the checksum is that of RFC 1071`() {
    #expect(internetChecksum([]) == 0xffff)
    #expect(internetChecksum([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]) == ~0xddf2)
    #expect(internetChecksum([0x01]) == ~0x0100, "an odd byte counts as the high one")
  }

  @Test func `what was cut anywhere, or has any byte wrong, never traps`() {
    let echo = ICMPEcho(kind: .request, identifier: 1, sequence: 2, payload: [3]).bytes
    let packet = IPv4Packet(protocolNumber: 1, source: address, destination: otherAddress, payload: echo).bytes
    let resolution = ARPPacket(
      operation: .request, senderMAC: mac, senderIP: address, targetMAC: mac, targetIP: otherAddress
    ).bytes
    for bytes in [echo, packet, resolution] {
      for length in 0...bytes.count { self.parse(Array(bytes.prefix(length))) }
      for index in bytes.indices {
        for bit in 0..<8 {
          var changed = bytes
          changed[index] ^= 1 << bit
          self.parse(changed)
        }
      }
    }
  }

  private func parse(_ bytes: [UInt8]) {
    _ = EthernetFrame(bytes: bytes)
    _ = ARPPacket(bytes: bytes)
    _ = IPv4Packet(bytes: bytes)
    _ = ICMPEcho(bytes: bytes)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import PacketCapture
import Testing

@Suite struct TCPSegmentTests {
  private static let payload: [UInt8] = Array("an OpenFlow message".utf8)

  private static func segment(_ direction: TCPDirection) -> TCPSegment {
    TCPSegment(
      direction, sequence: 0xffff_fffe, acknowledgment: 7, flags: [.ack, .fin], payload: payload[...])
  }

  @Test(arguments: Link.allCases, [TCPDirection.toSwitch, .toSwitch6])
  func isFoundBehindEveryHeader(_ link: Link, _ direction: TCPDirection) {
    let segment = Self.segment(direction)
    #expect(TCPSegment(segment.packet(link)) == segment)
    #expect(TCPSegment(segment.packet(link, padding: 6)) == segment)
  }

  @Test(arguments: Link.allCases, [TCPDirection.toSwitch, .toSwitch6])
  func aCutPacketSaysHowMuchIsMissing(_ link: Link, _ direction: TCPDirection) {
    let segment = Self.segment(direction)
    let whole = segment.packet(link)
    for length in whole.bytes.indices {
      var packet = whole
      packet.bytes = Array(whole.bytes[..<length])
      let missing = whole.bytes.count - length
      guard missing <= Self.payload.count else {
        #expect(TCPSegment(packet) == nil)
        continue
      }
      #expect(TCPSegment(packet)?.payload == Self.payload.dropLast(missing))
      #expect(TCPSegment(packet)?.payloadLength == Self.payload.count)
    }
  }

  @Test func fragmentsAndOtherProtocolsAreNone() {
    let packet = Self.segment(.toSwitch).packet(.raw)
    func changed(_ index: Int, _ value: UInt8, _ original: CapturedPacket = packet) -> TCPSegment? {
      var copy = original
      copy.bytes[index] = value
      return TCPSegment(copy)
    }
    #expect(changed(6, 0x20) == nil, "more fragments follow")
    #expect(changed(7, 1) == nil, "a later fragment")
    #expect(changed(9, 17) == nil, "UDP")
    #expect(changed(0, 0x44) == nil, "a header shorter than one")
    #expect(changed(0, 0x55) == nil, "no version of IP")
    #expect(changed(3, 200) == nil, "longer than its packet")
    #expect(changed(24 + 12, 0x40) == nil, "a header of TCP shorter than one")
    #expect(changed(40, 44, Self.segment(.toSwitch6).packet(.raw)) == nil, "an IPv6 fragment")
    var arp = Self.segment(.toSwitch).packet(.ethernet)
    arp.bytes[13] = 6
    #expect(TCPSegment(arp) == nil)
    arp.linkType = LinkType(rawValue: 105)
    #expect(TCPSegment(arp) == nil, "a link of another kind")
  }

  @Test func aLengthOfZeroMeansAllOfThePacket() {
    for (direction, index) in [(TCPDirection.toSwitch, 2), (.toSwitch6, 4)] {
      var packet = Self.segment(direction).packet(.raw)
      packet.bytes[index] = 0
      packet.bytes[index + 1] = 0
      #expect(TCPSegment(packet) == Self.segment(direction))
    }
  }

  @Test func noiseIsNoTrap() {
    var random = SplitMix64(state: 11)
    let links = Link.allCases
    for _ in 0..<100_000 {
      var packet = Self.segment(random.below(2) == 0 ? .toSwitch : .toSwitch6).packet(links[random.below(links.count)])
      for _ in 0...random.below(5) {
        packet.bytes[random.below(packet.bytes.count)] = UInt8(truncatingIfNeeded: random.next())
      }
      packet.originalLength = random.below(2) == 0 ? packet.bytes.count : random.below(1 << 32)
      if let segment = TCPSegment(packet) { #expect(segment.payloadLength >= segment.payload.count) }
    }
  }

  @Test(
    arguments: [
      (0, "::"), (1, "::1"), (0x2001_0db8_0000_0000_0000_0000_0000_0001, "2001:db8::1"),
      (0x2001_0db8_0000_0001_0001_0001_0001_0001, "2001:db8:0:1:1:1:1:1"),
      (0x2001_0000_0000_0001_0000_0000_0000_0001, "2001:0:0:1::1"),
      (0x2001_0db8_0000_0000_0001_0000_0000_0001, "2001:db8::1:0:0:1"),
      (0xfe80_0000_0000_0000_0000_0000_0000_0000, "fe80::"),
    ] as [(UInt128, String)])
  func addressesOfIPv6AreShort(_ number: UInt128, _ text: String) {
    #expect(NetworkAddress.ipv6(number).description == text)
    #expect(TransportAddress(.ipv6(number), 6653).description == "[\(text)]:6653")
  }
}

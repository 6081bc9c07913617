// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import PacketHeaders
import Testing

/// Questions for a MAC address, and their answers.
@Suite struct AddressQuestionTests {
  private static let asker = MACAddress(rawValue: 0x0200_0000_0001)
  private static let mac = MACAddress(rawValue: 0x0a49_0000_0001)
  private static let target = IPv6Address(rawValue: 0x2001_0db8 << 96 | 0x100)

  private static func solicitation(from sender: IPv6Address, hopLimit: UInt8 = 255) -> [UInt8] {
    let message = NeighbourMessage(
      kind: .solicitation, target: self.target,
      option: sender.isUnspecified ? nil : NeighbourMessage.Option(.source, self.asker))
    let group = self.target.solicitedNode
    let packet = IPv6Packet(
      hopLimit: hopLimit, protocolNumber: 58, source: sender, destination: group,
      payload: message.bytes(from: sender, to: group))
    return EthernetFrame(
      destination: MACAddress(rawValue: 0x3333_ff00_0100), source: self.asker,
      type: EthernetFrame.EtherType.ipv6, payload: packet.bytes
    ).bytes
  }

  private static func request(_ operation: ARPPacket.Operation = .request) -> [UInt8] {
    EthernetFrame(
      destination: .broadcast, source: self.asker, type: EthernetFrame.EtherType.arp,
      payload: ARPPacket(
        operation: operation, senderMAC: self.asker, senderIP: IPv4Address(rawValue: 1),
        targetMAC: MACAddress(rawValue: 0), targetIP: IPv4Address(rawValue: 2)
      ).bytes
    ).bytes
  }

  @Test func `an ARP request is answered to who asked`() throws {
    let question = try #require(AddressQuestion(frame: Self.request()))
    #expect(question.address == .v4(IPv4Address(rawValue: 2)))
    let answer = question.answer(Self.mac)
    #expect(answer.destination == Self.asker)
    #expect(answer.source == Self.mac)
    #expect(
      ARPPacket(bytes: answer.payload)
        == ARPPacket(
          operation: .reply, senderMAC: Self.mac, senderIP: IPv4Address(rawValue: 2), targetMAC: Self.asker,
          targetIP: IPv4Address(rawValue: 1)))
    #expect(AddressQuestion(frame: Self.request(.reply)) == nil)
  }

  @Test func `a solicitation is answered to who asked, one from nobody to all`() throws {
    let sender = IPv6Address(rawValue: 0x2001_0db8 << 96 | 1)
    for (asker, destination, mac, flags) in [
      (sender, sender, Self.asker, 0x6000_0000),
      (.unspecified, .allNodes, MACAddress(rawValue: 0x3333_0000_0001), 0x2000_0000),
    ] as [(IPv6Address, IPv6Address, MACAddress, UInt32)] {
      let question = try #require(AddressQuestion(frame: Self.solicitation(from: asker)))
      #expect(question.address == .v6(Self.target))
      let answer = question.answer(Self.mac)
      #expect(answer.destination == mac)
      let packet = try #require(IPv6Packet(bytes: answer.payload))
      #expect(packet.hopLimit == 255)
      #expect(packet.source == Self.target)
      #expect(packet.destination == destination)
      #expect(
        NeighbourMessage(bytes: packet.payload)
          == NeighbourMessage(
            kind: .advertisement, flags: flags, target: Self.target,
            option: NeighbourMessage.Option(.target, Self.mac)))
      let pseudo = pseudoHeader(
        from: .v6(packet.source), to: .v6(packet.destination), protocolNumber: 58, length: packet.payload.count)
      #expect(internetChecksum(pseudo + packet.payload) == 0)
    }
    #expect(AddressQuestion(frame: Self.solicitation(from: sender, hopLimit: 254)) == nil, "from beyond the link")
  }

  @Test(arguments: [request(), solicitation(from: IPv6Address(rawValue: 1))])
  func `every truncation is none, and nothing that is damaged traps`(frame: [UInt8]) {
    for length in 0..<frame.count { #expect(AddressQuestion(frame: Array(frame.prefix(length))) == nil, "\(length)") }
    for index in frame.indices {
      for value in UInt8.min...UInt8.max {
        var damaged = frame
        damaged[index] = value
        _ = AddressQuestion(frame: damaged)?.answer(Self.mac)
      }
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// The question for the MAC address that belongs to an IP address: an ARP request (RFC 826) or a neighbour solicitation
/// (RFC 4861), in an untagged Ethernet frame.
package struct AddressQuestion: Sendable, Equatable {
  /// For what is asked.
  package let address: IPAddress
  private let kind: Kind
  private let askerMAC: MACAddress

  private enum Kind: Sendable, Equatable {
    case arp(ARPPacket)
    /// - Parameter asker: unspecified: who asks wants to know whether the address is free.
    case solicitation(asker: IPv6Address)
  }

  /// Nil for everything else, and for what is truncated. A solicitation must come from the link itself (RFC 4861,
  /// 7.1.1).
  package init?(frame bytes: [UInt8]) {
    guard let frame = EthernetFrame(bytes: bytes), !frame.source.isMulticast else { return nil }
    self.askerMAC = frame.source
    switch frame.type {
    case EthernetFrame.EtherType.arp:
      guard let packet = ARPPacket(bytes: frame.payload), packet.operation == .request else { return nil }
      self.address = .v4(packet.targetIP)
      self.kind = .arp(packet)
    case EthernetFrame.EtherType.ipv6:
      guard let packet = IPv6Packet(bytes: frame.payload), packet.hopLimit == 255,
        packet.protocolNumber == IPv6Packet.ProtocolNumber.icmp, !packet.source.isMulticast,
        let message = NeighbourMessage(bytes: packet.payload), message.kind == .solicitation
      else { return nil }
      self.address = .v6(message.target)
      self.kind = .solicitation(asker: packet.source)
    default: return nil
    }
  }

  /// The answer: this MAC address has it.
  package func answer(_ mac: MACAddress) -> EthernetFrame {
    switch (self.kind, self.address) {
    case (.arp(let request), _):
      let reply = ARPPacket(
        operation: .reply, senderMAC: mac, senderIP: request.targetIP, targetMAC: request.senderMAC,
        targetIP: request.senderIP)
      return EthernetFrame(
        destination: self.askerMAC, source: mac, type: EthernetFrame.EtherType.arp, payload: reply.bytes)
    case (.solicitation(let asker), .v6(let target)):
      // All are told if who asks has no address yet, and nobody in particular (RFC 4862, 5.4.4).
      let destination = asker.isUnspecified ? IPv6Address.allNodes : asker
      let flags: UInt32 = asker.isUnspecified ? Flags.override : Flags.solicited | Flags.override
      let advertisement = NeighbourMessage(
        kind: .advertisement, flags: flags, target: target, option: NeighbourMessage.Option(.target, mac))
      let packet = IPv6Packet(
        hopLimit: 255, protocolNumber: IPv6Packet.ProtocolNumber.icmp, source: target, destination: destination,
        payload: advertisement.bytes(from: target, to: destination))
      return EthernetFrame(
        destination: asker.isUnspecified ? Self.allNodesMAC : self.askerMAC, source: mac,
        type: EthernetFrame.EtherType.ipv6, payload: packet.bytes)
    case (.solicitation, .v4): preconditionFailure("a solicitation for \(self.address)")
    }
  }

  /// Of a neighbour advertisement (RFC 4861, 4.4).
  private enum Flags {
    static let solicited: UInt32 = 1 << 30
    static let override: UInt32 = 1 << 29
  }

  /// RFC 2464, 7
  private static let allNodesMAC = MACAddress(rawValue: 0x3333_0000_0001)
}

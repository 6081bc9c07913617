// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import DatapathModel
import OpenFlow
package import PacketHeaders

extension Packet {
  /// A TCP segment from the client.
  package static func fromClient(_ flags: TCPSegment.Flags, port: UInt16, to endpoint: SocketEndpoint) -> Packet {
    .tcp(
      flags, from: SocketEndpoint(Site.clientAddress, port), to: endpoint, source: Site.clientMAC,
      destination: MACAddress(rawValue: 0x0a49_0000_0000 | UInt64(endpoint.address.rawValue)))
  }

  /// A TCP segment.
  package static func tcp(
    _ flags: TCPSegment.Flags, from: SocketEndpoint, to: SocketEndpoint, source: MACAddress, destination: MACAddress
  ) -> Packet {
    Packet(
      source: source, destination: destination,
      content: .ipv4(
        Datagram(
          source: from.address, destination: to.address,
          transport: .tcp(TCPSegment(source: from.port, destination: to.port, flags: flags)))))
  }

  /// The question who has `address`.
  package static func whoHas(_ address: IPv4Address, from sender: IPv4Address, at mac: MACAddress) -> Packet {
    Packet(
      source: mac, destination: .broadcast,
      content: .arp(
        ARPPacket(
          operation: .request, senderMAC: mac, senderIP: sender, targetMAC: MACAddress(rawValue: 0),
          targetIP: address)))
  }

  /// The answer to the question who has `address`.
  package static func isAt(
    _ mac: MACAddress, _ address: IPv4Address, to asker: IPv4Address, at askerMAC: MACAddress
  ) -> Packet {
    Packet(
      source: mac, destination: askerMAC,
      content: .arp(
        ARPPacket(operation: .reply, senderMAC: mac, senderIP: address, targetMAC: askerMAC, targetIP: asker)))
  }

  /// An echo, or the reply to one.
  package static func echo(
    _ echo: ICMPEcho, from: IPv4Address, to: IPv4Address, source: MACAddress, destination: MACAddress
  ) -> Packet {
    Packet(
      source: source, destination: destination,
      content: .ipv4(Datagram(source: from, destination: to, transport: .icmp(echo))))
  }

  /// The segment with which the receiver of this one answers: addresses and ports the other way round.
  package func answered(with flags: TCPSegment.Flags) -> Packet? {
    guard let datagram = self.datagram, let segment = self.segment else { return nil }
    return .tcp(
      flags, from: SocketEndpoint(datagram.destination, segment.destination),
      to: SocketEndpoint(datagram.source, segment.source), source: self.destination, destination: self.source)
  }
}

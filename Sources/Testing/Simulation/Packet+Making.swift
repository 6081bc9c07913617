// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import DatapathModel
import OpenFlow
package import PacketHeaders
import ServiceModel

extension Packet {
  /// A TCP segment from the client.
  package static func fromClient(_ flags: TCPSegment.Flags, port: UInt16, to endpoint: SocketEndpoint) -> Packet {
    .tcp(
      flags, from: SocketEndpoint(Site.clientAddress(endpoint.address.family), port), to: endpoint,
      source: Site.clientMAC,
      destination: VirtualIP.defaultMAC(for: endpoint.address))
  }

  /// A TCP segment.
  package static func tcp(
    _ flags: TCPSegment.Flags, from: SocketEndpoint, to: SocketEndpoint, source: MACAddress, destination: MACAddress
  ) -> Packet {
    Packet(
      source: source, destination: destination,
      content: .ip(
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

  package static func echo(
    _ echo: ICMPEcho, from: IPv4Address, to: IPv4Address, source: MACAddress, destination: MACAddress
  ) -> Packet {
    .echo(echo, from: .v4(from), to: .v4(to), source: source, destination: destination)
  }

  /// The question for the MAC address of `target` by neighbour discovery.
  ///
  /// - Parameter to: nil: all that could have it; otherwise who has it is asked whether it still is there.
  package static func neighbourSolicitation(
    of target: IPv6Address, from sender: IPv6Address, at mac: MACAddress, tellingOwn isTelling: Bool = true,
    to: MACAddress? = nil
  ) -> Packet {
    let group = target.solicitedNode
    return Packet(
      source: mac,
      destination: to ?? MACAddress(rawValue: 0x3333_0000_0000 | UInt64(UInt32(truncatingIfNeeded: group.rawValue))),
      content: .ip(
        Datagram(
          source: .v6(sender), destination: .v6(to == nil ? group : target), timeToLive: 255,
          transport: .neighbour(
            NeighbourMessage(
              kind: .solicitation, target: target,
              option: isTelling ? NeighbourMessage.Option(.source, mac) : nil)))))
  }

  /// An echo, or the reply to one.
  package static func echo(
    _ echo: ICMPEcho, from: IPAddress, to: IPAddress, source: MACAddress, destination: MACAddress
  ) -> Packet {
    Packet(
      source: source, destination: destination,
      content: .ip(Datagram(source: from, destination: to, transport: .icmp(echo))))
  }

  /// The segment with which the receiver of this one answers: addresses and ports the other way round.
  package func answered(with flags: TCPSegment.Flags) -> Packet? {
    guard let datagram = self.datagram, let segment = self.segment else { return nil }
    return .tcp(
      flags, from: SocketEndpoint(datagram.destination, segment.destination),
      to: SocketEndpoint(datagram.source, segment.source), source: self.destination, destination: self.source)
  }
}

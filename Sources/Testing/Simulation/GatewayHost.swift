// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import DatapathModel
import PacketHeaders

/// A region's gateway as a machine on the network: it answers for its address, echoes, and serves on its targets.
package struct GatewayHost: Sendable, Equatable {
  package let address: IPv4Address
  package let ipv6: IPv6Address?
  package let mac: MACAddress

  package init(address: IPv4Address, ipv6: IPv6Address? = nil, mac: MACAddress) {
    self.address = address
    self.ipv6 = ipv6
    self.mac = mac
  }

  /// What the machine says to a packet; nil: nothing.
  ///
  /// - Parameter serves: whether a member answers behind a port.
  package func answer(to packet: Packet, serves: (UInt16) -> Bool) -> Packet? {
    if let question = packet.resolution {
      guard question.operation == .request, question.targetIP == self.address else { return nil }
      return .isAt(self.mac, self.address, to: question.senderIP, at: question.senderMAC)
    }
    guard packet.destination == self.mac, let datagram = packet.datagram,
      datagram.destination == .v4(self.address)
        || datagram.destination.ipv6 != nil && datagram.destination.ipv6 == self.ipv6
    else { return nil }
    switch datagram.transport {
    case .icmp(let echo) where echo.kind == .request:
      let reply = ICMPEcho(
        kind: .reply, identifier: echo.identifier, sequence: echo.sequence, payload: echo.payload)
      return .echo(
        reply, from: datagram.destination, to: datagram.source, source: self.mac, destination: packet.source)
    case .tcp(let segment) where segment.flags == .syn:
      return packet.answered(with: serves(segment.destination) ? [.syn, .ack] : [.rst, .ack])
    case .tcp(let segment) where segment.flags == .ack:
      return serves(segment.destination) ? packet.answered(with: .ack) : nil
    case .tcp, .icmp, .neighbour, .other: return nil
    }
  }
}

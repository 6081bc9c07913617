// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import OpenFlow
package import PacketHeaders

/// An Ethernet frame with what it carries, as far as flows of ours can tell frames apart.
package struct Packet: Sendable, Equatable {
  package var source: MACAddress
  package var destination: MACAddress
  package var content: Content

  package enum Content: Sendable, Equatable {
    case arp(ARPPacket)
    case ip(Datagram)
    /// Anything else, by its EtherType.
    case other(type: UInt16, payload: [UInt8])
  }

  /// What an IPv4 packet without options, or an IPv6 packet without extension headers, carries.
  package struct Datagram: Sendable, Equatable {
    /// Of the destination's family.
    package var source: IPAddress
    package var destination: IPAddress
    package var timeToLive: UInt8
    package var transport: Transport

    package init(source: IPAddress, destination: IPAddress, timeToLive: UInt8 = 64, transport: Transport) {
      self.source = source
      self.destination = destination
      self.timeToLive = timeToLive
      self.transport = transport
    }

    package var family: IPAddress.Family { self.destination.family }

    package var protocolNumber: UInt8 {
      switch self.transport {
      case .tcp: IPv4Packet.ProtocolNumber.tcp
      case .icmp, .neighbour: self.family.controlProtocol
      case .other(let number, _): number
      }
    }
  }

  package enum Transport: Sendable, Equatable {
    case tcp(TCPSegment)
    case icmp(ICMPEcho)
    /// In IPv6 only.
    case neighbour(NeighbourMessage)
    case other(protocolNumber: UInt8, payload: [UInt8])
  }

  package init(source: MACAddress, destination: MACAddress, content: Content) {
    self.source = source
    self.destination = destination
    self.content = content
  }

  package var type: UInt16 {
    switch self.content {
    case .arp: EthernetFrame.EtherType.arp
    case .ip(let datagram): datagram.family.etherType
    case .other(let type, _): type
    }
  }

  /// The IP datagram inside; nil if there is none.
  package var datagram: Datagram? {
    get { if case .ip(let datagram) = self.content { datagram } else { nil } }
    set { if let newValue { self.content = .ip(newValue) } }
  }

  /// The neighbour discovery inside; nil if there is none.
  package var neighbour: NeighbourMessage? {
    get { if case .neighbour(let message)? = self.datagram?.transport { message } else { nil } }
    set { if let newValue { self.datagram?.transport = .neighbour(newValue) } }
  }

  /// The TCP segment inside; nil if there is none.
  package var segment: TCPSegment? {
    get { if case .tcp(let segment)? = self.datagram?.transport { segment } else { nil } }
    set { if let newValue { self.datagram?.transport = .tcp(newValue) } }
  }

  /// The address resolution inside; nil if there is none.
  package var resolution: ARPPacket? {
    get { if case .arp(let packet) = self.content { packet } else { nil } }
    set { if let newValue { self.content = .arp(newValue) } }
  }
}

extension Packet: CustomStringConvertible {
  /// One line, as in a story of what happened.
  package var description: String {
    switch self.content {
    case .arp(let arp) where arp.operation == .request: "arp who-has \(arp.targetIP) tell \(arp.senderIP)"
    case .arp(let arp): "arp \(arp.senderIP) is-at \(arp.senderMAC)"
    case .ip(let ip):
      switch ip.transport {
      case .tcp(let tcp):
        "tcp \(SocketEndpoint(ip.source, tcp.source)) > \(SocketEndpoint(ip.destination, tcp.destination)) \(tcp.flags)"
      case .neighbour(let nd):
        "nd \(ip.source) > \(ip.destination) \(nd.kind) \(nd.target)\(nd.option.map { " \($0.mac)" } ?? "")"
      case .icmp(let echo):
        "icmp \(ip.source) > \(ip.destination) echo \(echo.kind) \(echo.sequence)"
      case .other(let number, _): "ip \(ip.source) > \(ip.destination) protocol \(number)"
      }
    case .other(let type, _): "frame \(self.source) > \(self.destination) type 0x\(String(type, radix: 16))"
    }
  }
}

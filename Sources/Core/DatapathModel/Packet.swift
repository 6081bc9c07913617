// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import PacketHeaders

/// An Ethernet frame with what it carries, as far as flows of ours can tell frames apart.
package struct Packet: Sendable, Equatable {
  package var source: MACAddress
  package var destination: MACAddress
  package var content: Content

  package enum Content: Sendable, Equatable {
    case arp(ARPPacket)
    case ipv4(Datagram)
    /// Anything else, by its EtherType.
    case other(type: UInt16, payload: [UInt8])
  }

  /// What an IPv4 packet without options carries.
  package struct Datagram: Sendable, Equatable {
    package var source: IPv4Address
    package var destination: IPv4Address
    package var timeToLive: UInt8
    package var transport: Transport

    package init(source: IPv4Address, destination: IPv4Address, timeToLive: UInt8 = 64, transport: Transport) {
      self.source = source
      self.destination = destination
      self.timeToLive = timeToLive
      self.transport = transport
    }
  }

  package enum Transport: Sendable, Equatable {
    case tcp(TCPSegment)
    case icmp(ICMPEcho)
    case other(protocolNumber: UInt8, payload: [UInt8])

    package var protocolNumber: UInt8 {
      switch self {
      case .tcp: IPv4Packet.ProtocolNumber.tcp
      case .icmp: IPv4Packet.ProtocolNumber.icmp
      case .other(let number, _): number
      }
    }
  }

  package init(source: MACAddress, destination: MACAddress, content: Content) {
    self.source = source
    self.destination = destination
    self.content = content
  }

  package var type: UInt16 {
    switch self.content {
    case .arp: EthernetFrame.EtherType.arp
    case .ipv4: EthernetFrame.EtherType.ipv4
    case .other(let type, _): type
    }
  }

  /// The IPv4 datagram inside; nil if there is none.
  package var datagram: Datagram? {
    get { if case .ipv4(let datagram) = self.content { datagram } else { nil } }
    set { if let newValue { self.content = .ipv4(newValue) } }
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
    case .ipv4(let ip):
      switch ip.transport {
      case .tcp(let tcp):
        "tcp \(ip.source):\(tcp.source) > \(ip.destination):\(tcp.destination) \(tcp.flags)"
      case .icmp(let echo):
        "icmp \(ip.source) > \(ip.destination) echo \(echo.kind) \(echo.sequence)"
      case .other(let number, _): "ip \(ip.source) > \(ip.destination) protocol \(number)"
      }
    case .other(let type, _): "frame \(self.source) > \(self.destination) type 0x\(String(type, radix: 16))"
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import PacketHeaders

extension Packet {
  /// Reads a frame; nil if it is shorter than an Ethernet header. What cannot be read further is kept as it is.
  package init?(bytes: [UInt8]) {
    guard let frame = EthernetFrame(bytes: bytes) else { return nil }
    var content = Content.other(type: frame.type, payload: frame.payload)
    switch frame.type {
    case EthernetFrame.EtherType.arp:
      if let packet = ARPPacket(bytes: frame.payload) { content = .arp(packet) }
    case EthernetFrame.EtherType.ipv4:
      if let packet = IPv4Packet(bytes: frame.payload) { content = .ip(Datagram(packet)) }
    case EthernetFrame.EtherType.ipv6:
      if let packet = IPv6Packet(bytes: frame.payload) { content = .ip(Datagram(packet)) }
    default: break
    }
    self.init(source: frame.source, destination: frame.destination, content: content)
  }

  /// The frame, without padding.
  package var bytes: [UInt8] {
    let payload: [UInt8] =
      switch self.content {
      case .arp(let packet): packet.bytes
      case .ip(let datagram): datagram.bytes
      case .other(_, let payload): payload
      }
    return EthernetFrame(
      destination: self.destination, source: self.source, type: self.type, payload: payload
    ).bytes
  }
}

extension Packet.Datagram {
  init(_ packet: IPv4Packet) {
    self.init(
      source: .v4(packet.source), destination: .v4(packet.destination), timeToLive: packet.timeToLive,
      transport: Packet.Transport(.v4, packet.protocolNumber, packet.payload))
  }

  init(_ packet: IPv6Packet) {
    self.init(
      source: .v6(packet.source), destination: .v6(packet.destination), timeToLive: packet.hopLimit,
      transport: Packet.Transport(.v6, packet.protocolNumber, packet.payload))
  }

  /// Empty if the addresses are of two families.
  var bytes: [UInt8] {
    switch (self.source, self.destination) {
    case (.v4(let source), .v4(let destination)):
      IPv4Packet(
        timeToLive: self.timeToLive, protocolNumber: self.protocolNumber, source: source, destination: destination,
        payload: self.payload
      ).bytes
    case (.v6(let source), .v6(let destination)):
      IPv6Packet(
        hopLimit: self.timeToLive, protocolNumber: self.protocolNumber, source: source, destination: destination,
        payload: self.payload
      ).bytes
    default: []
    }
  }

  private var payload: [UInt8] {
    switch self.transport {
    case .tcp(let segment): segment.bytes(from: self.source, to: self.destination)
    case .icmp(let echo):
      if case (.v6(let source), .v6(let destination)) = (self.source, self.destination) {
        echo.icmpv6(from: source, to: destination)
      } else {
        echo.bytes
      }
    case .neighbour(let message):
      if case (.v6(let source), .v6(let destination)) = (self.source, self.destination) {
        message.bytes(from: source, to: destination)
      } else {
        []
      }
    case .other(_, let payload): payload
    }
  }
}

extension Packet.Transport {
  fileprivate init(_ family: IPAddress.Family, _ protocolNumber: UInt8, _ payload: [UInt8]) {
    let known: Self? =
      switch (family, protocolNumber) {
      case (_, IPv4Packet.ProtocolNumber.tcp): TCPSegment(bytes: payload).map(Self.tcp)
      case (.v4, IPv4Packet.ProtocolNumber.icmp): ICMPEcho(bytes: payload).map(Self.icmp)
      case (.v6, IPv6Packet.ProtocolNumber.icmp):
        ICMPEcho(icmpv6: payload).map(Self.icmp) ?? NeighbourMessage(bytes: payload).map(Self.neighbour)
      default: nil
      }
    self = known ?? .other(protocolNumber: protocolNumber, payload: payload)
  }
}

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
      if let packet = IPv4Packet(bytes: frame.payload) { content = .ipv4(Datagram(packet)) }
    default: break
    }
    self.init(source: frame.source, destination: frame.destination, content: content)
  }

  /// The frame, without padding.
  package var bytes: [UInt8] {
    let payload: [UInt8] =
      switch self.content {
      case .arp(let packet): packet.bytes
      case .ipv4(let datagram): datagram.bytes
      case .other(_, let payload): payload
      }
    return EthernetFrame(
      destination: self.destination, source: self.source, type: self.type, payload: payload
    ).bytes
  }
}

extension Packet.Datagram {
  init(_ packet: IPv4Packet) {
    var transport = Packet.Transport.other(protocolNumber: packet.protocolNumber, payload: packet.payload)
    switch packet.protocolNumber {
    case IPv4Packet.ProtocolNumber.tcp:
      if let segment = TCPSegment(bytes: packet.payload) { transport = .tcp(segment) }
    case IPv4Packet.ProtocolNumber.icmp:
      if let echo = ICMPEcho(bytes: packet.payload) { transport = .icmp(echo) }
    default: break
    }
    self.init(
      source: packet.source, destination: packet.destination, timeToLive: packet.timeToLive, transport: transport)
  }

  var bytes: [UInt8] {
    let payload: [UInt8] =
      switch self.transport {
      case .tcp(let segment): segment.bytes(from: self.source, to: self.destination)
      case .icmp(let echo): echo.bytes
      case .other(_, let payload): payload
      }
    return IPv4Packet(
      timeToLive: self.timeToLive, protocolNumber: self.transport.protocolNumber, source: self.source,
      destination: self.destination, payload: payload
    ).bytes
  }
}

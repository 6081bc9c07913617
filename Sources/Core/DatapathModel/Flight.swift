// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import PacketHeaders

/// A packet on its way through the tables, with what a switch keeps beside it.
struct Flight: Sendable {
  var packet: Packet
  var inPort: PortNumber
  var metadata: UInt64 = 0
  /// Done at the end of the tables (OpenFlow 1.3.5, 5.10).
  var actionSet: [Action] = []
  var tracking = Tracking()

  /// What connection tracking said of the packet.
  struct Tracking: Sendable, Equatable {
    var state: ConntrackState = []
    var zone: UInt16 = 0
    var mark: UInt32 = 0
    var label: UInt128 = 0
  }

  init(_ packet: Packet, from port: PortNumber) {
    self.packet = packet
    self.inPort = port
  }

  /// The value of a field; nil if the packet has no such field.
  subscript(field: PacketField) -> UInt128? {
    let datagram = self.packet.datagram
    return switch field {
    case .inPort: UInt128(self.inPort.rawValue)
    case .metadata: UInt128(self.metadata)
    case .ethernetSource: UInt128(self.packet.source.rawValue)
    case .ethernetDestination: UInt128(self.packet.destination.rawValue)
    case .ethernetType: UInt128(self.packet.type)
    case .arpOperation: self.packet.resolution.map { UInt128($0.operation.rawValue) }
    case .arpSenderAddress: self.packet.resolution.map { UInt128($0.senderIP.rawValue) }
    case .arpTargetAddress: self.packet.resolution.map { UInt128($0.targetIP.rawValue) }
    case .arpSenderHardware: self.packet.resolution.map { UInt128($0.senderMAC.rawValue) }
    case .arpTargetHardware: self.packet.resolution.map { UInt128($0.targetMAC.rawValue) }
    case .ipProtocol: datagram.map { UInt128($0.protocolNumber) }
    case .ipv4Source: datagram?.source.ipv4.map { UInt128($0.rawValue) }
    case .ipv4Destination: datagram?.destination.ipv4.map { UInt128($0.rawValue) }
    case .ipv6Source: datagram?.source.ipv6?.rawValue
    case .ipv6Destination: datagram?.destination.ipv6?.rawValue
    case .tcpSource: self.packet.segment.map { UInt128($0.source) }
    case .tcpDestination: self.packet.segment.map { UInt128($0.destination) }
    case .tcpFlags: self.packet.segment.map { UInt128($0.flags.rawValue) }
    case .icmpv4Type:
      if case .icmp(let echo)? = datagram?.transport, datagram?.family == .v4 {
        UInt128(echo.kind.rawValue)
      } else {
        self.controlType(.v4)
      }
    case .icmpv6Type:
      if case .icmp(let echo)? = datagram?.transport, datagram?.family == .v6 {
        UInt128(echo.kind.icmpv6Type)
      } else {
        self.packet.neighbour.map { UInt128($0.kind.rawValue) } ?? self.controlType(.v6)
      }
    case .ndFlags: self.packet.neighbour.map { UInt128($0.flags) }
    case .ndTarget: self.packet.neighbour?.target.rawValue
    case .ndOptionType: self.packet.neighbour.map { UInt128($0.option?.type.rawValue ?? 0) }
    case .ndSourceLinkLayer: self.linkLayerOption(.source)
    case .ndTargetLinkLayer: self.linkLayerOption(.target)
    case .conntrackState: UInt128(self.tracking.state.rawValue)
    case .conntrackZone: UInt128(self.tracking.zone)
    case .conntrackMark: UInt128(self.tracking.mark)
    case .conntrackLabel: self.tracking.label
    }
  }

  /// Writes a field. A packet that has no such field stays as it is; so does a field that actions cannot write.
  mutating func set(_ field: PacketField, to value: UInt128) {
    let mac = MACAddress(rawValue: UInt64(truncatingIfNeeded: value))
    let ipv4 = IPv4Address(rawValue: UInt32(truncatingIfNeeded: value))
    switch field {
    case .metadata: self.metadata = UInt64(truncatingIfNeeded: value)
    case .ethernetSource: self.packet.source = mac
    case .ethernetDestination: self.packet.destination = mac
    case .arpOperation:
      guard let operation = ARPPacket.Operation(rawValue: UInt16(truncatingIfNeeded: value)) else { return }
      self.packet.resolution?.operation = operation
    case .arpSenderAddress: self.packet.resolution?.senderIP = ipv4
    case .arpTargetAddress: self.packet.resolution?.targetIP = ipv4
    case .arpSenderHardware: self.packet.resolution?.senderMAC = mac
    case .arpTargetHardware: self.packet.resolution?.targetMAC = mac
    case .ipv4Source: self.packet.datagram?.source = .v4(ipv4)
    case .ipv4Destination: self.packet.datagram?.destination = .v4(ipv4)
    case .ipv6Source: self.packet.datagram?.source = .v6(IPv6Address(rawValue: value))
    case .ipv6Destination: self.packet.datagram?.destination = .v6(IPv6Address(rawValue: value))
    case .tcpSource: self.packet.segment?.source = UInt16(truncatingIfNeeded: value)
    case .tcpDestination: self.packet.segment?.destination = UInt16(truncatingIfNeeded: value)
    case .icmpv6Type:
      guard let kind = NeighbourMessage.Kind(rawValue: UInt8(truncatingIfNeeded: value)) else { return }
      self.packet.neighbour?.kind = kind
    case .ndFlags: self.packet.neighbour?.flags = UInt32(truncatingIfNeeded: value)
    case .ndTarget: self.packet.neighbour?.target = IPv6Address(rawValue: value)
    case .ndOptionType:
      guard let type = NeighbourMessage.OptionType(rawValue: UInt8(truncatingIfNeeded: value)) else { return }
      self.packet.neighbour?.option?.type = type
    case .ndSourceLinkLayer: self.setLinkLayerOption(.source, to: mac)
    case .ndTargetLinkLayer: self.setLinkLayerOption(.target, to: mac)
    case .conntrackMark: self.tracking.mark = UInt32(truncatingIfNeeded: value)
    case .inPort, .ethernetType, .ipProtocol, .tcpFlags, .icmpv4Type, .conntrackState, .conntrackZone, .conntrackLabel:
      break
    }
  }

  /// Of a message of ICMP or ICMPv6 that is not modelled any further.
  private func controlType(_ family: IPAddress.Family) -> UInt128? {
    guard let datagram = self.packet.datagram, datagram.family == family,
      case .other(family.controlProtocol, let payload) = datagram.transport
    else { return nil }
    return payload.first.map { UInt128($0) }
  }

  /// 0 if a neighbour discovery message has no such option, as Open vSwitch has it.
  private func linkLayerOption(_ type: NeighbourMessage.OptionType) -> UInt128? {
    self.packet.neighbour.map { $0.option?.type == type ? UInt128($0.option?.mac.rawValue ?? 0) : 0 }
  }

  /// Makes no option where there is none, as Open vSwitch does not.
  private mutating func setLinkLayerOption(_ type: NeighbourMessage.OptionType, to mac: MACAddress) {
    guard self.packet.neighbour?.option?.type == type else { return }
    self.packet.neighbour?.option?.mac = mac
  }
}

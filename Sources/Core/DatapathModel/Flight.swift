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
  }

  init(_ packet: Packet, from port: PortNumber) {
    self.packet = packet
    self.inPort = port
  }

  /// The value of a field; nil if the packet has no such field.
  subscript(field: PacketField) -> UInt64? {
    switch field {
    case .inPort: UInt64(self.inPort.rawValue)
    case .metadata: self.metadata
    case .ethernetSource: self.packet.source.rawValue
    case .ethernetDestination: self.packet.destination.rawValue
    case .ethernetType: UInt64(self.packet.type)
    case .arpOperation: self.packet.resolution.map { UInt64($0.operation.rawValue) }
    case .arpSenderAddress: self.packet.resolution.map { UInt64($0.senderIP.rawValue) }
    case .arpTargetAddress: self.packet.resolution.map { UInt64($0.targetIP.rawValue) }
    case .arpSenderHardware: self.packet.resolution?.senderMAC.rawValue
    case .arpTargetHardware: self.packet.resolution?.targetMAC.rawValue
    case .ipProtocol: self.packet.datagram.map { UInt64($0.transport.protocolNumber) }
    case .ipv4Source: self.packet.datagram.map { UInt64($0.source.rawValue) }
    case .ipv4Destination: self.packet.datagram.map { UInt64($0.destination.rawValue) }
    case .tcpSource: self.packet.segment.map { UInt64($0.source) }
    case .tcpDestination: self.packet.segment.map { UInt64($0.destination) }
    case .tcpFlags: self.packet.segment.map { UInt64($0.flags.rawValue) }
    case .icmpv4Type:
      if case .icmp(let echo)? = self.packet.datagram?.transport { UInt64(echo.kind.rawValue) } else { nil }
    case .conntrackState: UInt64(self.tracking.state.rawValue)
    case .conntrackZone: UInt64(self.tracking.zone)
    case .conntrackMark: UInt64(self.tracking.mark)
    }
  }

  /// Writes a field. A packet that has no such field stays as it is; so does a field that actions cannot write.
  mutating func set(_ field: PacketField, to value: UInt64) {
    switch field {
    case .metadata: self.metadata = value
    case .ethernetSource: self.packet.source = MACAddress(rawValue: value)
    case .ethernetDestination: self.packet.destination = MACAddress(rawValue: value)
    case .arpOperation:
      guard let operation = ARPPacket.Operation(rawValue: UInt16(truncatingIfNeeded: value)) else { return }
      self.packet.resolution?.operation = operation
    case .arpSenderAddress:
      self.packet.resolution?.senderIP = IPv4Address(rawValue: UInt32(truncatingIfNeeded: value))
    case .arpTargetAddress:
      self.packet.resolution?.targetIP = IPv4Address(rawValue: UInt32(truncatingIfNeeded: value))
    case .arpSenderHardware: self.packet.resolution?.senderMAC = MACAddress(rawValue: value)
    case .arpTargetHardware: self.packet.resolution?.targetMAC = MACAddress(rawValue: value)
    case .ipv4Source: self.packet.datagram?.source = IPv4Address(rawValue: UInt32(truncatingIfNeeded: value))
    case .ipv4Destination:
      self.packet.datagram?.destination = IPv4Address(rawValue: UInt32(truncatingIfNeeded: value))
    case .tcpSource: self.packet.segment?.source = UInt16(truncatingIfNeeded: value)
    case .tcpDestination: self.packet.segment?.destination = UInt16(truncatingIfNeeded: value)
    case .conntrackMark: self.tracking.mark = UInt32(truncatingIfNeeded: value)
    case .inPort, .ethernetType, .ipProtocol, .tcpFlags, .icmpv4Type, .conntrackState, .conntrackZone: break
    }
  }
}

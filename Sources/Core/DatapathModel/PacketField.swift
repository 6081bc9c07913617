// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow

/// A field that the model can match or write. To support another one, add a case here and in `Flight`.
enum PacketField: Sendable, Hashable, CaseIterable {
  case inPort, metadata
  case ethernetSource, ethernetDestination, ethernetType
  case arpOperation, arpSenderAddress, arpTargetAddress, arpSenderHardware, arpTargetHardware
  case ipProtocol, ipv4Source, ipv4Destination, ipv6Source, ipv6Destination
  case tcpSource, tcpDestination, tcpFlags, icmpv4Type, icmpv6Type
  case ndFlags, ndTarget, ndOptionType, ndSourceLinkLayer, ndTargetLinkLayer
  case conntrackState, conntrackZone, conntrackMark, conntrackLabel

  var matchField: MatchField {
    switch self {
    case .inPort: .inPort
    case .metadata: .metadata
    case .ethernetSource: .ethernetSource
    case .ethernetDestination: .ethernetDestination
    case .ethernetType: .ethernetType
    case .arpOperation: .arpOperation
    case .arpSenderAddress: .arpSenderAddress
    case .arpTargetAddress: .arpTargetAddress
    case .arpSenderHardware: .arpSenderHardware
    case .arpTargetHardware: .arpTargetHardware
    case .ipProtocol: .ipProtocol
    case .ipv4Source: .ipv4Source
    case .ipv4Destination: .ipv4Destination
    case .tcpSource: .tcpSource
    case .tcpDestination: .tcpDestination
    case .tcpFlags: .tcpFlags
    case .icmpv4Type: .icmpv4Type
    case .ipv6Source: .ipv6Source
    case .ipv6Destination: .ipv6Destination
    case .icmpv6Type: .icmpv6Type
    case .ndFlags: .ndReserved
    case .ndTarget: .ndTarget
    case .ndOptionType: .ndOptionType
    case .ndSourceLinkLayer: .ndSourceLinkLayer
    case .ndTargetLinkLayer: .ndTargetLinkLayer
    case .conntrackState: .conntrackState
    case .conntrackZone: .conntrackZone
    case .conntrackMark: .conntrackMark
    case .conntrackLabel: .conntrackLabel
    }
  }

  /// Nil for a field that the model does not know.
  init?(_ field: MatchField) {
    guard let known = Self.allCases.first(where: { $0.matchField == field }) else { return nil }
    self = known
  }

  /// What a match must say, one list or another, before it may name this field (OpenFlow 1.3.5, 7.2.3.8).
  private var prerequisites: [[MatchEntry]] {
    let control = MatchEntry.ipProtocol(IPAddress.Family.v6.controlProtocol)
    return switch self {
    case .inPort, .metadata, .ethernetSource, .ethernetDestination, .ethernetType, .conntrackState, .conntrackZone,
      .conntrackMark, .conntrackLabel:
      [[]]
    case .arpOperation, .arpSenderAddress, .arpTargetAddress, .arpSenderHardware, .arpTargetHardware:
      [[.ethernetType(0x0806)]]
    case .ipProtocol: [[.ethernetType(.v4)], [.ethernetType(.v6)]]
    case .ipv4Source, .ipv4Destination: [[.ethernetType(.v4)]]
    case .ipv6Source, .ipv6Destination: [[.ethernetType(.v6)]]
    case .tcpSource, .tcpDestination, .tcpFlags:
      IPAddress.Family.allCases.map { [.ethernetType($0), .ipProtocol(6)] }
    case .icmpv4Type: [[.ethernetType(.v4), .ipProtocol(1)]]
    case .icmpv6Type: [[.ethernetType(.v6), control]]
    case .ndFlags, .ndTarget, .ndOptionType:
      [135, 136].map { [.ethernetType(.v6), control, .icmpv6Type($0)] }
    case .ndSourceLinkLayer: [[.ethernetType(.v6), control, .icmpv6Type(135)]]
    case .ndTargetLinkLayer: [[.ethernetType(.v6), control, .icmpv6Type(136)]]
    }
  }

  /// Whether every packet of a match has this field.
  func isThere(in match: Match) -> Bool {
    self.prerequisites.contains { $0.allSatisfy { match[$0.field] == $0 } }
  }
}

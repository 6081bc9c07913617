// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import OpenFlow

/// A field that the model can match or write. To support another one, add a case here and in `Flight`.
enum PacketField: Sendable, Hashable, CaseIterable {
  case inPort, metadata
  case ethernetSource, ethernetDestination, ethernetType
  case arpOperation, arpSenderAddress, arpTargetAddress, arpSenderHardware, arpTargetHardware
  case ipProtocol, ipv4Source, ipv4Destination
  case tcpSource, tcpDestination, tcpFlags, icmpv4Type
  case conntrackState, conntrackZone, conntrackMark

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
    case .conntrackState: .conntrackState
    case .conntrackZone: .conntrackZone
    case .conntrackMark: .conntrackMark
    }
  }

  /// Nil for a field that the model does not know.
  init?(_ field: MatchField) {
    guard let known = Self.allCases.first(where: { $0.matchField == field }) else { return nil }
    self = known
  }

  /// What a match must say before it may name this field (OpenFlow 1.3.5, 7.2.3.8).
  var prerequisites: [MatchEntry] {
    switch self {
    case .inPort, .metadata, .ethernetSource, .ethernetDestination, .ethernetType, .conntrackState, .conntrackZone,
      .conntrackMark:
      []
    case .arpOperation, .arpSenderAddress, .arpTargetAddress, .arpSenderHardware, .arpTargetHardware:
      [.ethernetType(0x0806)]
    case .ipProtocol, .ipv4Source, .ipv4Destination: [.ethernetType(0x0800)]
    case .tcpSource, .tcpDestination, .tcpFlags: [.ethernetType(0x0800), .ipProtocol(6)]
    case .icmpv4Type: [.ethernetType(0x0800), .ipProtocol(1)]
    }
  }
}

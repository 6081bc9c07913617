// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow

/// Every field that has a name, in matches that meet its prerequisites: as a whole, and where it may be, in part.
enum FieldSamples {
  /// Fields that belong together, and what a match must say before it may name them.
  struct Family: Sendable {
    let name: String
    let needs: Match
    let fields: [MatchField]
  }

  static let families: [Family] = [
    Family(
      name: "pipeline", needs: .any,
      fields: [.inPort, .metadata, .tunnelID, .packetMark, .conjunctionID, .actionSetOutput]),
    Family(name: "internal", needs: .any, fields: [.datapathHash, .recirculationID]),
    Family(name: "packet-type", needs: .any, fields: [.packetType]),
    Family(name: "ethernet", needs: .any, fields: [.ethernetDestination, .ethernetSource, .ethernetType]),
    Family(name: "vlan", needs: [.vlanID(5)], fields: [.vlanID, .vlanPriority]),
    Family(name: "vlan-tag", needs: .any, fields: [.vlanTag]),
    Family(
      name: "mpls", needs: [.ethernetType(0x8847)],
      fields: [.mplsLabel, .mplsTrafficClass, .mplsBottomOfStack, .mplsTTL]),
    Family(
      name: "arp", needs: [.ethernetType(0x0806)],
      fields: [.arpOperation, .arpSenderAddress, .arpTargetAddress, .arpSenderHardware, .arpTargetHardware]),
    Family(
      name: "ipv4", needs: [.ethernetType(0x0800)],
      fields: [.ipDSCP, .ipECN, .ipProtocol, .ipTTL, .ipFragment, .ipv4Source, .ipv4Destination]),
    Family(name: "ip-tos", needs: [.ethernetType(0x0800)], fields: [.ipTypeOfService]),
    Family(
      name: "ipv6", needs: [.ethernetType(0x86dd)],
      fields: [.ipDSCP, .ipECN, .ipProtocol, .ipTTL, .ipFragment, .ipv6Source, .ipv6Destination, .ipv6FlowLabel]),
    Family(
      name: "tcp", needs: [.ethernetType(0x86dd), .ipProtocol(6)], fields: [.tcpSource, .tcpDestination, .tcpFlags]),
    Family(name: "udp", needs: [.ethernetType(0x0800), .ipProtocol(17)], fields: [.udpSource, .udpDestination]),
    Family(name: "sctp", needs: [.ethernetType(0x0800), .ipProtocol(132)], fields: [.sctpSource, .sctpDestination]),
    Family(name: "icmpv4", needs: [.ethernetType(0x0800), .ipProtocol(1)], fields: [.icmpv4Type, .icmpv4Code]),
    Family(name: "icmpv6", needs: [.ethernetType(0x86dd), .ipProtocol(58)], fields: [.icmpv6Type, .icmpv6Code]),
    Family(
      name: "nd-solicitation",
      needs: [.ethernetType(0x86dd), .ipProtocol(58), MatchEntry(.icmpv6Type, 135), MatchEntry(.icmpv6Code, 0)],
      fields: [.ndTarget, .ndSourceLinkLayer, .ndReserved, .ndOptionType]),
    Family(
      name: "nd-advertisement",
      needs: [.ethernetType(0x86dd), .ipProtocol(58), MatchEntry(.icmpv6Type, 136), MatchEntry(.icmpv6Code, 0)],
      fields: [.ndTarget, .ndTargetLinkLayer]),
    Family(name: "registers", needs: .any, fields: (0..<16).map { .register($0) }),
    Family(name: "registers-64", needs: .any, fields: (0..<8).map { .register64($0) }),
    Family(name: "registers-128", needs: .any, fields: (0..<4).map { .register128($0) }),
    Family(
      name: "tunnel", needs: .any,
      fields: [.tunnelIPv4Source, .tunnelIPv4Destination, .tunnelFlags, .tunnelPolicyID, .tunnelPolicyFlags]),
    Family(name: "gtp-u", needs: .any, fields: [.gtpuFlags, .gtpuMessageType]),
    Family(name: "tunnel-ipv6", needs: .any, fields: [.tunnelIPv6Source, .tunnelIPv6Destination]),
    Family(
      name: "erspan", needs: .any, fields: [.erspanIndex, .erspanVersion, .erspanDirection, .erspanHardwareID]),
    Family(
      name: "ct", needs: [.ethernetType(0x0800), .conntrackState(set: [.tracked, .established])],
      fields: [
        .conntrackState, .conntrackZone, .conntrackMark, .conntrackLabel, .conntrackProtocol, .conntrackIPv4Source,
        .conntrackIPv4Destination, .conntrackSourcePort, .conntrackDestinationPort,
      ]),
    Family(
      name: "ct-ipv6", needs: [.ethernetType(0x86dd), .conntrackState(set: [.tracked], unset: [.invalid])],
      fields: [.conntrackProtocol, .conntrackIPv6Source, .conntrackIPv6Destination]),
    Family(
      name: "nsh", needs: [.ethernetType(0x894f)],
      fields: [.nshFlags, .nshMetadataType, .nshNextProtocol, .nshPath, .nshIndex, .nshTTL]
        + (1...4).map { .nshContext($0) }),
  ]

  /// Fields that Open vSwitch does not know, or only after it was told of them.
  static let unknownToOpenVSwitch: [Family] = [
    Family(name: "physical-port", needs: [.inPort(1)], fields: [.inPhysicalPort]),
    Family(name: "pbb", needs: [.ethernetType(0x88e7)], fields: [.pbbServiceID, .pbbUseCustomerAddress]),
    Family(name: "ipv6-extensions", needs: [.ethernetType(0x86dd)], fields: [.ipv6ExtensionHeaders]),
    Family(
      name: "tunnel-metadata", needs: .any,
      fields: (0..<64).map { .tunnelMetadata($0, byteCount: 1 + Int($0) % 4) }),
    Family(name: "in-port-16", needs: .any, fields: [.inPort16]),
  ]

  /// Values that not any bits will do for.
  private static let values: [MatchField: UInt128] = [
    .inPort: 3, .inPhysicalPort: 3, .actionSetOutput: 2, .packetType: 0x1_894f, .ethernetType: 0x88b5, .vlanID: 0x1123,
    .arpOperation: 2, .vlanTag: 0xb123, .ipProtocol: 89, .ipTypeOfService: 0xb8, .icmpv6Type: 128, .icmpv6Code: 1,
    .conntrackState: 0x29, .conntrackProtocol: 6, .nshTTL: 63, .nshMetadataType: 1, .conntrackZone: 7,
  ]

  /// A value that has bits all over the field.
  static func value(of field: MatchField) -> UInt128 {
    let pattern: UInt128 = 0x2001_0db8_0000_00a5_5a12_3400_5678_9abd
    return Self.values[field] ?? (pattern ^ UInt128(field.number)) & field.fullMask
  }

  /// A mask for part of the field; nil if it can only be matched as a whole.
  static func mask(of field: MatchField) -> UInt128? {
    guard field.maskable else { return nil }
    switch field {
    case .vlanID: return 0x1f00
    case .vlanTag: return 0xf00f
    case .conntrackState: return 0x3d
    case .tunnelFlags, .erspanDirection: return 1
    case .ipFragment: return 1
    // Masks that are prefixes, and one that is not.
    case .ipv4Source, .tunnelIPv4Source: return 0xffff_0000
    case .ipv6Source, .ndTarget: return UInt128.max << 64
    default: return 0xffff_0000_ffff_00ff_ff00_ffff_0ff0_fff5 & field.fullMask
    }
  }

  static func match(_ family: Family, masked: Bool) -> Match {
    var match = family.needs
    for field in family.fields {
      // The switch knows eight of the 32 states only.
      let mask = masked || field == .conntrackState ? Self.mask(of: field) : nil
      match.insert(MatchEntry(field, Self.value(of: field), mask: mask))
    }
    return match
  }

  /// For each family one flow that matches its fields as a whole, and one that matches them in part if it can.
  static let samples: [(name: String, body: MessageBody)] = families.flatMap(samples(of:))

  private static func samples(of family: Family) -> [(name: String, body: MessageBody)] {
    let isMaskable = family.fields.contains(where: \.maskable)
    return (isMaskable ? [false, true] : [false]).map { masked in
      let flow = FlowMod(tableID: 1, match: Self.match(family, masked: masked), instructions: [.gotoTable(2)])
      return ("match-\(family.name)\(masked ? "-masked" : "")", MessageBody.flowMod(flow))
    }
  }
}

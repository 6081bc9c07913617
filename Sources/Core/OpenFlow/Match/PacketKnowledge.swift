// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What is known of the packets that get to a flow: from its match at first, and then from its actions, which add and
/// remove headers.
struct PacketKnowledge {
  private var hasInPort = false
  /// False for packets that begin with another header.
  private var isEthernet = true
  private var hasVLANTag = false
  private var etherType: UInt16?
  private var ipProtocol: UInt8?
  /// True for fragments other than the first, which have no ports.
  private var isLaterFragment = false
  private var icmpv6Type: UInt8?
  private var icmpv6Code: UInt8 = 0
  private var hasTrackedConnection = false
  /// True after an action that may have done anything: nothing can be said to be missing then.
  private var isUncertain = false

  /// Takes in a condition. Those of a match must come in its order. (Its parts, because an entry as a whole would be
  /// retained and released for each.)
  mutating func learn(_ field: MatchField, _ value: UInt128, mask: UInt128?) {
    switch field.oxmClass {
    case OXMClass.openflowBasic: self.learnBasic(field.number, UInt32(truncatingIfNeeded: value))
    case OXMClass.nicira0 where field.number == MatchField.vlanTag.number: self.hasVLANTag = value & 0x1000 != 0
    case OXMClass.nicira1 where field.number == MatchField.conntrackState.number:
      self.learnConntrackState(value, mask: mask ?? field.fullMask)
    case OXMClass.nicira1 where field.number == MatchField.ipFragment.number: self.isLaterFragment = value & 2 != 0
    default: break
    }
  }

  private mutating func learnBasic(_ number: UInt8, _ value: UInt32) {
    switch number {
    case MatchField.inPort.number: self.hasInPort = true
    case MatchField.packetType.number:
      self.isEthernet = value == 0
      // Name space 1 (OFPHTN_ETHERTYPE): what an Ethernet header with this type would be followed by.
      if value >> 16 == 1 { self.etherType = UInt16(truncatingIfNeeded: value) }
    case MatchField.ethernetType.number: self.etherType = UInt16(truncatingIfNeeded: value)
    case MatchField.vlanID.number: self.hasVLANTag = value & 0x1000 != 0
    case MatchField.ipProtocol.number: self.ipProtocol = UInt8(truncatingIfNeeded: value)
    case MatchField.icmpv6Type.number: self.icmpv6Type = UInt8(truncatingIfNeeded: value)
    case MatchField.icmpv6Code.number: self.icmpv6Code = UInt8(truncatingIfNeeded: value)
    default: break
    }
  }

  /// A connection is known if a state says so that only a known one has, or if it was looked for and is not invalid.
  private mutating func learnConntrackState(_ value: UInt128, mask: UInt128) {
    let set = ConntrackState(rawValue: UInt32(truncatingIfNeeded: value))
    let mask = ConntrackState(rawValue: UInt32(truncatingIfNeeded: mask))
    let telling: ConntrackState = [.new, .established, .related, .reply, .sourceNAT, .destinationNAT]
    self.hasTrackedConnection =
      !set.isDisjoint(with: telling) || (set.contains(.tracked) && mask.contains(.invalid) && !set.contains(.invalid))
  }

  /// Whether a packet is known to be such that it has fields with this prerequisite.
  func meets(_ prerequisite: Prerequisite) -> Bool {
    switch prerequisite {
    case .nothing: true
    case _ where self.isUncertain: true
    case .inPort: self.hasInPort
    case .ethernet: self.isEthernet
    case .vlanTag: self.isEthernet && self.hasVLANTag
    case .arp: self.etherType == 0x0806 || self.etherType == 0x8035
    case .ip: self.isIP
    case .ipv4: self.etherType == 0x0800
    case .ipv6: self.etherType == 0x86dd
    case .mpls: self.etherType == 0x8847 || self.etherType == 0x8848
    case .pbb: self.etherType == 0x88e7
    case .nsh: self.etherType == 0x894f
    case .tcp: self.hasPorts(of: 6)
    case .udp: self.hasPorts(of: 17)
    case .sctp: self.hasPorts(of: 132)
    case .icmpv4: self.etherType == 0x0800 && self.ipProtocol == 1
    case .icmpv6: self.isICMPv6
    case .neighbourDiscovery: self.isNeighbourDiscovery && (self.icmpv6Type == 135 || self.icmpv6Type == 136)
    case .neighbourSolicitation: self.isNeighbourDiscovery && self.icmpv6Type == 135
    case .neighbourAdvertisement: self.isNeighbourDiscovery && self.icmpv6Type == 136
    case .trackedConnection: self.hasTrackedConnection
    case .trackedIPv4: self.hasTrackedConnection && self.etherType == 0x0800
    case .trackedIPv6: self.hasTrackedConnection && self.etherType == 0x86dd
    }
  }

  private var isIP: Bool { self.etherType == 0x0800 || self.etherType == 0x86dd }
  private func hasPorts(of ipProtocol: UInt8) -> Bool {
    self.isIP && self.ipProtocol == ipProtocol && !self.isLaterFragment
  }
  private var isICMPv6: Bool { self.etherType == 0x86dd && self.ipProtocol == 58 }
  private var isNeighbourDiscovery: Bool { self.isICMPv6 && self.icmpv6Code == 0 }

  /// A VLAN tag was put before what the packet had.
  mutating func pushedVLANTag() { self.hasVLANTag = true }

  /// A header was put before the packet's payload, which says that it is followed by what `etherType` names; what was
  /// known of the headers behind it is out of reach.
  mutating func pushedHeader(_ etherType: UInt16) {
    self.etherType = etherType
    self.ipProtocol = nil
    self.icmpv6Type = nil
    self.icmpv6Code = 0
  }

  /// Something was done that leaves nothing certain: a header was removed behind which there may be anything, or the
  /// packet was in other tables.
  mutating func becameUncertain() { self.isUncertain = true }
}

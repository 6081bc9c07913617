// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import OpenFlow

/// Makes matches of fields that need others, with and without those, or with wrong ones.
struct MatchGenerator {
  private static let etherTypes: [UInt16] = [0x0800, 0x0806, 0x8035, 0x86dd, 0x8847, 0x8848, 0x894f, 0x88b5]
  private static let protocols: [UInt8] = [1, 6, 17, 58, 132, 89]
  private static let icmpv6Types: [UInt128] = [128, 135, 136]
  private static let states: [MatchEntry] = [
    .conntrackState(set: [.tracked]), .conntrackState(set: [.tracked, .established]),
    .conntrackState(set: [.tracked], unset: [.invalid]), .conntrackState(set: [.invalid, .tracked]),
    .conntrackState(set: [], unset: [.new]),
  ]

  /// Fields that a match can have beside each other.
  private let fields: [MatchField]
  /// Fields that an action can write, outside of `ct`.
  let settable: [MatchField]

  init() {
    let known = FieldSamples.families.filter { !["internal", "packet-type", "vlan-tag", "ip-tos"].contains($0.name) }
      .flatMap(\.fields)
    self.fields = known
    // What the specification lets an action write, but Open vSwitch does not.
    let refused: [MatchField] = [.ethernetType, .ipProtocol, .tcpFlags, .mplsBottomOfStack]
    self.settable = known.filter {
      $0.isSettable && !refused.contains($0) && $0 != .conntrackMark && $0 != .conntrackLabel
    }
  }

  func match(_ random: inout SplitMix64) -> Match {
    var match = Match()
    func maybe(_ entry: MatchEntry) { if random.next() % 4 != 0 { match.insert(entry) } }
    maybe(.ethernetType(Self.pick(Self.etherTypes, &random)))
    if random.next() % 2 == 0 { match.insert(.vlanID(5)) }
    if random.next() % 2 == 0 { match.insert(Self.pick(Self.states, &random)) }
    if random.next() % 3 != 0 { match.insert(.ipProtocol(Self.pick(Self.protocols, &random))) }
    if random.next() % 3 == 0 { match.insert(MatchEntry(.icmpv6Type, Self.pick(Self.icmpv6Types, &random))) }
    if random.next() % 3 == 0 { match.insert(MatchEntry(.icmpv6Code, UInt128(random.next() % 2))) }
    for _ in 0..<(random.next() % 3) {
      let field = Self.pick(self.fields, &random)
      // What decides about others is chosen above.
      guard match[field] == nil, field != .ethernetType, field != .ipProtocol, field != .icmpv6Type,
        field != .icmpv6Code, field != .vlanID, field != .conntrackState
      else { continue }
      match.insert(MatchEntry(field, FieldSamples.value(of: field)))
    }
    return match
  }

  /// One that has what its fields need.
  func validMatch(_ random: inout SplitMix64) -> Match {
    while true {
      let match = self.match(&random)
      if (try? match.validate()) != nil { return match }
    }
  }

  private static func pick<Element>(_ elements: [Element], _ random: inout SplitMix64) -> Element {
    elements[Int(random.next() % UInt64(elements.count))]
  }
}

extension SwitchConnection {
  /// Sends a flow as it is, though the encoder might refuse it; returns what the switch refused.
  ///
  /// The encoder checks neither the match of a PACKET_IN nor the instructions of flows to be deleted: the message is put
  /// together of both.
  func applyUnchecked(_ flow: FlowMod) throws -> [ErrorMessage] {
    let packet = PacketIn(totalLength: 0, reason: .action, tableID: 0, cookie: 0, match: flow.match, data: [])
    let match = try Message(xid: 0, .packetIn(packet)).bytes(self.version).dropFirst(24).dropLast(2)
    var deletion = flow
    deletion.command = .delete
    deletion.match = .any
    var bytes = try Message(xid: 0, .flowMod(deletion)).bytes(self.version)
    bytes[25] = FlowMod.Command.add.rawValue
    bytes.replaceSubrange(48..<56, with: match)
    return try self.apply([.unknown(type: bytes[1], payload: Array(bytes.dropFirst(8)))])
  }
}

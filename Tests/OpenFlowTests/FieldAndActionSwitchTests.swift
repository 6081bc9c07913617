// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import Testing

/// What a real Open vSwitch takes, it reads back as equal values; what lacks a prerequisite it refuses, and so does the
/// encoder.
@Suite(
  .serialized, .enabled(if: PrivateSwitch.isPossible, "Open vSwitch is not installed (package openvswitch-switch)"))
struct FieldAndActionSwitchTests {
  /// Fields that the switch keeps for itself, or takes on bridges of another kind only; fields that it reads back under
  /// another name; and those which Open vSwitch 3.1 reads back with the value in the mask's place.
  private static let notReadBack: Set<String> = [
    "internal", "packet-type", "vlan-tag", "ip-tos", "erspan", "gtp-u",
  ]

  @Test(arguments: ProtocolVersion.allCases, ProtocolVersion.allCases)
  func everyFieldIsReadBack(written: ProtocolVersion, read: ProtocolVersion) throws {
    let families = FieldSamples.families.filter { !Self.notReadBack.contains($0.name) }
    let flows = families.flatMap { family in
      [false, true].map { FlowMod(tableID: 1, match: FieldSamples.match(family, masked: $0)) }
    }
    try self.check(flows, written: written, read: read)
  }

  @Test(arguments: ProtocolVersion.allCases, ProtocolVersion.allCases)
  func everyActionIsReadBack(written: ProtocolVersion, read: ProtocolVersion) throws {
    let newer = min(written, read) == .v1_5 ? ActionSamples.newer : []
    try self.check(
      (ActionSamples.common + newer).map(\.flow), written: written, read: read,
      before: [.groupMod(GroupMod(kind: .all, group: 1))])
  }

  private func check(
    _ flows: [FlowMod], written: ProtocolVersion, read: ProtocolVersion, before: [MessageBody] = []
  ) throws {
    try PrivateSwitch.run { privateSwitch in
      let writer = try SwitchConnection(privateSwitch.managementSocket, version: written)
      for meter: UInt8 in [7, 8] { #expect(try writer.apply([Self.meter(meter)]) == []) }
      #expect(try writer.apply(before) == [])
      let reader = try SwitchConnection(privateSwitch.managementSocket, version: read)
      for (index, flow) in flows.enumerated() {
        var flow = flow
        flow.priority = UInt16(index + 1)
        #expect(try writer.apply([.flowMod(flow)]) == [], "\(flow.match) \(flow.instructions)")
      }
      let found = try reader.request(.flows(FlowRequest())).flatMap { (body: MultipartReply.Body) -> [FlowStatistics] in
        if case .flows(let flows) = body { flows } else { [] }
      }
      for (index, flow) in flows.enumerated() {
        let back = found.first { $0.priority == UInt16(index + 1) }
        #expect(back?.match == flow.match)
        #expect(back?.instructions == flow.instructions)
      }
    }
  }

  /// METER_MOD: adds a meter that drops what is above 1,000 packets a second.
  private static func meter(_ id: UInt8) -> MessageBody {
    let band: [UInt8] = [0, 1, 0, 16, 0, 0, 3, 232, 0, 0, 0, 0, 0, 0, 0, 0]
    return .unknown(type: 29, payload: [0, 0, 0, 2, 0, 0, 0, id] + band)
  }

  /// Random matches of fields with and without what they need: both must refuse the same ones.
  @Test(arguments: ProtocolVersion.allCases)
  func refusesTheSameMatches(version: ProtocolVersion) throws {
    var random = SplitMix64(state: version == .v1_3 ? 13 : 15)
    let generator = MatchGenerator()
    try PrivateSwitch.run { privateSwitch in
      let connection = try SwitchConnection(privateSwitch.managementSocket, version: version)
      var counts = (accepted: 0, refused: 0)
      for _ in 0..<2000 {
        let match = generator.match(&random)
        let mine = Self.isAccepted { () throws(OpenFlowEncodingError) in try match.validate() }
        let flow = FlowMod(tableID: 1, match: match)
        let errors = try connection.applyUnchecked(flow)
        // The second is the answer to addresses of a connection without the EtherType.
        let names = ["OFPBMC_BAD_PREREQ", "OFPBAC_MATCH_INCONSISTENT"]
        #expect(errors.allSatisfy { names.contains($0.name) }, "\(match): \(errors)")
        #expect(errors.isEmpty == mine, "\(match): \(errors)")
        if errors.isEmpty { counts.accepted += 1 } else { counts.refused += 1 }
      }
      // The generator makes enough of both kinds for this to mean something.
      #expect(counts.accepted > 200 && counts.refused > 200, "\(counts)")
    }
  }

  /// The same for actions that write a field.
  @Test(arguments: ProtocolVersion.allCases)
  func refusesTheSameSettings(version: ProtocolVersion) throws {
    var random = SplitMix64(state: version == .v1_3 ? 31 : 51)
    let generator = MatchGenerator()
    try PrivateSwitch.run { privateSwitch in
      let connection = try SwitchConnection(privateSwitch.managementSocket, version: version)
      var counts = (accepted: 0, refused: 0)
      for _ in 0..<2000 {
        let match = generator.validMatch(&random)
        let field = generator.settable[Int(random.next() % UInt64(generator.settable.count))]
        let setting = Action.setField(MatchEntry(field, FieldSamples.value(of: field)))
        let push: [Action] = random.next() % 4 == 0 ? [.pushVLAN(ethernetType: 0x8100)] : []
        let flow = FlowMod(tableID: 1, match: match, instructions: [.applyActions(push + [setting])])
        let mine = Self.isAccepted { () throws(OpenFlowEncodingError) in try match.validate(flow.instructions) }
        let errors = try connection.applyUnchecked(flow)
        #expect(errors.allSatisfy { $0.name == "OFPBAC_MATCH_INCONSISTENT" }, "\(flow): \(errors)")
        #expect(errors.isEmpty == mine, "\(match) \(flow.instructions): \(errors)")
        if errors.isEmpty { counts.accepted += 1 } else { counts.refused += 1 }
      }
      #expect(counts.accepted > 200 && counts.refused > 200, "\(counts)")
    }
  }

  private static func isAccepted(_ body: () throws(OpenFlowEncodingError) -> Void) -> Bool {
    do {
      try body()
      return true
    } catch {
      return false
    }
  }
}

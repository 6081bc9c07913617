// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import NIOCore
import OpenFlow
import Testing

/// Different bytes that mean the same are equal values.
@Suite struct CanonicalFormTests {
  /// An apply_actions of a FLOW_MOD in 1.3.
  private func decode(actions: [UInt8]) throws -> [Action] {
    let length = actions.count
    let body =
      [UInt8](repeating: 0, count: 40) + [0, 1, 0, 4, 0, 0, 0, 0, 0, 4, 0, UInt8(length + 8), 0, 0, 0, 0] + actions
    let message = try Message(bytes: [4, 14, 0, UInt8(body.count + 8), 0, 0, 0, 1] + body, .v1_3)
    guard case .flowMod(let mod) = message.body, case .applyActions(let actions)? = mod.instructions.first else {
      return []
    }
    return actions
  }

  @Test func lengthsOfOutputsCountForTheControllerOnly() throws {
    #expect(
      try self.decode(actions: [0, 0, 0, 16, 0, 0, 0, 2, 0x12, 0x34, 0, 0, 0, 0, 0, 0]) == [.output(2)])
    #expect(
      try self.decode(actions: [0, 0, 0, 16, 0xff, 0xff, 0xff, 0xfd, 0x12, 0x34, 0, 0, 0, 0, 0, 0])
        == [.output(port: .controller, maxLength: 0x1234)])
  }

  @Test func loadsAreSettings() throws {
    // load:0x5->NXM_NX_CT_MARK[], all 32 bits
    #expect(
      try self.decode(
        actions: [0xff, 0xff, 0, 24, 0, 0, 0x23, 0x20, 0, 7, 0, 31, 0, 1, 0xd6, 4, 0, 0, 0, 0, 0, 0, 0, 5])
        == [.setField(.conntrackMark(5))])
    // load:0x5->NXM_NX_REG0[8..15]
    #expect(
      try self.decode(
        actions: [0xff, 0xff, 0, 24, 0, 0, 0x23, 0x20, 0, 7, 2, 7, 0, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 5])
        == [.setField(.register(0, 0x500, mask: 0xff00))])
    // A value that its bits cannot hold.
    #expect(throws: OpenFlowDecodingError.self) {
      try self.decode(
        actions: [0xff, 0xff, 0, 24, 0, 0, 0x23, 0x20, 0, 7, 2, 7, 0, 1, 0, 4, 0, 0, 0, 0, 0, 0, 1, 5])
    }
    // Bits that the field does not have.
    #expect(throws: OpenFlowDecodingError.self) {
      try self.decode(
        actions: [0xff, 0xff, 0, 24, 0, 0, 0x23, 0x20, 0, 7, 2, 31, 0, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 5])
    }
  }

  @Test func rangesOfOneAreOne() throws {
    // nat(src=10.0.0.1-10.0.0.1)
    #expect(
      try self.decode(
        actions: [
          0xff, 0xff, 0, 24, 0, 0, 0x23, 0x20, 0, 36, 0, 0, 0, 1, 0, 3, 10, 0, 0, 1, 10, 0, 0, 1,
        ]) == [.nat(.source(Representative.gateway))])
    // nat(src=10.0.0.2-10.0.0.1)
    #expect(throws: OpenFlowDecodingError.self) {
      try self.decode(
        actions: [
          0xff, 0xff, 0, 24, 0, 0, 0x23, 0x20, 0, 36, 0, 0, 0, 1, 0, 3, 10, 0, 0, 2, 10, 0, 0, 1,
        ])
    }
  }

  @Test(arguments: ProtocolVersion.allCases)
  func instructionsAreReadInTheOrderInWhichTheyAreDone(version: ProtocolVersion) throws {
    let mod = FlowMod(
      tableID: 0,
      instructions: [
        .gotoTable(3), .applyActions([]), .writeActions([.output(1)]), .applyActions([.popVLAN]), .clearActions,
      ])
    let message = try Message(bytes: Message(xid: 1, .flowMod(mod)).bytes(version), version)
    guard case .flowMod(let read) = message.body else {
      Issue.record("\(message.body)")
      return
    }
    #expect(
      read.instructions == [.applyActions([.popVLAN]), .clearActions, .writeActions([.output(1)]), .gotoTable(3)])
  }

  @Test func packetRegistersAreRegisters() throws {
    // A FLOW_MOD in 1.5 that matches xreg1, of which only the low half counts.
    var bytes: [UInt8] = [6, 14, 0, 72, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 40)
    bytes += [0, 1, 0, 24, 0x80, 0x01, 0x03, 16] + [0, 0, 0, 0, 0, 0, 0, 9]
    bytes += [0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]
    guard case .flowMod(let mod) = try Message(bytes: bytes, .v1_5).body else {
      Issue.record("no FLOW_MOD")
      return
    }
    #expect(mod.match == [.register(3, 9)])
  }

  @Test(arguments: ProtocolVersion.allCases, [UInt32(0), 7])
  func unknownFieldsAreCarried(version: ProtocolVersion, experimenter: UInt32) throws {
    let fields = [
      MatchField(oxmClass: 0xffff, number: 5, experimenter: experimenter, byteCount: 3),
      MatchField(oxmClass: 0x8000, number: 100, byteCount: 16), MatchField(oxmClass: 0x1234, number: 127, byteCount: 1),
    ]
    let entries = fields.compactMap { $0 }.enumerated().map { index, field in
      MatchEntry(field, UInt128(index + 1), mask: index == 1 ? 0xff : nil)
    }
    let body = MessageBody.flowMod(FlowMod(tableID: 0, match: Match(entries)))
    #expect(try Message(bytes: Message(xid: 1, body).bytes(version), version).body == body)
    #expect(entries.count == 3)
  }

  @Test func bucketIDsThatAreTheIndexAreNone() throws {
    let buckets = [Bucket(actions: [.output(1)], id: 0), Bucket(actions: [.output(2)], id: 7)]
    let mod = GroupMod(kind: .all, group: 1, buckets: buckets)
    let message = try Message(bytes: Message(xid: 1, .groupMod(mod)).bytes(.v1_5), .v1_5)
    guard case .groupMod(let read) = message.body else {
      Issue.record("\(message.body)")
      return
    }
    #expect(read.buckets.map(\.id) == [nil, 7])
  }
}

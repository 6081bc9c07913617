// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import NIOCore
import OpenFlow
import Testing

/// Errors say where, what was found and what is accepted.
@Suite struct ErrorTests {
  @Test func framesAreAsLongAsTheySay() throws {
    #expect(try OpenFlowFrame.length(of: ByteBuffer(bytes: [4, 0, 0])) == nil)
    #expect(try OpenFlowFrame.length(of: ByteBuffer(bytes: [4, 0, 0, 8])) == 8)
    #expect(try OpenFlowFrame.length(of: ByteBuffer(bytes: [4, 0, 0xff, 0xff, 1, 2, 3])) == 65535)
    #expect(throws: OpenFlowDecodingError.badLength(what: "message", offset: 2, length: 7, accepted: "8 or more")) {
      try OpenFlowFrame.length(of: ByteBuffer(bytes: [4, 0, 0, 7]))
    }
  }

  @Test func aFrameMayBeginAnywhereInItsBuffer() throws {
    var buffer = ByteBuffer(bytes: [1, 2, 3])
    try Message(xid: 1, .flowMod(Representative.flows[0].flow)).encode(into: &buffer, version: .v1_3)
    buffer.moveReaderIndex(forwardBy: 3)
    #expect(try OpenFlowFrame.length(of: buffer) == buffer.readableBytes)
    #expect(
      try Message.decode(from: buffer, version: .v1_3) == Message(xid: 1, .flowMod(Representative.flows[0].flow)))
  }

  @Test func versionMustBeTheConnections() throws {
    let bytes = try Message(xid: 1, .barrierRequest).bytes(.v1_5)
    let error = #expect(throws: OpenFlowDecodingError.self) { try Message(bytes: bytes, .v1_3) }
    #expect(error?.description == "the message has the version 0x6, but this connection speaks OpenFlow 1.3 (0x4)")
  }

  @Test(arguments: [UInt8(0), 1, 4, 5, 6, 0x7f, 0xff])
  func helloAndErrorAreReadInAnyVersion(_ version: UInt8) throws {
    let hello = try Message(bytes: [version, 0, 0, 8, 0, 0, 0, 1], .v1_3)
    #expect(hello.body == .hello(Hello(headerVersion: version, bitmap: nil)))
    let error = try Message(bytes: [version, 1, 0, 14, 0, 0, 0, 1, 0, 0, 0, 0, 0x6e, 0x6f], .v1_3)
    #expect(error.body == .error(ErrorMessage(type: 0, code: 0, data: [0x6e, 0x6f])))
  }

  @Test func truncationSaysWhere() {
    let error = #expect(throws: OpenFlowDecodingError.self) {
      try Message(bytes: [4, 24, 0, 14, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0], .v1_3)
    }
    #expect(error == .truncated(what: "padding", offset: 12, needed: 4, available: 2))
    #expect(error?.description == "padding at byte 12 needs 4 bytes, but 2 are left")
  }

  @Test func aBadFieldIsNamed() {
    // A FLOW_MOD whose match has an ipv4_src of three bytes.
    var bytes: [UInt8] = [4, 14, 0, 64, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 40)
    bytes += [0, 1, 0, 11, 0x80, 0x00, 0x16, 0x03, 10, 0, 0, 0, 0, 0, 0, 0]
    let error = #expect(throws: OpenFlowDecodingError.self) { try Message(bytes: bytes, .v1_3) }
    #expect(
      error?.description
        == "match field 0x8000:11 at byte 52 (ipv4_src) has a value of 3 bytes, but it must have 4")
  }

  @Test func tooLongIsRefusedAndLeavesTheBufferAlone() {
    var buffer = ByteBuffer(bytes: [1, 2, 3])
    let data = [UInt8](repeating: 0, count: 65_528)
    #expect(throws: OpenFlowEncodingError.tooLong(what: "message", length: 65_536, maximum: 65_535)) {
      try Message(xid: 1, .echoRequest(data)).encode(into: &buffer, version: .v1_3)
    }
    #expect(buffer == ByteBuffer(bytes: [1, 2, 3]))
  }

  @Test func whatAVersionLacksIsRefused() {
    let refused: [MessageBody] = [
      .flowMod(FlowMod(tableID: 0, importance: 1)),
      .groupMod(GroupMod(command: .insertBucket, kind: .select, group: 1)),
      .groupMod(GroupMod(kind: .select, group: 1, properties: [.selectionMethod(SelectionMethod(name: "hash"))])),
      .groupMod(GroupMod(kind: .all, group: 1, buckets: [Bucket(id: 4)])),
      .packetOut(PacketOut(metadata: [.metadata(1)], actions: [], data: [])),
      .multipartRequest(MultipartRequest(.portDescriptions(1))),
      .multipartRequest(MultipartRequest(.groupDescriptions(1))),
      .roleRequest(RoleMessage(role: .master, generationID: 1, shortID: 1)),
    ]
    for body in refused {
      let error = #expect(throws: OpenFlowEncodingError.self) { try Message(xid: 1, body).bytes(.v1_3) }
      #expect(error?.description.hasPrefix("OpenFlow 1.3 has no ") == true)
      #expect(throws: Never.self) { try Message(xid: 1, body).bytes(.v1_5) }
    }
    // A meter is an instruction in both versions; only 1.5 has the action.
    let metered = FlowMod(tableID: 0, instructions: [.applyActions([.meter(1), .output(1)])])
    #expect(throws: OpenFlowEncodingError.self) { try Message(xid: 1, .flowMod(metered)).bytes(.v1_3) }
    #expect(throws: Never.self) { try Message(xid: 1, .flowMod(metered)).bytes(.v1_5) }
  }

  @Test(arguments: ProtocolVersion.allCases)
  func invalidValuesAreRefused(version: ProtocolVersion) {
    let actions: [Action] = [
      .setField(MatchEntry(.ethernetType, 0, mask: 1)),
      .move(source: FieldSlice(.ipv4Source), destination: FieldSlice(.ethernetSource)),
      .move(source: FieldSlice(.ipv4Source, offset: 20, bitCount: 16), destination: FieldSlice(.tcpSource)),
      .move(
        source: FieldSlice(.tcpSource, offset: 0, bitCount: 0),
        destination: FieldSlice(.tcpSource, offset: 0, bitCount: 0)),
      .conntrack(ConntrackAction(table: 255)),
      .conntrack(ConntrackAction(actions: [.conntrack(ConntrackAction())])),
      .conntrack(ConntrackAction(zone: .field(FieldSlice(.ipv4Source, offset: 30, bitCount: 16)))),
      .conntrack(ConntrackAction(actions: [.nat(NATAction(nil, ports: 1...2))])),
      .experimenter(id: 1, body: [1, 2, 3]),
      .unknown(type: 99, body: []),
    ]
    for action in actions {
      #expect(throws: OpenFlowEncodingError.self) {
        try Message(xid: 1, .packetOut(PacketOut(actions: [action], data: []))).bytes(version)
      }
    }
    #expect(throws: OpenFlowEncodingError.self) {
      try Message(xid: 1, .flowMod(FlowMod(tableID: 0, bufferID: .max))).bytes(version)
    }
    #expect(throws: OpenFlowEncodingError.self) {
      let name = String(repeating: "x", count: 16)
      let port = PortDescription(number: 1, hardwareAddress: .broadcast, name: name)
      return try Message(xid: 1, .portStatus(PortStatus(reason: .add, port: port))).bytes(version)
    }
  }

  @Test func errorsHaveNames() {
    #expect(
      "\(ErrorMessage(type: 6, code: 8))" == "OFPGMFC_UNKNOWN_GROUP: there is no such group")
    #expect("\(ErrorMessage(type: 99, code: 8))" == "error of type 99, code 8")
    #expect(
      ErrorMessage(experimenter: ExperimenterMessage.nicira, code: 42).name == "NXBAC_CT_DATAPATH_SUPPORT")
    #expect(ErrorMessage(experimenter: 7, code: 42).meaning == nil)
  }
}

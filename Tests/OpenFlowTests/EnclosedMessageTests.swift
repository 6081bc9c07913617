// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import Testing

/// Messages that hold messages, and messages that a version does not have.
@Suite struct EnclosedMessageTests {
  private static let holders: [MessageBody] = [
    .bundleAddMessage(BundleAddMessage(bundleID: 1, .barrierRequest)),
    .requestForward(RequestForward(request: Message(xid: 1, .barrierRequest))),
  ]

  @Test(arguments: ProtocolVersion.allCases)
  func whatHoldsAMessageIsHeldByNone(version: ProtocolVersion) throws {
    for holder in Self.holders {
      let add = MessageBody.bundleAddMessage(BundleAddMessage(bundleID: 1, holder))
      let forward = MessageBody.requestForward(RequestForward(request: Message(xid: 1, holder)))
      for body in [add, forward, .bundleAddMessage(BundleAddMessage(bundleID: 1, .hello(Hello(offering: [version]))))] {
        #expect(throws: OpenFlowEncodingError.self) { try Message(xid: 1, body).bytes(version) }
      }
    }
  }

  @Test(arguments: ProtocolVersion.allCases)
  func nestedBundlesAreRefusedAtTheSecondLevel(version: ProtocolVersion) throws {
    // 1,500 messages, each within the one before: a decoder that calls itself would run out of stack.
    let header = try Message(xid: 1, Self.holders[0]).bytes(version).dropLast(OpenFlowFrame.headerLength)
    var bytes = try Message(xid: 1, .barrierRequest).bytes(version)
    for _ in 0..<1500 {
      bytes = header + bytes
      bytes[2] = UInt8(bytes.count >> 8)
      bytes[3] = UInt8(bytes.count & 0xff)
    }
    let error = #expect(throws: OpenFlowDecodingError.self) { try Message(bytes: bytes, version) }
    guard case .badValue(let what, _, _, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(what == "type of the enclosed message")
  }

  @Test func theAddedMessageHasTheTransactionIDOfItsBundlesMessage() throws {
    let body = MessageBody.bundleAddMessage(BundleAddMessage(bundleID: 1, .barrierRequest))
    for version in ProtocolVersion.allCases {
      let bytes = try Message(xid: 0x0102_0304, body).bytes(version)
      #expect(bytes.suffix(4) == [1, 2, 3, 4])
      #expect(try Message(bytes: bytes, version).body == body)
    }
  }

  @Test func whatOneVersionLacksIsRefusedInIt() throws {
    let table = TableDescription(tableID: 1)
    let lacking: [(ProtocolVersion, MessageBody)] = [
      (.v1_3, .tableStatus(TableStatus(reason: .vacancyUp, table: table))),
      (.v1_3, .tableMod(TableMod(tableID: 1, properties: [.eviction([])]))),
      (
        .v1_3,
        .portMod(PortMod(port: 1, hardwareAddress: .broadcast, otherProperties: [RawProperty(type: 1, body: [])]))
      ),
      (
        .v1_3,
        .setAsync(
          AsyncConfiguration(packetIn: Self.both, portStatus: Self.both, flowRemoved: Self.both, roleStatus: Self.both))
      ),
      (.v1_3, .multipartRequest(MultipartRequest(.tableDescriptions))),
      (.v1_3, .multipartRequest(MultipartRequest(.queueDescriptions()))),
      (.v1_3, .multipartRequest(MultipartRequest(.flowMonitor([])))),
      (.v1_3, .multipartRequest(MultipartRequest(.flowSummaries(FlowRequest())))),
      (.v1_3, .multipartReply(MultipartReply(.tableDescriptions([table])))),
      (.v1_3, .multipartReply(MultipartReply(.flowMonitor([.paused])))),
      (.v1_5, .queueGetConfigRequest(1)),
      (.v1_5, .queueGetConfigReply(QueueConfiguration(port: 1))),
    ]
    for (version, body) in lacking {
      let error = #expect(throws: OpenFlowEncodingError.self) { try Message(xid: 1, body).bytes(version) }
      #expect(error?.description.hasPrefix("OpenFlow \(version) has no ") == true)
      let other: ProtocolVersion = version == .v1_3 ? .v1_5 : .v1_3
      #expect(throws: Never.self) { try Message(xid: 1, body).bytes(other) }
    }
    // 1.3 sets all masks at once, so none can be left out.
    #expect(throws: OpenFlowEncodingError.self) {
      try Message(xid: 1, .setAsync(AsyncConfiguration(packetIn: Self.both))).bytes(.v1_3)
    }
  }

  private static let both = AsyncConfiguration.Reasons(master: 1, slave: 1)

  @Test func whatOneVersionLacksIsCarriedFromIt() throws {
    #expect(
      try Message(bytes: [4, 31, 0, 10, 0, 0, 0, 1, 7, 8], .v1_3).body == .unknown(type: 31, payload: [7, 8]))
    #expect(
      try Message(bytes: [6, 22, 0, 10, 0, 0, 0, 1, 7, 8], .v1_5).body == .unknown(type: 22, payload: [7, 8]))
    #expect(
      try Message(bytes: [4, 18, 0, 16, 0, 0, 0, 1, 0, 14, 0, 0, 0, 0, 0, 0], .v1_3).body
        == .multipartRequest(MultipartRequest(.unknown(type: 14, body: []))))
  }
}

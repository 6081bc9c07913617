// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Logging
import NIOCore
import NIOEmbedded
import OpenFlow
import OpenFlowNIO
import Testing

struct ConversationTests {
  private let datapath = DatapathID(rawValue: 1)
  private let packetIn = MessageBody.packetIn(
    PacketIn(totalLength: 60, reason: .tableMiss, tableID: 0, cookie: 0, match: [.inPort(1)], data: [1, 2, 3]))

  /// A controller that answers each PACKET_IN with a FLOW_MOD and a PACKET_OUT.
  private final class Answering {
    var registry: SwitchRegistry?
    var count = 0

    func receive(_ datapath: DatapathID, _ report: SwitchReport) {
      guard case .packetIn(let packet) = report else { return }
      self.count += 1
      let answer: [MessageBody] = [
        .flowMod(FlowMod(tableID: 0, match: packet.match)),
        .packetOut(PacketOut(inPort: 1, actions: [.output(2)], data: packet.data)),
      ]
      self.registry?.perform(.send(answer), on: datapath)
    }
  }

  @Test func allAnswersToOneReadLeaveInOneWrite() throws {
    let eventLoop = EmbeddedEventLoop()
    let answering = Answering()
    let registry = SwitchRegistry(
      eventLoop: eventLoop, timing: ConnectionTiming(), limits: ConnectionLimits(), logger: Logger(label: "test"),
      onReport: answering.receive)
    answering.registry = registry
    let connection = try EmbeddedSwitch(eventLoop, registry)
    try connection.greet(self.datapath, version: .v1_3)
    _ = try connection.writes()
    var bytes = ByteBuffer()
    for xid in 0..<50 { try Message(xid: UInt32(xid), self.packetIn).encode(into: &bytes, version: .v1_3) }
    // The last one is cut in two.
    var rest = bytes
    rest.moveReaderIndex(to: bytes.writerIndex - 5)
    bytes.moveWriterIndex(to: bytes.writerIndex - 5)
    try connection.send(bytes)
    #expect(answering.count == 49)
    let writes = try connection.writes()
    #expect(writes.count == 1)
    #expect(try frames(of: try #require(writes.first), version: .v1_3).count == 98)
    try connection.send(rest)
    #expect(answering.count == 50)
    #expect(try connection.received().count == 2)
    answering.registry = nil
  }

  @Test func echoRequestsAreAnsweredAndOursAreMeasured() throws {
    let switches = EmbeddedSwitches()
    let connection = try switches.connected(self.datapath)
    _ = try connection.writes()
    try connection.send(0xabc, .echoRequest([1, 2, 3]))
    #expect(try connection.received() == [Message(xid: 0xabc, .echoReply([1, 2, 3]))])
    #expect(switches.registry.statuses.first?.roundTrip == nil)
    switches.pass(.seconds(5))
    let question = try #require(try connection.received().first)
    switches.pass(.milliseconds(7))
    try connection.send(question.xid, .echoReply([]))
    #expect(switches.registry.statuses.first?.roundTrip == .milliseconds(7))
  }

  @Test func aSilentSwitchIsGivenUp() throws {
    let switches = EmbeddedSwitches()
    let connection = try switches.connected(self.datapath)
    switches.pass(.milliseconds(14_999))
    #expect(connection.isOpen)
    switches.pass(.milliseconds(1))
    #expect(!connection.isOpen)
    guard case .closed(let reason)? = switches.takeReports().last else {
      Issue.record("no report")
      return
    }
    #expect(reason == "the switch has been silent for 15.0 seconds")
  }

  @Test func aSwitchThatSendsButAnswersNothingIsGivenUp() throws {
    let switches = EmbeddedSwitches()
    let connection = try switches.connected(self.datapath)
    for _ in 0..<20 {
      #expect(connection.isOpen)
      try connection.send(0, self.packetIn)
      switches.pass(.seconds(1))
    }
    #expect(!connection.isOpen)
    guard case .closed(let reason)? = switches.takeReports().last else {
      Issue.record("no report")
      return
    }
    #expect(reason.contains("has not answered an echo request"))
  }

  @Test func bytesThatAreNoMessageEndTheConnection() throws {
    let switches = EmbeddedSwitches()
    let connection = try switches.connected(self.datapath)
    _ = switches.takeReports()
    _ = try connection.writes()
    // A PACKET_IN before, which counts; one behind, which does not.
    var bytes = ByteBuffer()
    try Message(xid: 1, self.packetIn).encode(into: &bytes, version: .v1_3)
    bytes.writeBytes([4, 10, 0, 12, 0, 0, 0, 9, 1, 2, 3, 4])
    try Message(xid: 1, self.packetIn).encode(into: &bytes, version: .v1_3)
    try connection.send(bytes)
    #expect(!connection.isOpen)
    let reports = switches.takeReports()
    guard reports.count == 2, case .packetIn = reports[0], case .closed(let reason) = reports[1] else {
      Issue.record("\(reports)")
      return
    }
    #expect(reason.contains("not OpenFlow"))
    let answer = try #require(try connection.received().last)
    guard case .error(let error) = answer.body else {
      Issue.record("\(answer)")
      return
    }
    #expect(answer.xid == 9)
    #expect(error.name == "OFPBRC_BAD_LEN")
  }

  /// Errors about nothing that we sent: all are counted, some are reported.
  @Test func strayErrorsAreBounded() throws {
    let switches = EmbeddedSwitches()
    let connection = try switches.connected(self.datapath)
    _ = switches.takeReports()
    for xid in 0..<1000 { try connection.send(UInt32(900_000 + xid), .error(ErrorMessage(type: 1, code: 1))) }
    #expect(switches.takeReports().count == 20)
    #expect(switches.registry.statuses.first?.counters.refusals == 1000)
  }

  /// Who gives a command hears of its outcome after it has returned.
  @Test func aCommandIsNotInterruptedByItsOutcome() throws {
    let switches = EmbeddedSwitches()
    let connection = try switches.connected(self.datapath)
    _ = switches.takeReports()
    switches.registry.perform(.close(reason: "enough"), on: self.datapath)
    #expect(switches.takeReports().isEmpty)
    switches.eventLoop.run()
    guard case .closed("enough")? = switches.takeReports().first else {
      Issue.record("no report")
      return
    }
    #expect(!connection.isOpen)
    switches.registry.perform(.send([.barrierRequest]), on: self.datapath)
  }
}

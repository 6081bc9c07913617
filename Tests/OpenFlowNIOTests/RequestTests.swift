// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import NIOCore
import NIOEmbedded
import OpenFlow
import OpenFlowNIO
import Testing

struct RequestTests {
  private let datapath = DatapathID(rawValue: 1)
  private let flow = MessageBody.flowMod(FlowMod(tableID: 3, priority: 7, match: [.inPort(2)]))

  private func connected(_ version: ProtocolVersion = .v1_3, limits: ConnectionLimits = ConnectionLimits()) throws -> (
    EmbeddedSwitches, EmbeddedSwitch
  ) {
    let switches = EmbeddedSwitches(limits: limits)
    let connection = try switches.connected(self.datapath, version: version)
    _ = switches.takeReports()
    _ = try connection.writes()
    return (switches, connection)
  }

  @Test func aChangeLeavesInOneWriteAndIsConfirmed() throws {
    let (switches, connection) = try self.connected()
    switches.registry.perform(.change([self.flow, self.flow], ticket: 5), on: self.datapath)
    let writes = try connection.writes()
    #expect(writes.count == 1)
    let messages = try frames(of: try #require(writes.first), version: .v1_3)
    #expect(messages.map(\.body) == [self.flow, self.flow, .barrierRequest])
    try connection.send(messages[2].xid, .barrierReply)
    guard case .confirmed(5)? = switches.takeReports().first else {
      Issue.record("not confirmed")
      return
    }
  }

  @Test func anAnswerInSeveralPartsIsOneAnswer() throws {
    let (switches, connection) = try self.connected()
    switches.registry.perform(.ask(.multipartRequest(MultipartRequest(.flows(FlowRequest()))), ticket: 9), on: datapath)
    let xid = try #require(try connection.received().first).xid
    let parts = (0..<3).map { MessageBody.multipartReply(MultipartReply(.flows([]), more: $0 < 2)) }
    for part in parts {
      #expect(switches.takeReports().isEmpty)
      // Another's answer changes nothing.
      try connection.send(xid + 1, part)
      switches.pass(.seconds(6))
      if let question = try connection.received().first { try connection.send(question.xid, .echoReply([])) }
      try connection.send(xid, part)
    }
    guard case .answered(9, let bodies)? = switches.takeReports().first else {
      Issue.record("no answer")
      return
    }
    #expect(bodies == parts)
  }

  @Test(arguments: [
    MessageBody.featuresRequest, .getConfigRequest, .barrierRequest, .multipartRequest(MultipartRequest(.description)),
    .experimenter(ExperimenterMessage(experimenter: 1, type: 2, data: [])), .getAsyncRequest,
    .queueGetConfigRequest(.any),
  ]) func whatIsNotAnsweredTimesOut(request: MessageBody) throws {
    let (switches, connection) = try self.connected()
    switches.registry.perform(.ask(request, ticket: 3), on: self.datapath)
    for _ in 0..<30 {
      #expect(switches.takeReports().isEmpty)
      for message in try connection.received() where message.body == .echoRequest([]) {
        try connection.send(message.xid, .echoReply([]))
      }
      switches.pass(.seconds(1))
    }
    guard case .unanswered(3, .timedOut(.seconds(30)))? = switches.takeReports().first else {
      Issue.record("no timeout")
      return
    }
    #expect(connection.isOpen)
  }

  @Test func whatHasNoAnswerIsNotAsked() throws {
    let (switches, connection) = try self.connected()
    switches.registry.perform(.ask(self.flow, ticket: 3), on: self.datapath)
    #expect(try connection.writes().isEmpty)
    switches.eventLoop.run()
    guard case .unanswered(3, .cannotBeSaid)? = switches.takeReports().first else {
      Issue.record("no reason")
      return
    }
  }

  @Test func requestsAreBounded() throws {
    let (switches, connection) = try self.connected(limits: ConnectionLimits(requests: 2, answerBytes: 100))
    for ticket in 1...3 { switches.registry.perform(.ask(.getConfigRequest, ticket: UInt64(ticket)), on: datapath) }
    switches.eventLoop.run()
    guard case .unanswered(3, .tooManyRequests(2))? = switches.takeReports().first else {
      Issue.record("no bound")
      return
    }
    let xid = try #require(try connection.received().first).xid
    try connection.send(xid, .getConfigReply(SwitchConfiguration()))
    switches.registry.perform(.ask(.multipartRequest(MultipartRequest(.description)), ticket: 4), on: self.datapath)
    let description = SwitchDescription(manufacturer: "M", hardware: "H", software: "S", serialNumber: "", datapath: "")
    let reply = MessageBody.multipartReply(MultipartReply(.description(description), more: true))
    _ = switches.takeReports()
    try connection.send(try #require(try connection.received().first).xid, reply)
    guard case .unanswered(4, .answerTooLong(100))? = switches.takeReports().first else {
      Issue.record("no bound")
      return
    }
  }

  /// Of a change that cannot be encoded nothing is sent.
  @Test func aMessageThatCannotBeSaidStopsItsChange() throws {
    let (switches, connection) = try self.connected()
    let impossible = MessageBody.flowMod(FlowMod(tableID: 0, importance: 1))
    let many = Array(repeating: self.flow, count: 2000)
    switches.registry.perform(.change(many + [impossible], ticket: 8), on: self.datapath)
    #expect(try connection.writes().isEmpty)
    switches.eventLoop.run()
    guard case .unanswered(8, .cannotBeSaid)? = switches.takeReports().first else {
      Issue.record("no reason")
      return
    }
    switches.registry.perform(.change([self.flow], ticket: 9), on: self.datapath)
    #expect(try connection.received().map(\.body) == [self.flow, .barrierRequest])
  }

  @Test func anErrorIsShownWithItsMessage() throws {
    let (switches, connection) = try self.connected()
    let group = MessageBody.groupMod(GroupMod(kind: .select, group: 4, buckets: [Bucket(weight: 1)]))
    switches.registry.perform(.change([self.flow, group], ticket: 1), on: self.datapath)
    let messages = try connection.received()
    let error = ErrorMessage(type: 6, code: 0, data: [4, 15, 0, 16, 0, 0, 0, 0])
    try connection.send(messages[1].xid, .error(error))
    try connection.send(messages[2].xid, .barrierReply)
    let reports = switches.takeReports()
    guard reports.count == 2, case .refused(let refusal) = reports[0], case .confirmed(1) = reports[1] else {
      Issue.record("\(reports)")
      return
    }
    #expect(refusal.message == group)
    #expect(refusal.concernsProgram)
    #expect(refusal.description.contains("GROUP_MOD add group_id=4"))
    // After the barrier it is forgotten: no error can be about it any more.
    try connection.send(messages[1].xid, .error(error))
    guard case .refused(let late)? = switches.takeReports().first else {
      Issue.record("no report")
      return
    }
    #expect(late.message == nil)
    #expect(late.concernsProgram)
  }

  /// Ten thousand refusals in order, in a change of megabytes.
  @Test func errorsOfALongChangeAreFoundQuickly() throws {
    let (switches, connection) = try self.connected()
    let flows = (0..<10_000).map { index in
      MessageBody.flowMod(FlowMod(tableID: 0, priority: UInt16(index), match: [.inPort(1)]))
    }
    switches.registry.perform(.change(flows, ticket: 1), on: self.datapath)
    let messages = try connection.received()
    #expect(messages.count == 10_001)
    for (index, message) in messages.dropLast().enumerated() {
      try connection.send(message.xid, .error(ErrorMessage(type: 5, code: 1)))
      guard case .refused(let refusal)? = switches.takeReports().first else {
        Issue.record("no report")
        return
      }
      #expect(refusal.message == flows[index])
    }
  }

  @Test func readingTheTablesAgainSupersedes() throws {
    let (switches, connection) = try self.connected()
    switches.registry.perform(.read(ticket: 1), on: self.datapath)
    switches.registry.perform(.read(ticket: 2), on: self.datapath)
    switches.eventLoop.run()
    guard case .unanswered(1, .superseded)? = switches.takeReports().first else {
      Issue.record("not superseded")
      return
    }
    let messages = try connection.received()
    for message in messages.suffix(3) {
      guard case .multipartRequest(let request) = message.body else { continue }
      switch request.body {
      case .flows: try connection.send(message.xid, .multipartReply(MultipartReply(.flows([]))))
      case .groupDescriptions:
        try connection.send(message.xid, .multipartReply(MultipartReply(.groupDescriptions([]))))
      // OFPBRC_BAD_MULTIPART: it has no groups to tell of.
      default: try connection.send(message.xid, .error(ErrorMessage(type: 1, code: 2)))
      }
    }
    guard case .read(2, _)? = switches.takeReports().first else {
      Issue.record("not read")
      return
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import NIOCore
import NIOEmbedded
import OpenFlow
import OpenFlowNIO
import Testing

struct RoleTests {
  private let datapath = DatapathID(rawValue: 1)
  private let flow = MessageBody.flowMod(FlowMod(tableID: 3))
  private let packet = MessageBody.packetOut(PacketOut(actions: [.output(1)], data: [1, 2, 3]))
  private let switches = EmbeddedSwitches()
  private let connection: EmbeddedSwitch

  init() throws {
    self.connection = try self.switches.connected(self.datapath)
    _ = self.switches.takeReports()
    _ = try self.connection.writes()
  }

  private func request(_ role: RoleMessage.Role, generation: UInt64, answer: (UInt32) -> Message) throws -> RoleOutcome?
  {
    self.switches.registry.perform(.requestRole(role, generationID: generation, ticket: 6), on: self.datapath)
    let request = try #require(try self.connection.received().last)
    #expect(request.body == .roleRequest(RoleMessage(role: role, generationID: generation)))
    let reply = answer(request.xid)
    try self.connection.send(reply.xid, reply.body)
    for report in self.switches.takeReports() { if case .role(6, let outcome) = report { return outcome } }
    return nil
  }

  @Test func aSlaveSendsNoWrites() throws {
    let granted = RoleMessage(role: .slave, generationID: 4)
    let outcome = try self.request(.slave, generation: 4) { Message(xid: $0, .roleReply(granted)) }
    #expect(outcome == .granted(granted))
    self.switches.registry.perform(.send([self.flow, .echoRequest([1]), self.packet]), on: self.datapath)
    #expect(try self.connection.received().map(\.body) == [.echoRequest([1])])
    self.switches.registry.perform(.change([self.flow], ticket: 7), on: self.datapath)
    #expect(try self.connection.writes().isEmpty)
    self.switches.eventLoop.run()
    guard case .unanswered(7, .slave)? = self.switches.takeReports().first else {
      Issue.record("no reason")
      return
    }
    // Reading is free.
    self.switches.registry.perform(.read(ticket: 8), on: self.datapath)
    #expect(try self.connection.received().count == 3)
    let status = try #require(self.switches.registry.statuses.first)
    #expect(status.role == .slave)
    #expect(status.counters.writesWithheld == 3)

    let master = RoleMessage(role: .master, generationID: 5)
    #expect(try self.request(.master, generation: 5) { Message(xid: $0, .roleReply(master)) } == .granted(master))
    self.switches.registry.perform(.send([self.flow]), on: self.datapath)
    #expect(try self.connection.received().map(\.body) == [self.flow])
  }

  /// Before the switch has said anything.
  @Test func whoAsksToBeSlaveIsOneAtOnce() throws {
    self.switches.registry.perform(.requestRole(.slave, generationID: 1, ticket: 1), on: self.datapath)
    self.switches.registry.perform(.send([self.flow]), on: self.datapath)
    #expect(try self.connection.received().count == 1)
  }

  /// Another controller became master.
  @Test func aRoleThatIsTakenAwayIsTold() throws {
    let status = RoleStatus(role: .slave, reason: .masterRequest, generationID: 9)
    try self.connection.send(0, .roleStatus(status))
    guard case .roleChanged(status)? = self.switches.takeReports().first else {
      Issue.record("not told")
      return
    }
    self.switches.registry.perform(.send([self.flow]), on: self.datapath)
    #expect(try self.connection.writes().isEmpty)
  }

  @Test func aStaleGenerationIsTold() throws {
    let outcome = try self.request(.master, generation: 1) { Message(xid: $0, .error(ErrorMessage(type: 11, code: 0))) }
    #expect(outcome == .stale)
    #expect(self.switches.registry.statuses.first?.role == nil)
  }
}

struct BundleTests {
  private let datapath = DatapathID(rawValue: 1)
  private let flow = MessageBody.flowMod(FlowMod(tableID: 3))
  private let group = MessageBody.groupMod(GroupMod(kind: .all, group: 9))
  private let flush = MessageBody.conntrackFlush(ConntrackFlush(zone: 1))
  private let switches = EmbeddedSwitches()

  private func connected(_ version: ProtocolVersion) throws -> EmbeddedSwitch {
    let connection = try self.switches.connected(self.datapath, version: version)
    _ = self.switches.takeReports()
    _ = try connection.writes()
    return connection
  }

  /// OFPT_* of each message of a write.
  private func types(_ write: ByteBuffer) throws -> [UInt8] {
    var write = write
    var types: [UInt8] = []
    while let length = try OpenFlowFrame.length(of: write), let frame = write.readSlice(length: length) {
      types.append(frame.getInteger(at: frame.readerIndex + 1) ?? 255)
    }
    return types
  }

  @Test func whatIsAddedIsCommittedWhenTheSwitchHasTakenAll() throws {
    let connection = try self.connected(.v1_5)
    let change = SwitchCommand.change([self.group, self.flush, self.flow], ticket: 4, .bundle)
    self.switches.registry.perform(change, on: self.datapath)
    let preparation = try connection.writes()
    #expect(preparation.count == 1)
    #expect(try self.types(preparation[0]) == [33, 34, 34, 20])
    let barrier = try #require(try frames(of: preparation[0], version: .v1_5).last)
    try connection.send(barrier.xid, .barrierReply)
    #expect(self.switches.takeReports().isEmpty)
    let commit = try connection.writes()
    #expect(commit.count == 1)
    #expect(try self.types(commit[0]) == [33, 4, 20])
    try connection.send(try #require(try frames(of: commit[0], version: .v1_5).last).xid, .barrierReply)
    guard case .confirmed(4)? = self.switches.takeReports().first else {
      Issue.record("not confirmed")
      return
    }
  }

  @Test func aRefusedMemberDiscardsTheBundle() throws {
    let connection = try self.connected(.v1_5)
    self.switches.registry.perform(.change([self.group, self.flow], ticket: 4, .bundle), on: self.datapath)
    let messages = try connection.received()
    try connection.send(messages[2].xid, .error(ErrorMessage(type: 4, code: 8)))
    try connection.send(messages[3].xid, .barrierReply)
    let answer = try connection.writes()
    #expect(try answer.flatMap { try self.types($0) } == [33])
    #expect(answer.first?.getInteger(at: 12, as: UInt16.self) == 6)
    let reports = self.switches.takeReports()
    guard reports.count == 2, case .refused(let refusal) = reports[0], case .unanswered(4, .refused) = reports[1] else {
      Issue.record("\(reports)")
      return
    }
    #expect(refusal.message == self.flow)
  }

  @Test func aRefusedCommitMeansThatNothingWasDone() throws {
    let connection = try self.connected(.v1_5)
    self.switches.registry.perform(.change([self.group, self.flow], ticket: 4, .bundle), on: self.datapath)
    try connection.send(try #require(try connection.received().last).xid, .barrierReply)
    let messages = try connection.received()
    try connection.send(messages[0].xid, .error(ErrorMessage(type: 17, code: 12)))
    try connection.send(messages[1].xid, .barrierReply)
    let reports = self.switches.takeReports()
    guard reports.count == 2, case .refused(let refusal) = reports[0], case .unanswered(4, .refused) = reports[1] else {
      Issue.record("\(reports)")
      return
    }
    #expect(refusal.concernsProgram)
  }

  @Test func whatNeedsNoBundleHasNone() throws {
    let connection = try self.connected(.v1_5)
    self.switches.registry.perform(.change([self.group, self.flush], ticket: 4, .bundle), on: self.datapath)
    #expect(try connection.writes().map { try self.types($0) } == [[15, 4, 20]])
    let other = try EmbeddedSwitches().connected(DatapathID(rawValue: 2), version: .v1_3)
    #expect(other.isOpen)
  }

  @Test func aSwitchWithoutBundlesGetsOneWrite() throws {
    let connection = try self.connected(.v1_3)
    self.switches.registry.perform(.change([self.group, self.flow], ticket: 4, .bundle), on: self.datapath)
    #expect(try connection.writes().map { try self.types($0) } == [[15, 14, 20]])
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import NIOCore
import NIOEmbedded
import OpenFlow
import OpenFlowNIO
import Testing

struct HandshakeTests {
  private let datapath = DatapathID(rawValue: 0xd1)

  @Test(arguments: ProtocolVersion.allCases)
  func aSwitchIsReportedWithWhatItSaid(version: ProtocolVersion) throws {
    let switches = EmbeddedSwitches()
    let connection = try switches.connected(self.datapath, version: version)
    guard case .connected(let greeting)? = switches.takeReports().first else {
      Issue.record("not connected")
      return
    }
    #expect(greeting.version == version)
    #expect(greeting.features.datapathID == self.datapath)
    #expect(greeting.description == "Maker, Hard, Soft")
    #expect(greeting.peer == "192.0.2.1:40000")
    #expect(connection.isOpen)
    #expect(switches.registry.statuses.map(\.datapath) == [self.datapath])
  }

  /// Versions that we do not speak, as header alone and as bitmap alone. The error is in the peer's own version, so
  /// that it can read it.
  @Test(arguments: [1, 2, 3, 5] as [UInt8], [true, false])
  func otherVersionsAreRefused(version: UInt8, withBitmap: Bool) throws {
    let switches = EmbeddedSwitches()
    let connection = try switches.connect()
    let bitmap = withBitmap ? VersionBitmap(rawValue: 1 << UInt32(version)) : nil
    try connection.send(77, .hello(Hello(headerVersion: version, bitmap: bitmap)))
    let writes = try connection.writes()
    #expect(!connection.isOpen)
    #expect(switches.takeReports().isEmpty)
    let answer = try #require(writes.last)
    #expect(answer.getInteger(at: answer.readerIndex, as: UInt8.self) == version)
    let message = try #require(try frames(of: answer, version: .v1_3).last)
    guard case .error(let error) = message.body else {
      Issue.record("no error: \(message)")
      return
    }
    #expect(message.xid == 77)
    #expect(error.name == "OFPHFC_INCOMPATIBLE")
    #expect(String(decoding: error.data, as: UTF8.self).contains("OpenFlow 1.3 or 1.5 is needed"))
  }

  /// The highest version in both bitmaps counts, whatever the header says (6.3.1).
  @Test func theBitmapCounts() throws {
    let switches = EmbeddedSwitches()
    let connection = try switches.connect()
    try connection.send(
      1, .hello(Hello(headerVersion: 9, bitmap: VersionBitmap(rawValue: 1 << 9 | 1 << 4 | 1 << 1))))
    #expect(connection.isOpen)
    #expect(try connection.received().contains { $0.body == .featuresRequest })
  }

  @Test func unknownElementsOfAHelloArePassedOver() throws {
    let switches = EmbeddedSwitches()
    let connection = try switches.connect()
    let hello: [UInt8] = [
      4, 0, 0, 32, 0, 0, 0, 1,
      0, 9, 0, 9, 1, 2, 3, 4, 5, 0, 0, 0, 0, 0, 0, 0,
      0, 1, 0, 8, 0, 0, 0, 0x10,
    ]
    try connection.send(ByteBuffer(bytes: hello))
    #expect(connection.isOpen)
    #expect(try connection.received().contains { $0.body == .featuresRequest })
  }

  @Test func whoSaysNothingHasTenSeconds() throws {
    let switches = EmbeddedSwitches()
    let connection = try switches.connect()
    switches.pass(.milliseconds(9999))
    #expect(connection.isOpen)
    switches.pass(.milliseconds(1))
    #expect(!connection.isOpen)
  }

  /// Noise does not make the time longer.
  @Test func whoOnlyAsksForEchoesHasTenSecondsToo() throws {
    let switches = EmbeddedSwitches()
    let connection = try switches.connect()
    for _ in 0..<10 {
      switches.pass(.seconds(1))
      if connection.isOpen { try connection.send(3, .echoRequest([1])) }
    }
    #expect(!connection.isOpen)
  }

  @Test func somethingElseThanAHelloIsRefused() throws {
    let switches = EmbeddedSwitches()
    let connection = try switches.connect()
    try connection.send(5, .featuresRequest)
    #expect(!connection.isOpen)
    let errors = try connection.received().compactMap { message -> ErrorMessage? in
      if case .error(let error) = message.body { error } else { nil }
    }
    #expect(errors.map(\.name) == ["OFPBRC_BAD_TYPE"])
  }

  @Test(
    arguments: [
      [0x47, 0x45, 0x54, 0x20, 0x2f, 0x20, 0x48, 0x54, 0x54, 0x50], [0, 0, 0, 0, 0, 0, 0, 0],
      [0x16, 3, 1, 0, 9, 1, 0, 0, 1, 0xfc, 3, 3], [4, 0, 0, 7],
      [4, 0, 0, 12, 0, 0, 0, 1, 0, 1, 0xff, 0xff],
    ] as [[UInt8]])
  func garbageEndsTheConnection(bytes: [UInt8]) throws {
    let switches = EmbeddedSwitches()
    let connection = try switches.connect()
    try connection.send(ByteBuffer(bytes: bytes))
    // Not enough for the frame that it claims to be: then nothing more must come.
    switches.pass(.seconds(10))
    #expect(!connection.isOpen)
    #expect(switches.takeReports().isEmpty)
  }

  @Test func anAuxiliaryConnectionIsRefusedAndTheMainOneStays() throws {
    let switches = EmbeddedSwitches()
    let main = try switches.connected(self.datapath)
    _ = switches.takeReports()
    let auxiliary = try switches.connect()
    try auxiliary.greet(self.datapath, version: .v1_3, auxiliary: 1)
    #expect(!auxiliary.isOpen)
    #expect(main.isOpen)
    #expect(switches.takeReports().isEmpty)
    guard case .error(let error)? = try auxiliary.received().last?.body else {
      Issue.record("no reason")
      return
    }
    #expect(error.name == "OFPHFC_EPERM")
    #expect(String(decoding: error.data, as: UTF8.self).contains("auxiliary connection 1"))
  }

  @Test func unfinishedHandshakesAreBounded() throws {
    let switches = EmbeddedSwitches(limits: ConnectionLimits(unfinishedHandshakes: 3))
    let idle = try (0..<3).map { _ in try switches.connect() }
    #expect(try !switches.connect().isOpen)
    switches.pass(.seconds(1))
    let late = try switches.connected()
    #expect(late.isOpen)
    #expect(idle.map(\.isOpen) == [false, true, true])
  }
}

struct SecondConnectionTests {
  private let datapath = DatapathID(rawValue: 0xd2)

  @Test func theFirstOneKeepsItsPlaceIfItAnswers() throws {
    let switches = EmbeddedSwitches()
    let first = try switches.connected(self.datapath)
    _ = switches.takeReports()
    _ = try first.received()
    let second = try switches.connected(self.datapath)
    let question = try #require(try first.received().last)
    #expect(question.body == .echoRequest([]))
    // Traffic is no answer: it may have been on its way for long.
    try first.send(0, .barrierReply)
    #expect(second.isOpen)
    try first.send(question.xid, .echoReply([]))
    #expect(!second.isOpen)
    #expect(first.isOpen)
    #expect(switches.takeReports().isEmpty)
  }

  @Test func theSecondOneTakesOverFromASilentOne() throws {
    let switches = EmbeddedSwitches()
    let first = try switches.connected(self.datapath)
    _ = switches.takeReports()
    let second = try switches.connected(self.datapath)
    switches.pass(.milliseconds(999))
    #expect(switches.takeReports().isEmpty)
    switches.pass(.milliseconds(1))
    #expect(!first.isOpen)
    #expect(second.isOpen)
    let reports = switches.takeReports()
    guard reports.count == 2, case .closed(let reason) = reports[0], case .connected = reports[1]
    else {
      Issue.record("\(reports)")
      return
    }
    #expect(reason.contains("did not answer"))
  }

  @Test func theSecondOneTakesOverAtOnceWhenTheFirstOneEnds() throws {
    let switches = EmbeddedSwitches()
    let first = try switches.connected(self.datapath)
    let second = try switches.connected(self.datapath)
    _ = switches.takeReports()
    _ = try first.channel.finish(acceptAlreadyClosed: true)
    let reports = switches.takeReports()
    guard reports.count == 2, case .closed = reports[0], case .connected = reports[1] else {
      Issue.record("\(reports)")
      return
    }
    #expect(second.isOpen)
  }

  @Test func aThirdOneIsRefusedWhileTwoAreInDoubt() throws {
    let switches = EmbeddedSwitches()
    let first = try switches.connected(self.datapath)
    let second = try switches.connected(self.datapath)
    let third = try switches.connected(self.datapath)
    #expect([first, second, third].map(\.isOpen) == [true, true, false])
  }
}

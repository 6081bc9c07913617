// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import AgentLink
import NIOCore
import ServiceModel
import Testing

@Suite struct HeartbeatReceiverTests {
  static let session: UInt64 = 77
  var receiver: HeartbeatReceiver
  var now = Instant(nanoseconds: 0)

  init() {
    self.receiver = HeartbeatReceiver(session: Self.session)
    self.receiver.listen(to: [Samples.east: Samples.key])
  }

  func datagram(boot: UInt64 = 1, sequence: UInt64, sessions: [UInt64] = [1, session]) throws -> ByteBuffer {
    try Samples.heartbeat(boot: boot, sequence: sequence, sessions: sessions).encoded(key: Samples.key)
  }

  /// As if each came long after the one before.
  private mutating func receive(
    _ datagram: ByteBuffer, assignment: (RegionName) -> UInt64 = { _ in 0 }
  ) -> HeartbeatReceiver.Verdict {
    self.now = self.now + HeartbeatReceiver.replyInterval
    return self.receiver.receive(datagram, at: self.now, assignment: assignment)
  }

  /// It costs as much to answer a heartbeat as to hear it.
  @Test mutating func whoHasNothingToLearnIsAnsweredNowAndThen() throws {
    var answers: [Int] = []
    for tenth in 1...25 {
      let datagram = try Samples.heartbeat(sequence: UInt64(tenth), sessions: [Self.session])
        .encoded(key: Samples.key)
      let verdict = self.receiver.receive(
        datagram, at: Instant(nanoseconds: 0) + HeartbeatReceiver.replyInterval * tenth / 10
      ) { _ in Samples.heartbeat().assignment }
      #expect(try verdict.heartbeat.get().sequence == UInt64(tenth))
      if verdict.reply != nil { answers.append(tenth) }
    }
    #expect(answers == [1, 11, 21])
  }

  @Test mutating func whoHasSomethingToLearnIsAnsweredAtOnce() throws {
    for sequence in 1...5 {
      let datagram = try self.datagram(sequence: UInt64(sequence))
      #expect(self.receiver.receive(datagram, at: self.now) { _ in 12_345 }.reply?.assignment == 12_345)
    }
    for sequence in 6...9 {
      let datagram = try self.datagram(sequence: UInt64(sequence), sessions: [1])
      #expect(self.receiver.receive(datagram, at: self.now).reply?.session == Self.session)
    }
  }

  @Test mutating func aGoodHeartbeatCountsAndIsAnswered() throws {
    let verdict = self.receive(try self.datagram(sequence: 1)) { _ in 5 }
    #expect(try verdict.heartbeat.get().sequence == 1)
    #expect(
      verdict.reply
        == HeartbeatReply(region: Samples.east, boot: 1, sequence: 1, session: Self.session, assignment: 5))
    #expect(self.receiver.accepted == 1)
  }

  @Test mutating func aReplayCountsOnceAndGetsNoAnswer() throws {
    let datagram = try self.datagram(sequence: 1)
    _ = self.receive(datagram)
    let again = self.receive(datagram)
    #expect(again.heartbeat == .failure(.replayed(sequence: 1)))
    #expect(again.reply == nil)
    #expect(self.receiver.rejected(for: .replayed) == 1)
    #expect(self.receiver.accepted == 1)
  }

  @Test mutating func lateOnesCountWithinTheWindow() throws {
    #expect(try self.accepts(sequence: 100))
    #expect(try self.accepts(sequence: 37))
    #expect(try !self.accepts(sequence: 37))
    #expect(try !self.accepts(sequence: 36))
    #expect(try self.accepts(sequence: 99))
    #expect(try self.accepts(sequence: 1_000))
    #expect(try !self.accepts(sequence: 100))
    #expect(try self.accepts(sequence: 937))
    #expect(try self.accepts(sequence: .max))
    #expect(try !self.accepts(sequence: 0))
  }

  @Test mutating func anOlderBootIsToldTheFloor() throws {
    #expect(try self.accepts(boot: 9, sequence: 50))
    let verdict = self.receive(try self.datagram(boot: 8, sequence: 51))
    #expect(verdict.heartbeat == .failure(.staleBoot(8, floor: 9)))
    #expect(verdict.reply?.bootFloor == 9)
    #expect(try self.accepts(boot: 10, sequence: 1), "a new boot begins again")
    #expect(try !self.accepts(boot: 9, sequence: 52))
  }

  @Test mutating func whatMayBeOlderThanTheControllerIsChallenged() throws {
    let old = try self.datagram(boot: 5, sequence: 9, sessions: [1])
    let verdict = self.receive(old)
    #expect(verdict.heartbeat == .failure(.staleSession))
    #expect(verdict.reply?.session == Self.session)
    #expect(verdict.reply?.bootFloor == 0)
    // What was not counted proves nothing, so it is no floor either.
    #expect(try self.accepts(boot: 4, sequence: 1))
    #expect(self.receiver.rejected(for: .staleSession) == 1)
  }

  @Test mutating func agentsNeedNoSession() throws {
    self.receiver = HeartbeatReceiver(session: nil)
    self.receiver.listen(to: [Samples.east: Samples.key])
    let verdict = self.receive(try self.datagram(sequence: 1, sessions: []))
    #expect(try verdict.heartbeat.get().sequence == 1)
    #expect(verdict.reply == nil)
  }

  @Test mutating func forgedAndForeignOnesAreCounted() throws {
    let forged = try Samples.heartbeat(sessions: [Self.session]).encoded(key: Samples.otherKey.heartbeatKey)
    #expect(self.receive(forged).heartbeat == .failure(.badTag(Samples.east)))
    var stranger = Samples.heartbeat()
    stranger.region = Samples.west
    #expect(
      self.receive(try stranger.encoded(key: Samples.key)).heartbeat
        == .failure(.unknownRegion(Samples.west)))
    _ = self.receive(ByteBuffer(string: "GET / HTTP/1.1\r\n"))
    _ = self.receive(ByteBuffer())
    #expect(HeartbeatError.Reason.allCases.map { self.receiver.rejected(for: $0) }.reduce(0, +) == 4)
    #expect(self.receiver.rejected(for: .foreign) == 1)
    #expect(self.receiver.rejected(for: .truncated) == 1)
  }

  /// A datagram of another region, made with that region's own key, says nothing of this one.
  @Test mutating func aRegionCannotSpeakForAnother() throws {
    self.receiver.listen(to: [Samples.east: Samples.key, Samples.west: Samples.otherKey.heartbeatKey])
    let forged = try Samples.heartbeat(sessions: [Self.session]).encoded(key: Samples.otherKey.heartbeatKey)
    #expect(self.receive(forged).heartbeat == .failure(.badTag(Samples.east)))
  }

  @Test mutating func newKeysKeepWhatIsKnownOfTheOthers() throws {
    #expect(try self.accepts(sequence: 5))
    self.receiver.listen(to: [Samples.east: Samples.key, Samples.west: Samples.otherKey.heartbeatKey])
    #expect(try !self.accepts(sequence: 5))
    self.receiver.listen(to: [Samples.east: Samples.otherKey.heartbeatKey])
    self.receiver.listen(to: [Samples.east: Samples.key])
    #expect(try self.accepts(sequence: 5), "another key is another agent")
  }

  // MARK: Several agents of one region

  private func datagram(of name: String?, boot: UInt64, sequence: UInt64) throws -> ByteBuffer {
    var heartbeat = Samples.heartbeat(boot: boot, sequence: sequence, sessions: [Self.session])
    heartbeat.instance = name.map { AgentInstance(name: InstanceName(unchecked: $0), role: .standby) }
    return try heartbeat.encoded(key: Samples.key)
  }

  private mutating func accepts(of name: String?, boot: UInt64, sequence: UInt64) throws -> Bool {
    switch self.receive(try self.datagram(of: name, boot: boot, sequence: sequence)).heartbeat {
    case .success: true
    case .failure: false
    }
  }

  @Test mutating func twoAgentsOfARegionDoNotShadowEachOther() throws {
    for sequence in 1...200 as ClosedRange<UInt64> {
      for (name, boot) in [("a", 5), ("b", 900), (nil, 7)] as [(String?, UInt64)] {
        #expect(try self.accepts(of: name, boot: boot, sequence: sequence))
        #expect(try !self.accepts(of: name, boot: boot, sequence: sequence), "a replay")
      }
    }
    #expect(try !self.accepts(of: "b", boot: 899, sequence: 1), "boots are each agent's own")
    #expect(try self.accepts(of: "a", boot: 6, sequence: 1))
  }

  /// Who is not answered takes the controller to be gone.
  @Test mutating func eachOfTwoAgentsIsAnswered() throws {
    for sequence in 1...2 as ClosedRange<UInt64> {
      for name in ["a", "b"] {
        let datagram = try self.datagram(of: name, boot: 1, sequence: sequence)
        let verdict = self.receiver.receive(datagram, at: self.now) { _ in Samples.heartbeat().assignment }
        #expect((verdict.reply != nil) == (sequence == 1), "once a second is enough")
      }
    }
  }

  /// Names come and go with machines. What is known of them is bounded, and nothing of those that went counts again.
  @Test mutating func namesThatComeAndGoLeaveNothingToReplay() throws {
    var sent: [ByteBuffer] = []
    for number in 1...20 as ClosedRange<UInt64> {
      let datagram = try self.datagram(of: "machine-\(number)", boot: number * 10, sequence: 1)
      sent.append(datagram)
      #expect((try? self.receive(datagram).heartbeat.get()) != nil)
    }
    for datagram in sent { #expect((try? self.receive(datagram).heartbeat.get()) == nil) }
    // One that came before those that went is told where to begin, and counts then.
    let late = self.receive(try self.datagram(of: "late", boot: 3, sequence: 1))
    let floor = try #require(late.reply?.bootFloor)
    #expect(late.heartbeat == .failure(.staleBoot(3, floor: floor)))
    #expect(try self.accepts(of: "late", boot: floor + 1, sequence: 1))
  }

  private mutating func accepts(boot: UInt64 = 1, sequence: UInt64) throws -> Bool {
    switch self.receive(try self.datagram(boot: boot, sequence: sequence)).heartbeat {
    case .success: true
    case .failure: false
    }
  }
}

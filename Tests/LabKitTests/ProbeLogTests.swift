// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import LabKit
import ServiceModel
import Testing

struct ProbeLogTests {
  private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

  private func answer(_ start: Int64, _ end: Int64, _ region: Int) -> ProbeRecord {
    ProbeRecord(start: self.at(start), end: self.at(end), outcome: .answered, region: region)
  }

  private func loss(_ start: Int64, _ end: Int64, _ outcome: ProbeRecord.Outcome) -> ProbeRecord {
    ProbeRecord(start: self.at(start), end: self.at(end), outcome: outcome)
  }

  /// r1 until 11 ms, r2 from 60 ms; an answer of r1 still comes after the event at 10 ms.
  private var failover: ProbeLog {
    ProbeLog([
      self.answer(0, 1, 1), self.answer(2, 3, 1), self.answer(9, 11, 1), self.loss(12, 40, .timeout),
      self.loss(20, 20, .refused), self.answer(58, 60, 2), self.answer(61, 62, 2),
    ])
  }

  @Test func unavailabilityIsFromTheLastAnswerToTheFirst() throws {
    let outage = try #require(self.failover.unavailability(around: self.at(10)))
    #expect(outage.duration == .milliseconds(49))
    #expect(outage.lastAnswer == self.at(11) && outage.firstAnswer == self.at(60))
    #expect(outage.servedBefore == 1 && outage.servedAfter == 2 && outage.lost == 2)
  }

  /// A SYN of 12 ms that was sent again is answered a second later, when no more requests begin.
  @Test func theTimeInWhichNoRequestBeginsIsNoOutage() throws {
    let log = ProbeLog(self.failover.records + [self.answer(12, 1_013, 2)], stopped: self.at(65))
    #expect(try #require(log.unavailability(around: self.at(10))).duration == .milliseconds(49))
  }

  @Test func anEarlierEventEndsWhereTheNextBegins() throws {
    let outage = try #require(self.failover.unavailability(around: self.at(2), before: self.at(4)))
    #expect(outage.duration == .milliseconds(8) && outage.lost == 0)
  }

  @Test func withoutAnAnswerAfterwardsThereIsNoNumber() {
    #expect(self.failover.unavailability(around: self.at(62)) == nil)
    #expect(ProbeLog([]).unavailability(around: self.at(0)) == nil)
  }

  @Test func countsAndReigns() {
    let log = self.failover
    #expect(log.lost.count == 2 && log.count(of: .timeout) == 1 && log.count(of: .answered) == 5)
    #expect(log.reigns.map(\.region) == [1, 2] && log.reigns.map(\.answers) == [3, 2])
    #expect(log.reigns.map(\.last) == [self.at(11), self.at(62)])
    #expect(log.answersByRegion.map(\.answers) == [3, 2])
    #expect(log.resolution == .milliseconds(38))
  }

  @Test func recordsMayComeInAnyOrder() {
    #expect(ProbeLog(self.failover.records.reversed()) == self.failover)
  }
}

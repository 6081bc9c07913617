// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import NIOCore
import OpenFlowNIO
import Testing

private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
private func number(_ value: UInt64) -> ConnectionNumber { ConnectionNumber(rawValue: value) }

struct DatapathSeatsTests {
  private let datapath = DatapathID(rawValue: 7)

  @Test func theHolderKeepsItsPlaceIfItAnswers() {
    var seats = DatapathSeats()
    #expect(seats.claim(self.datapath, by: number(1)) == .seated)
    #expect(seats.claim(self.datapath, by: number(2)) == .ask(holder: number(1)))
    #expect(seats.claim(self.datapath, by: number(3)) == .refused)
    #expect(seats.answered(self.datapath, by: number(1)) == number(2))
    #expect(seats.timedOut(self.datapath, challenger: number(2)) == nil)
    #expect(seats.holder(of: self.datapath) == number(1))
    #expect(seats.left(self.datapath, number(2)) == nil)
    #expect(seats.claim(self.datapath, by: number(4)) == .ask(holder: number(1)))
  }

  @Test func theChallengerTakesOverFromASilentHolder() {
    var seats = DatapathSeats()
    _ = seats.claim(self.datapath, by: number(1))
    _ = seats.claim(self.datapath, by: number(2))
    #expect(seats.timedOut(self.datapath, challenger: number(2)) == number(1))
    #expect(seats.holder(of: self.datapath) == number(2))
    // The old one's end changes nothing any more, and its late answer neither.
    #expect(seats.left(self.datapath, number(1)) == nil)
    #expect(seats.answered(self.datapath, by: number(1)) == nil)
    #expect(seats.holder(of: self.datapath) == number(2))
  }

  @Test func theChallengerIsSeatedWhenTheHolderLeaves() {
    var seats = DatapathSeats()
    _ = seats.claim(self.datapath, by: number(1))
    _ = seats.claim(self.datapath, by: number(2))
    #expect(seats.left(self.datapath, number(1)) == number(2))
    #expect(seats.holder(of: self.datapath) == number(2))
    #expect(seats.timedOut(self.datapath, challenger: number(2)) == nil)
    #expect(seats.left(self.datapath, number(2)) == nil)
    #expect(seats.holder(of: self.datapath) == nil)
  }

  @Test func aChallengerThatLeavesIsForgotten() {
    var seats = DatapathSeats()
    _ = seats.claim(self.datapath, by: number(1))
    _ = seats.claim(self.datapath, by: number(2))
    #expect(seats.left(self.datapath, number(2)) == nil)
    #expect(seats.timedOut(self.datapath, challenger: number(2)) == nil)
    #expect(seats.answered(self.datapath, by: number(1)) == nil)
    #expect(seats.holder(of: self.datapath) == number(1))
  }
}

struct HandshakeQuotaTests {
  @Test func theOldestGoesWhenItHasHadItsTime() {
    var quota = HandshakeQuota(capacity: 2)
    #expect(quota.admit(number(1), at: start) == .welcome)
    #expect(quota.admit(number(2), at: start + .milliseconds(100)) == .welcome)
    #expect(quota.admit(number(3), at: start + .milliseconds(999)) == .full)
    #expect(quota.admit(number(4), at: start + .seconds(1)) == .inPlaceOf(number(1)))
    quota.finished(number(1))
    #expect(quota.count == 2)
    quota.finished(number(4))
    #expect(quota.admit(number(5), at: start + .seconds(1)) == .welcome)
    quota.finished(number(2))
    quota.finished(number(5))
    quota.finished(number(5))
    #expect(quota.count == 0)
  }
}

struct LivenessTests {
  private let timing = ConnectionTiming(echoInterval: .seconds(5), deadAfter: .seconds(15))

  @Test func aSilentSwitchIsAskedAndThenGivenUp() {
    var liveness = Liveness(timing: self.timing, at: start)
    #expect(liveness.verdict(at: start + .milliseconds(4999)) == .fine)
    #expect(liveness.nextDeadline == start + .seconds(5))
    #expect(liveness.verdict(at: start + .seconds(5)) == .ask)
    liveness.asked(1, at: start + .seconds(5))
    #expect(liveness.nextDeadline == start + .seconds(15))
    #expect(liveness.verdict(at: start + .milliseconds(14_999)) == .fine)
    #expect(liveness.verdict(at: start + .seconds(15)) == .dead(reason: "the switch has been silent for 15.0 seconds"))
  }

  @Test func aSwitchThatSendsButDoesNotAnswerIsGivenUp() {
    var liveness = Liveness(timing: self.timing, at: start)
    liveness.asked(1, at: start + .seconds(5))
    for second in 5..<20 { liveness.heard(at: start + .seconds(Int64(second))) }
    #expect(liveness.verdict(at: start + .milliseconds(19_999)) == .fine)
    guard case .dead(let reason) = liveness.verdict(at: start + .seconds(20)) else {
      Issue.record("not dead")
      return
    }
    #expect(reason.contains("has not answered an echo request"))
  }

  @Test func theRoundTripIsThatOfTheLastQuestion() {
    var liveness = Liveness(timing: self.timing, at: start)
    liveness.asked(1, at: start)
    liveness.asked(2, at: start + .milliseconds(10))
    liveness.answered(1, at: start + .milliseconds(12))
    #expect(liveness.roundTrip == nil)
    liveness.answered(2, at: start + .milliseconds(13))
    #expect(liveness.roundTrip == .milliseconds(3))
    #expect(liveness.verdict(at: start + .seconds(5)) == .fine)
    #expect(liveness.verdict(at: start + .milliseconds(5010)) == .ask)
  }
}

struct SendQueueTests {
  @Test func oneByteAtATimeIsNoProgress() {
    var queue = SendQueue(at: start)
    queue.wrote(10 << 20)
    #expect(queue.stuck(at: start + .seconds(9)) == .nanoseconds(0))
    queue.becameCongested(true, unsent: 10 << 20, at: start)
    for second in 1...10 { queue.observe(unsent: 10 << 20 - second, at: start + .seconds(Int64(second))) }
    #expect(queue.stuck(at: start + .seconds(10)) == .seconds(10))
    queue.observe(unsent: 9 << 20, at: start + .seconds(10))
    #expect(queue.stuck(at: start + .seconds(11)) == .seconds(1))
    queue.becameCongested(false, unsent: 0, at: start + .seconds(11))
    #expect(queue.stuck(at: start + .seconds(99)) == .nanoseconds(0))
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FailureDetection
import ServiceModel
import Testing

private func t(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

private let detection = Detection(
  heartbeatInterval: .milliseconds(100), misses: 3, rise: 3, hold: .seconds(1))

@Suite struct PathDetectorTests {
  @Test func `a path is out n times T_h after the last answer, not before`() {
    var path = PathDetector(at: t(0))
    path.answered(at: t(50), detection)
    #expect(path.deadline(detection) == t(350))
    path.advance(to: t(349), detection)
    #expect(path.isWell)
    path.advance(to: t(350), detection)
    #expect(path.state == .out(.silent(lastGood: t(50))))
    #expect(path.deadline(detection) == nil)
  }

  @Test func `an answer at hand counts before a deadline that nobody has noticed`() {
    var path = PathDetector(at: t(0))
    path.answered(at: t(301), detection)
    #expect(path.isWell)
    #expect(path.deadline(detection) == t(601))
  }

  @Test func `what could not be heard is excused, but never into the future`() {
    var path = PathDetector(at: t(0))
    path.excuse(.milliseconds(150), at: t(200))
    #expect(path.deadline(detection) == t(450))
    path.excuse(.milliseconds(150), at: t(200))
    #expect(path.deadline(detection) == t(500))
    path.wait(until: t(550), detection)
    #expect(path.deadline(detection) == t(550))
    path.wait(until: t(540), detection)
    #expect(path.deadline(detection) == t(550))
  }

  @Test func `other numbers neither put a verdict off nor make it rash`() {
    let slow = Detection(heartbeatInterval: .milliseconds(600), misses: 5)
    let fast = Detection(heartbeatInterval: .milliseconds(200), misses: 5)
    var path = PathDetector(at: t(0))
    path.adapt(from: slow, to: fast, at: t(1_200))
    #expect(path.deadline(fast) == t(2_200))
    path.adapt(from: fast, to: slow, at: t(1_700))
    #expect(path.deadline(slow) == t(3_000))

    // Somebody must be asked by the new numbers at least once.
    path = PathDetector(at: t(0))
    path.adapt(from: slow, to: fast, at: t(2_900))
    #expect(path.deadline(fast) == t(3_100))
    #expect(path.isWell)
  }

  @Test func `a path returns after rise answers and the hold time`() {
    var path = PathDetector(at: t(0))
    path.advance(to: t(300), detection)
    for moment in stride(from: Int64(400), through: 1300, by: 100) {
      path.answered(at: t(moment), detection)
      #expect(!path.isWell, "after \(moment) ms")
    }
    #expect(path.deadline(detection) == t(1400))
    path.answered(at: t(1400), detection)
    #expect(path.isWell)
  }

  @Test func `a probe lost while returning begins the return anew`() {
    var path = PathDetector(at: t(0))
    path.advance(to: t(300), detection)
    path.answered(at: t(400), detection)
    path.answered(at: t(500), detection)
    path.missed(at: t(600), detection)
    path.answered(at: t(700), detection)
    path.answered(at: t(800), detection)
    #expect(path.standing(detection) == .returning)
    path.answered(at: t(900), detection)
    #expect(path.standing(detection) == .proven)
  }

  @Test func `a path that falls silent while returning is out again, not well`() {
    var path = PathDetector(at: t(0))
    path.advance(to: t(300), detection)
    for moment in [Int64(400), 500, 600] { path.answered(at: t(moment), detection) }
    path.advance(to: t(1400), detection)
    #expect(path.state == .out(.silent(lastGood: t(0))))
  }

  @Test func `a port that goes down takes the path out at once and answers do not count until it is up`() {
    var path = PathDetector(at: t(0))
    path.port(isUp: false, at: t(10), detection)
    #expect(path.state == .out(.portDown))
    path.answered(at: t(20), detection)
    #expect(path.state == .out(.portDown))
    path.port(isUp: true, at: t(30), detection)
    #expect(path.state == .out(.portDown))
    path.answered(at: t(40), detection)
    #expect(path.state == .returning(answers: 1, since: t(40), from: .portDown))
  }

  @Test func `silence while the switch could not be asked counts for nothing`() {
    var path = PathDetector(at: t(0))
    path.resume(at: t(10_000))
    path.advance(to: t(10_299), detection)
    #expect(path.isWell)
    path.advance(to: t(10_300), detection)
    #expect(!path.isWell)
  }
}

@Suite struct HearingDetectorTests {
  private func answering() -> HearingDetector {
    var hearing = HearingDetector(at: t(0))
    hearing.sent(nonce: 1, at: t(0), detection)
    #expect(hearing.answered(nonce: 1, at: t(2), detection) == .zero)
    return hearing
  }

  @Test func `a switch is mute when what it should hand back stays out for half of T_h`() {
    var hearing = self.answering()
    #expect(hearing.muteFrom(detection) == nil)
    hearing.sent(nonce: 2, at: t(100), detection)
    #expect(hearing.muteFrom(detection) == t(152))
    #expect(!hearing.isMute(at: t(151), detection))
    #expect(hearing.isMute(at: t(152), detection))
    #expect(hearing.answered(nonce: 2, at: t(140), detection) == .zero)
    #expect(hearing.muteFrom(detection) == nil)
  }

  @Test func `the time in which it was mute is told once`() {
    var hearing = self.answering()
    hearing.sent(nonce: 2, at: t(100), detection)
    hearing.sent(nonce: 3, at: t(200), detection)
    #expect(hearing.answered(nonce: 9, at: t(400), detection) == nil)
    #expect(hearing.answered(nonce: 2, at: t(400), detection) == .milliseconds(300))
    #expect(hearing.answered(nonce: 3, at: t(401), detection) == .milliseconds(1))
    #expect(hearing.answered(nonce: 3, at: t(402), detection) == nil)
  }

  @Test func `a probe that got lost is made up for by the next`() {
    var hearing = self.answering()
    hearing.sent(nonce: 2, at: t(100), detection)
    #expect(hearing.nextProbe == t(200))
    hearing.sent(nonce: 3, at: t(200), detection)
    #expect(hearing.answered(nonce: 3, at: t(202), detection) == .milliseconds(102))
    #expect(!hearing.isMute(at: t(1000), detection))
  }

  @Test func `a switch of which nothing at all has come is mute until a path answers, and not again`() {
    var hearing = HearingDetector(at: t(0))
    hearing.sent(nonce: 1, at: t(0), detection)
    #expect(hearing.isNew)
    #expect(hearing.isMute(at: t(10_000), detection))
    #expect(hearing.pathAnswered(at: t(10_000), detection) == .seconds(10))
    #expect(!hearing.isNew)
    #expect(!hearing.isMute(at: t(20_000), detection))
    #expect(hearing.pathAnswered(at: t(20_000), detection) == .zero)
  }

  @Test func `a switch whose paths answer at once was never mute`() {
    var hearing = HearingDetector(at: t(0))
    hearing.sent(nonce: 1, at: t(0), detection)
    #expect(hearing.pathAnswered(at: t(5), detection) == .zero)
    #expect(!hearing.isMute(at: t(10_000), detection))
  }
}

@Suite struct ProbeScheduleTests {
  @Test func `one probe each T_h while answers come`() {
    var schedule = ProbeSchedule(at: t(0))
    var sent: [Instant] = []
    for nonce in UInt64(0)..<5 {
      let now = schedule.nextProbe
      sent.append(now)
      #expect(schedule.sent(nonce: nonce, urgent: true, at: now, detection) == false)
      #expect(schedule.answered(nonce: nonce, at: now + .milliseconds(1)) == .milliseconds(1))
    }
    #expect(sent == [t(0), t(100), t(200), t(300), t(400)])
  }

  @Test func `more than n probes fit into n times T_h of silence`() {
    var schedule = ProbeSchedule(at: t(0))
    _ = schedule.sent(nonce: 0, urgent: true, at: t(0), detection)
    _ = schedule.answered(nonce: 0, at: t(1))
    var count = 0
    while schedule.nextProbe < t(1) + detection.bound {
      _ = schedule.sent(nonce: UInt64(count + 1), urgent: true, at: schedule.nextProbe, detection)
      count += 1
    }
    #expect(count > detection.misses)
    #expect(count <= 4 * detection.misses)
  }

  @Test func `one that waits for nothing may leave with another, half of T_h early at most`() {
    var schedule = ProbeSchedule(at: t(0))
    _ = schedule.sent(nonce: 1, urgent: true, at: t(0), detection)
    #expect(!schedule.mayJoin(at: t(60), detection), "it waits for an answer")
    _ = schedule.answered(nonce: 1, at: t(61))
    #expect(!schedule.mayJoin(at: t(49), detection))
    #expect(schedule.mayJoin(at: t(70), detection))
    _ = schedule.sent(nonce: 2, urgent: true, at: t(70), detection)
    _ = schedule.answered(nonce: 2, at: t(71))
    #expect(schedule.nextProbe == t(170), "from then on they leave together")
  }

  @Test func `an answer nobody asked for is none`() {
    var schedule = ProbeSchedule(at: t(0))
    _ = schedule.sent(nonce: 7, urgent: true, at: t(0), detection)
    #expect(schedule.answered(nonce: 8, at: t(1)) == nil)
    #expect(schedule.answered(nonce: 7, at: t(2)) == .milliseconds(2))
    #expect(schedule.answered(nonce: 7, at: t(3)) == nil)
  }

  @Test func `a probe counts as missed after a whole T_h, so a long way is no lost one`() {
    var schedule = ProbeSchedule(at: t(0))
    #expect(schedule.sent(nonce: 1, urgent: true, at: t(0), detection) == false)
    #expect(schedule.sent(nonce: 2, urgent: true, at: t(50), detection) == false)
    #expect(schedule.answered(nonce: 1, at: t(70)) == .milliseconds(70))
    #expect(schedule.nextProbe == t(100))
    #expect(schedule.sent(nonce: 3, urgent: true, at: t(100), detection) == false)
    #expect(schedule.sent(nonce: 4, urgent: true, at: t(150), detection) == false)
    #expect(schedule.sent(nonce: 5, urgent: true, at: t(200), detection) == false)
    #expect(schedule.sent(nonce: 6, urgent: true, at: t(250), detection) == true)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FailureDetection
import ServiceModel
import Testing

/// Which switch of a group forwards, told as a table of what is known and what follows.
@Suite struct ActiveSwitchTests {
  private let a = SwitchName(unchecked: "a")
  private let b = SwitchName(unchecked: "b")
  private let c = SwitchName(unchecked: "c")
  private let detection = Detection(heartbeatInterval: .milliseconds(100), misses: 3)

  private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

  private func member(
    _ name: SwitchName, _ control: ActiveSwitch.Control = .ready, _ holding: ActiveSwitch.Holding? = .closed,
    outage: ActiveSwitch.Outage? = nil, reaches: Bool = true
  ) -> ActiveSwitch.Member {
    ActiveSwitch.Member(name: name, control: control, holding: holding, outage: outage, reachesRegions: reaches)
  }

  /// `a` forwards, and answers `b` every T_h until 1 s.
  private func serving() -> ActiveSwitch {
    var active = ActiveSwitch()
    let members = [self.member(self.a, .ready, .open), self.member(self.b)]
    _ = active.decide(members, at: self.at(0), self.detection)
    for time in stride(from: Int64(0), through: 1_000, by: 100) {
      _ = active.decide(members, at: self.at(time), self.detection)
      _ = active.questions(to: members, at: self.at(time), self.detection)
      active.answered(self.a, at: self.at(time))
    }
    return active
  }

  @Test func `who was found open forwards, and is asked for every T_h through the others`() {
    var active = ActiveSwitch()
    let members = [self.member(self.a), self.member(self.b, .ready, .open), self.member(self.c, .reading, nil)]
    #expect(
      active.decide(members, at: self.at(0), self.detection) == [.activated(self.b, instead: nil, .found)])
    let questions = active.questions(to: members, at: self.at(1), self.detection)
    #expect(questions.map(\.asked) == [self.b])
    #expect(questions.map(\.through) == [[self.a]])
    #expect(active.questions(to: members, at: self.at(50), self.detection).isEmpty)
    #expect(active.nextDeadline(after: self.at(50), self.detection) == self.at(101))
    #expect(active.questions(to: members, at: self.at(101), self.detection).count == 1)
  }

  @Test func `the verdict falls n T_h after the last answer, and not before`() {
    var active = self.serving()
    let members = [self.member(self.a, .away, .open), self.member(self.b)]
    #expect(active.decide(members, at: self.at(1_001), self.detection) == [])
    #expect(active.decide(members, at: self.at(1_299), self.detection) == [])
    #expect(
      active.decide(members, at: self.at(1_300), self.detection)
        == [.activated(self.b, instead: self.a, .silent(.milliseconds(300)))])
  }

  @Test func `once it is not heard it is asked four times as often`() {
    var active = self.serving()
    let members = [self.member(self.a, .mute, .open), self.member(self.b)]
    var asked = 0
    for time in stride(from: Int64(1_100), to: 1_300, by: 5) {
      _ = active.decide(members, at: self.at(time), self.detection)
      asked += active.questions(to: members, at: self.at(time), self.detection).count
    }
    #expect(asked == 8)
  }

  @Test func `while the one who asks was not heard itself, silence says nothing`() {
    var active = self.serving()
    let both = [self.member(self.a, .away, .open), self.member(self.b, .mute)]
    #expect(active.decide(both, at: self.at(1_010), self.detection) == [.doubted(self.a, .nobodyElse)])
    let members = [self.member(self.a, .away, .open), self.member(self.b)]
    #expect(active.decide(members, at: self.at(5_000), self.detection) == [])
    #expect(active.decide(members, at: self.at(5_299), self.detection) == [])
    let verdicts = active.decide(members, at: self.at(5_300), self.detection)
    #expect(verdicts == [.activated(self.b, instead: self.a, .silent(.milliseconds(300)))])
  }

  @Test func `what the controller slept through is not held against anybody`() {
    var active = self.serving()
    active.excuse(at: self.at(2_000))
    let members = [self.member(self.a, .away, .open), self.member(self.b)]
    #expect(active.decide(members, at: self.at(2_000), self.detection) == [])
    #expect(active.decide(members, at: self.at(2_299), self.detection) == [])
  }

  @Test func `a switch that another controller leads is no dead one`() {
    var active = self.serving()
    let members = [self.member(self.a, .elsewhere, nil), self.member(self.b)]
    #expect(active.decide(members, at: self.at(60_000), self.detection) == [])
  }

  @Test(arguments: [ActiveSwitch.Outage.uplinksDown, .gatewayPortsDown, .noRegionAnswers])
  func `an outage that another switch does not have moves at once`(outage: ActiveSwitch.Outage) {
    var active = self.serving()
    let alike = [
      self.member(self.a, .ready, .open, outage: outage), self.member(self.b, outage: outage),
      self.member(self.c, reaches: false),
    ]
    #expect(active.decide(alike, at: self.at(1_010), self.detection) == [])
    let better = [self.member(self.a, .ready, .open, outage: outage), self.member(self.b)]
    #expect(
      active.decide(better, at: self.at(1_011), self.detection)
        == [.activated(self.b, instead: self.a, .outage(outage))])
  }

  @Test func `of several, one that holds its program takes over`() {
    var active = self.serving()
    let members = [
      self.member(self.a, .away, .open), self.member(self.b, .ready, .nothing), self.member(self.c),
    ]
    let verdicts = active.decide(members, at: self.at(1_300), self.detection)
    #expect(verdicts == [.activated(self.c, instead: self.a, .silent(.milliseconds(300)))])
  }
}

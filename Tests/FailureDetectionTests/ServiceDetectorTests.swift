// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FailureDetection
import ServiceModel
import Testing

private func t(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

private let detection = Detection(
  heartbeatInterval: .milliseconds(500), misses: 5, rise: 2, hold: .seconds(1))

private func up(age: Int64? = 0) -> ServiceReport {
  ServiceReport(target: 20_000, state: .up, lastGoodAge: age.map { .milliseconds($0) })
}

private func down(age: Int64?) -> ServiceReport {
  ServiceReport(target: 20_000, state: .down(.refused), lastGoodAge: age.map { .milliseconds($0) })
}

@Suite struct ServiceDetectorTests {
  @Test func `immediate: out as soon as the agent says so`() {
    var service = ServiceDetector(at: t(0))
    service.reported(down(age: 900), mode: .immediate, at: t(10), detection)
    #expect(service.state == .out(.refused))
  }

  @Test func `heartbeat: out n times T_h after the last check that was good`() {
    var service = ServiceDetector(at: t(0))
    service.reported(up(age: 40), mode: .heartbeat, at: t(1000), detection)
    service.reported(down(age: 540), mode: .heartbeat, at: t(1500), detection)
    #expect(service.deadline(mode: .heartbeat, detection) == t(3460))
    service.advance(to: t(3459), mode: .heartbeat, detection)
    #expect(service.isServing)
    service.advance(to: t(3460), mode: .heartbeat, detection)
    #expect(service.state == .out(.refused))
  }

  @Test func `heartbeat: one good report forgives the misses before it`() {
    var service = ServiceDetector(at: t(0))
    service.reported(up(), mode: .heartbeat, at: t(0), detection)
    service.reported(down(age: 2000), mode: .heartbeat, at: t(2000), detection)
    service.reported(up(age: 100), mode: .heartbeat, at: t(2400), detection)
    service.advance(to: t(10_000), mode: .heartbeat, detection)
    #expect(service.isServing)
  }

  @Test(arguments: Detection.Mode.allCases)
  func `why members that are out fail is told anew`(mode: Detection.Mode) {
    var service = ServiceDetector(found: false, at: t(0))
    let reasons: [CheckFailure] = [.status, .timeout]
    for reason in reasons {
      let report = ServiceReport(target: 20_000, state: .down(reason), lastGoodAge: nil)
      service.reported(report, mode: mode, at: t(10), detection)
      #expect(service.failure == reason)
    }
  }

  @Test(arguments: Detection.Mode.allCases)
  func `silence and "unknown" decide nothing`(mode: Detection.Mode) {
    var service = ServiceDetector(at: t(0))
    service.reported(
      ServiceReport(target: 20_000, state: .unknown, lastGoodAge: nil), mode: mode, at: t(100), detection)
    service.advance(to: t(1_000_000), mode: mode, detection)
    #expect(service.isServing)
  }

  @Test func `returns after rise reports and the hold time`() {
    var service = ServiceDetector(found: false, at: t(0))
    service.reported(up(), mode: .immediate, at: t(100), detection)
    #expect(service.deadline(mode: .immediate, detection) == nil)
    service.reported(up(), mode: .immediate, at: t(600), detection)
    #expect(service.deadline(mode: .immediate, detection) == t(1100))
    service.reported(down(age: 10), mode: .immediate, at: t(700), detection)
    #expect(service.state == .out(.refused))
    service.reported(up(), mode: .immediate, at: t(800), detection)
    service.reported(up(), mode: .immediate, at: t(1300), detection)
    service.reported(up(), mode: .immediate, at: t(1800), detection)
    #expect(service.isServing)
  }
}

@Suite struct AgentDetectorTests {
  private func heartbeat(leaving: Bool = false) -> Heartbeat {
    Heartbeat(region: RegionName(unchecked: "r1"), boot: 1, sequence: 1, leaving: leaving)
  }

  @Test func `silent after n times T_h`() {
    var agent = AgentDetector(at: t(0))
    _ = agent.heard(self.heartbeat(), at: t(100))
    agent.advance(to: t(2599), detection)
    #expect(agent.state == .heard)
    agent.advance(to: t(2600), detection)
    #expect(agent.state == .silent)
  }

  @Test func `a heartbeat that was overtaken by a newer one says nothing`() {
    var agent = AgentDetector(at: t(0))
    let isNew = agent.heard(self.heartbeat(), at: t(100))
    #expect(isNew)
    let isNewer = agent.heard(self.heartbeat(leaving: true), at: t(200))
    #expect(!isNewer)
    #expect(agent.state == .heard)
  }

  @Test func `an announced restart has a minute`() {
    var agent = AgentDetector(at: t(0))
    _ = agent.heard(self.heartbeat(leaving: true), at: t(100))
    agent.advance(to: t(60_000), detection)
    #expect(agent.state == .leaving)
    agent.advance(to: t(60_100), detection)
    #expect(agent.state == .silent)
  }
}

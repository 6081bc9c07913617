// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import AgentPlane
import ServiceModel
import Testing

@Suite struct AgentStateTests {
  static func reply(
    boot: UInt64 = 7, _ sequence: UInt64, session: UInt64 = 99, assignment: UInt64 = 0, floor: UInt64 = 0
  ) -> HeartbeatReply {
    HeartbeatReply(
      region: Story.east, boot: boot, sequence: sequence, session: session, assignment: assignment, bootFloor: floor)
  }

  /// An agent with an assignment, rules in place, and the first check of each member done well.
  static func settled(_ assignment: Assignment = .sample(), controllers: Int = 1) -> Story {
    var story = Story(controllers: controllers)
    story.step(.started(AgentStart(boot: 7)))
    story.step(.assigned(assignment, revision: 5, controller: 0))
    story.step(.natApplied(changed: true))
    story.run(until: 250) { _ in .success }
    _ = story.read()
    return story
  }

  @Test func fromNothingToServing() {
    var story = Story()
    story.step(.started(AgentStart(boot: 7)))
    story.step(.replied(Self.reply(1, assignment: 5), controller: 0))
    story.step(.assigned(.sample(), revision: 5, controller: 0))
    story.step(.natApplied(changed: true))
    story.run(until: 300) { _ in .success }
    #expect(
      story.read() == """
        t=0 heartbeat 7.1 rev=0
        t=0 controllerHeard(0, session: 99)
        t=0 fetch from 0
        t=0 listen west
        t=0 taken rev=5 from controller 0
        t=0 store
        t=0 nat 16384→10.0.0.1
        t=0 nat changed
        t=5 heartbeat 7.2 rev=5 16384:unknown sessions=99
        t=113 check 10.0.0.1:80
        t=113 member web0 10.0.0.1 up
        t=113 service web0 up
        t=113 heartbeat 7.3 rev=5 sessions=99
        """)
  }

  @Test func aMemberFallsAndRises() {
    var story = Self.settled()
    story.run(until: 1_000) { _ in .failure(.refused) }
    story.run(until: 1_500) { _ in .success }
    #expect(
      story.read() == """
        t=313 check 10.0.0.1:80
        t=500 heartbeat 7.4 rev=5
        t=513 check 10.0.0.1:80
        t=713 check 10.0.0.1:80
        t=713 member web0 10.0.0.1 down-refused
        t=713 service web0 down-refused
        t=713 heartbeat 7.5 rev=5 16384:down-refused(600)
        t=913 check 10.0.0.1:80
        t=1000 heartbeat 7.6 rev=5 16384:down-refused(886)
        t=1113 check 10.0.0.1:80
        t=1313 check 10.0.0.1:80
        t=1313 member web0 10.0.0.1 up
        t=1313 service web0 up
        t=1313 heartbeat 7.7 rev=5
        t=1500 heartbeat 7.8 rev=5
        """)
  }

  @Test func aMachineThatCannotCheckSaysNothingOfMembers() {
    var story = Self.settled()
    story.run(until: 1_100) { _ in .notMade("socket: too many open files") }
    let lines = story.read()
    #expect(!lines.contains("down"), "\(lines)")
    #expect(lines.split(separator: "\n").count { $0.contains("checksNotMade") } == 1, "\(lines)")
    story.run(until: 1_500) { _ in .success }
    #expect(story.read().contains("checksMadeAgain"))
  }

  @Test func theThesisWayHasNoCount() {
    var story = Self.settled(.sample(mode: .heartbeat))
    story.run(until: 1_100) { _ in .failure(.timeout) }
    #expect(
      story.read() == """
        t=313 check 10.0.0.1:80
        t=313 member web0 10.0.0.1 down-timeout
        t=313 service web0 down-timeout
        t=313 heartbeat 7.4 rev=5 16384:down-timeout(200)
        t=500 heartbeat 7.5 rev=5 16384:down-timeout(386)
        t=513 check 10.0.0.1:80
        t=713 check 10.0.0.1:80
        t=913 check 10.0.0.1:80
        t=1000 heartbeat 7.6 rev=5 16384:down-timeout(886)
        """)
  }

  @Test func inTheThesisWayChecksAreNotRarerThanHeartbeats() {
    var story = Self.settled(.sample(mode: .heartbeat, interval: .seconds(10), heartbeat: .milliseconds(100)))
    story.run(until: 1_250) { _ in .success }
    #expect(story.lines.filter { $0.contains("check") }.count == 10)
  }

  @Test func oneCheckAtATimeForEachMember() {
    var story = Self.settled()
    story.run(until: 900)
    #expect(story.running.count == 1, "the member hangs; its next check waits")
    let startedAt = story.milliseconds
    story.finish(.failure(.timeout))
    #expect(story.running.count == 1, "and starts when the last one ended, for its time has come")
    #expect(startedAt == story.milliseconds)
  }

  @Test func aSlowHeartbeatIsNotMadeUpFor() {
    var story = Self.settled()
    let first = story.state
    #expect(first.nextDeadline != nil)
    // The process was stopped for ten seconds: one heartbeat, then one each T_h.
    story.jump(by: 10_000)
    #expect(story.heartbeats.count == 1)
    story.run(until: story.milliseconds + 999) { _ in .success }
    #expect(story.lines.filter { $0.contains("heartbeat") }.count == 2)
  }

  @Test func stoppingSaysGoodbyeOnce() {
    var story = Self.settled()
    story.step(.stopping)
    #expect(story.heartbeats.map(\.leaving) == [true])
    #expect(story.state.nextDeadline == nil)
    story.step(.stopping)
    story.step(.deadlineReached)
    #expect(story.last.isEmpty)
  }

  @Test func equalSeedsTellEqualStories() {
    var first = Self.settled(.sample(members: ["10.0.0.1", "10.0.0.2"], services: 20))
    var second = Self.settled(.sample(members: ["10.0.0.1", "10.0.0.2"], services: 20))
    first.run(until: 3_000) { $0.address.octets[3] & 1 == 0 ? .success : .failure(.status) }
    second.run(until: 3_000) { $0.address.octets[3] & 1 == 0 ? .success : .failure(.status) }
    #expect(first.lines == second.lines)
  }

  @Test func checksAreNotInStep() {
    var story = Story()
    story.step(.started(AgentStart(boot: 7)))
    story.step(.assigned(.sample(services: 100), revision: 5, controller: 0))
    story.run(until: 200)
    let starts = story.lines.filter { $0.contains("check") }
    #expect(starts.count == 100)
    #expect(Set(starts.map { $0.prefix { $0 != " " } }).count > 50)
  }
}

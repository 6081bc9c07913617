// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import AgentPlane
import ServiceModel
import Testing

/// What the agent makes of the controllers' replies.
@Suite struct ControllerTests {
  typealias T = AgentStateTests

  @Test func aNewSessionIsToldAtOnce() {
    var story = T.settled()
    story.run(until: 600) { _ in .success }
    _ = story.read()
    story.step(.replied(T.reply(4, session: 11), controller: 0))
    #expect(story.heartbeats.map(\.sessions) == [[11]])
    story.run(until: 1_100) { _ in .success }
    story.step(.replied(T.reply(6, session: 12), controller: 0))
    #expect(story.heartbeats.map(\.sessions) == [[12]], "the controller was restarted")
  }

  @Test func repliesThatMayBeReplaysAreIgnored() {
    var story = T.settled()
    story.run(until: 600) { _ in .success }
    story.step(.replied(T.reply(3, session: 11), controller: 0))
    #expect(!story.last.isEmpty)
    for reply in [
      T.reply(3, session: 12),  // answered already
      T.reply(2, session: 12),  // older
      T.reply(1_000, session: 12),  // not sent yet
      T.reply(boot: 6, 4, session: 12),  // of another boot
      T.reply(boot: 6, 4, session: 12, floor: 9),
    ] {
      story.step(.replied(reply, controller: 0))
      #expect(story.last.isEmpty)
    }
    story.step(.replied(T.reply(4, session: 12), controller: 7))
    #expect(story.last.isEmpty, "there is no such controller")
  }

  @Test func aSilentControllerDropsOut() {
    var story = T.settled(controllers: 2)
    story.step(.replied(T.reply(1, session: 11), controller: 0))
    let heartbeats = story.announcements(of: .replied(T.reply(2, session: 22), controller: 1))
    #expect(heartbeats.map(\.sessions) == [[11, 22]])
    story.run(until: 30_000) { _ in .success }
    story.step(.replied(T.reply(9, session: 22), controller: 1))
    story.run(until: 61_000) { _ in .success }
    #expect(story.lines.contains { $0.contains("controllerLost(0)") })
    #expect(story.lines.last { $0.contains("heartbeat") }?.contains("sessions=22") == true)
  }

  @Test func anAgentWhoseClockWentBackBeginsAboveItsOldBoot() {
    var story = Story()
    story.step(.started(AgentStart(boot: 7)))
    let heartbeats = story.announcements(of: .replied(T.reply(1, floor: 40), controller: 0))
    #expect(heartbeats.map(\.boot) == [41])
    #expect(heartbeats.map(\.sequence) == [1])
    let more = story.announcements(of: .replied(T.reply(boot: 41, 1, floor: 40), controller: 0))
    #expect(more.isEmpty, "its boot is above the floor now")
    story.step(.replied(T.reply(boot: 41, 1, floor: .max), controller: 0))
    #expect(story.last.isEmpty)
  }

  @Test func aFailedFetchIsTriedAgainAfterAPause() {
    var story = Story()
    story.step(.started(AgentStart(boot: 7)))
    story.step(.replied(T.reply(1, assignment: 5), controller: 0))
    story.step(.fetchFailed(controller: 0, reason: "refused"))
    story.run(until: 500)
    story.step(.replied(T.reply(3, assignment: 5), controller: 0))
    #expect(!story.last.contains(.fetchAssignment(controller: 0)))
    story.run(until: 1_500)
    story.step(.replied(T.reply(4, assignment: 5), controller: 0))
    #expect(story.last.contains(.fetchAssignment(controller: 0)))
    story.step(.replied(T.reply(5, assignment: 5), controller: 0))
    #expect(!story.last.contains(.fetchAssignment(controller: 0)), "one at a time")
  }

  /// Two controllers that were not told the same: the agent follows the first one that is there.
  @Test func controllersThatDifferDoNotMakeTheAgentSwing() throws {
    var story = Story(controllers: 2)
    story.step(.started(AgentStart(boot: 7)))
    var fetches = 0
    for _ in 0..<20 {
      for controller in 0..<2 {
        let sequence = try #require(story.sequences.last)
        story.step(.replied(T.reply(sequence, assignment: UInt64(controller + 5)), controller: controller))
        guard story.last.contains(.fetchAssignment(controller: controller)) else { continue }
        fetches += 1
        story.step(.assigned(.sample(), revision: UInt64(controller + 5), controller: controller))
      }
      story.run(until: story.milliseconds + 500)
    }
    #expect(fetches == 1)
    story.run(until: story.milliseconds + 5_000)
    let sequence = try #require(story.sequences.last)
    story.step(.replied(T.reply(sequence, assignment: 6), controller: 1))
    #expect(story.last.contains(.fetchAssignment(controller: 1)), "the first one is gone")
  }

  @Test func peersAreReportedWithTheirAge() {
    var story = T.settled()
    story.step(.heardPeer(Story.west, sequence: 8))
    story.step(.heardPeer(RegionName(unchecked: "nowhere"), sequence: 8))
    story.run(until: 500) { _ in .success }
    #expect(story.read().contains("t=500 heartbeat 7.4 rev=5 west#8(250)"))
    story.run(until: 61_000) { _ in .success }
    #expect(story.lines.contains { $0.contains("peerLost(west)") })
    #expect(story.heartbeats.allSatisfy { $0.peers.isEmpty })
  }

  /// Where nothing is decided by what peers hear, they are told seldom, and named as seldom.
  @Test func peersAreToldAsOftenAsTheirWordMatters() throws {
    var story = Story()
    story.step(.started(AgentStart(boot: 7)))
    story.step(.assigned(.sample(heartbeat: .milliseconds(100), peerInterval: .seconds(1)), revision: 5, controller: 0))
    story.step(.heardPeer(Story.west, sequence: 8))
    var naming = 0
    for tenth in 1...100 {
      story.run(until: Int64(tenth) * 100) { _ in .success }
      naming += story.heartbeats.count { !$0.peers.isEmpty }
    }
    let gaps = zip(story.told, story.told.dropFirst()).map { $1.milliseconds - $0.milliseconds }
    #expect((9...11).contains(story.told.count))
    #expect(gaps.allSatisfy { (1_000...1_100).contains($0) }, "\(gaps)")
    #expect((8...11).contains(naming))
    #expect(story.sequences.count > 95, "controllers hear every heartbeat")
    let sequences = Set(story.sequences)
    #expect(story.told.allSatisfy { sequences.contains($0.heartbeat.sequence) })
    #expect(story.told.allSatisfy { $0.heartbeat.services.isEmpty && $0.heartbeat.sessions.isEmpty })
    let before = story.told.count
    story.step(.stopping)
    #expect(story.told.count == before + 1)
    #expect(try #require(story.told.last).heartbeat.leaving)
  }

  @Test func wherePathsAreNotProbedPeersAreToldWithEveryHeartbeat() {
    var story = T.settled()
    let (heartbeats, told) = (story.sequences.count, story.told.count)
    story.run(until: 10_000) { _ in .success }
    #expect(story.sequences.count > heartbeats + 10)
    #expect(story.told.count - told == story.sequences.count - heartbeats)
  }

  @Test func moreReportsThanOneHeartbeatHasRoomForAreToldInSeveral() {
    let services = AgentLimits.reports + 1
    var story = Story()
    story.step(.started(AgentStart(boot: 7)))
    let heartbeats = story.announcements(of: .assigned(.sample(services: services), revision: 5, controller: 0))
    #expect(heartbeats.map(\.services.count) == [AgentLimits.reports, 1])
    #expect(Set(heartbeats.flatMap(\.services).map(\.target)).count == services)
    #expect(heartbeats.allSatisfy { $0.isPartial && $0.assignment == 5 })
    #expect(Set(heartbeats.map(\.sequence)).count == 2, "each is a heartbeat of its own")
  }

  /// A thousand services that fail together are a few heartbeats.
  @Test func announcementsAreGathered() {
    var story = T.settled(.sample(interval: .seconds(1), fall: 1, services: 1_000))
    story.run(until: 1_100) { _ in .success }
    _ = story.read()
    story.run(until: 2_200) { _ in .failure(.refused) }
    #expect(story.lines.filter { $0.contains("service web") }.count == 1_000)
    #expect(story.lines.filter { $0.contains("heartbeat") }.count <= 200 + 3)
  }
}

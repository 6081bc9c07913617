// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import AgentPlane
import ServiceModel
import Testing

/// When the agent writes rules, and when it leaves them alone.
@Suite struct NATKeepingTests {
  typealias T = AgentStateTests
  static let pair = Assignment.sample(members: ["10.0.0.1", "10.0.0.2"])

  /// Rules as the last run left them with every member serving.
  static func digest(of assignment: Assignment, without dead: [String] = []) -> UInt64 {
    NATPlan(
      gateways: assignment.gateways,
      forwards: assignment.services.map { service in
        NATPlan.Forward(
          target: service.targets[0],
          members: service.members.filter { !dead.contains($0.description) }, clientAddress: service.clientAddress)
      },
      attachments: []
    ).digest
  }

  @Test func aDeadMemberGetsNoNewConnections() {
    var story = T.settled(Self.pair)
    story.run(until: 1_500) { $0.address == IPAddress("10.0.0.2") ? .failure(.timeout) : .success }
    #expect(story.lines.contains { $0.hasSuffix(" nat 16384→10.0.0.1") })
    #expect(!story.lines.contains { $0.contains("service web0") }, "the other one serves")
  }

  @Test func aServiceWithoutMembersIsDown() {
    var story = Story()
    story.step(.started(AgentStart(boot: 7)))
    let heartbeats = story.announcements(of: .assigned(.sample(members: []), revision: 5, controller: 0))
    #expect(heartbeats.last?.services.map(\.state) == [.down(.unreachable)])
  }

  @Test func ifAllAreDeadTheRulesStayAsIfAllServed() {
    var story = T.settled()
    story.run(until: 3_000) { _ in .failure(.refused) }
    #expect(!story.lines.contains { $0.contains(" nat ") })
  }

  @Test func aRestartWithNothingToChangeChangesNothing() {
    var story = Story()
    story.step(
      .started(
        AgentStart(
          boot: 8, cached: CachedAssignment(assignment: Self.pair, revision: 5),
          installedNAT: Self.digest(of: Self.pair, without: ["10.0.0.2"]))))
    // One member was out before the restart, and still is.
    story.run(until: 2_000) { $0.address == IPAddress("10.0.0.2") ? .failure(.timeout) : .success }
    let plans = story.lines.filter { $0.contains(" nat ") }
    #expect(plans.count == 1)
    #expect(plans.first?.hasSuffix(" nat 16384→10.0.0.1") == true, "what is asked for is what is there")
    story.step(.natApplied(changed: false))
    #expect(!story.lines.contains { $0.contains("nat changed") })
    #expect(story.lines.contains { $0.contains("service web0 up") })
  }

  @Test func theServiceIsUpAgainWithItsFirstGoodCheck() {
    var story = Story()
    story.step(
      .started(
        AgentStart(
          boot: 8, cached: CachedAssignment(assignment: .sample(), revision: 5),
          installedNAT: Self.digest(of: .sample()))))
    story.run(until: 200) { _ in .success }
    #expect(story.lines.contains { $0.contains("service web0 up") }, "no nft is waited for: the rules are there")
  }

  @Test func foreignRulesAreReplacedAfterAWhileEvenIfAMemberHangs() {
    var story = Story()
    story.step(
      .started(
        AgentStart(
          boot: 8, cached: CachedAssignment(assignment: Self.pair, revision: 5), installedNAT: 1)))
    story.run(until: 9_999)
    #expect(!story.lines.contains { $0.contains(" nat ") })
    story.run(until: 10_000)
    #expect(story.plans.count == 1)
  }

  @Test func aFailureIsTriedAgainEverMoreSlowly() {
    var story = Story()
    story.step(.started(AgentStart(boot: 7)))
    story.step(.assigned(.sample(), revision: 5, controller: 0))
    var attempts: [Int64] = []
    for _ in 0..<7 {
      attempts.append(story.milliseconds / 1_000)
      story.step(.natFailed(reason: "no permission", left: .none))
      _ = story.read()
      while story.plans.isEmpty, let deadline = story.state.nextDeadline {
        story.run(until: story.milliseconds + max(1, (deadline - story.now).nanoseconds / 1_000_000)) { _ in .success }
      }
    }
    #expect(attempts.count == 7)
    #expect(attempts[6] > 61)
    #expect(story.heartbeats.allSatisfy { $0.services.map(\.state) == [.down(.unreachable)] }, "nothing is forwarded")
  }

  @Test func aGatewayThatCannotForwardSaysSo() {
    var story = Story()
    story.step(.started(AgentStart(boot: 7)))
    story.step(.assigned(.sample(), revision: 5, controller: 0))
    let heartbeats = story.announcements(of: .natFailed(reason: "no nft", left: .unknown))
    #expect(heartbeats.last?.services.map(\.state) == [.down(.unreachable)])
    story.run(until: 2_000) { _ in .success }
    #expect(story.lines.contains { $0.contains(" nat 16384") }, "and tries again")
    let mended = story.announcements(of: .natApplied(changed: true))
    #expect(mended.last?.services.isEmpty == true, "up again")
  }

  @Test func rulesThatVanishedAndDoNotComeBackAreTold() {
    var story = T.settled()
    story.run(until: 5_000) { _ in .success }
    let heartbeats = story.announcements(of: .natFailed(reason: "no memory", left: .none))
    #expect(heartbeats.last?.services.map(\.state) == [.down(.unreachable)])
  }

  @Test(arguments: [RulesLeft.unknown, .digest(NATKeepingTests.digest(of: .sample()))])
  func aReviewThatFailsWithTheRulesInPlaceIsNoOutage(left: RulesLeft) {
    var story = T.settled()
    story.run(until: 5_000) { _ in .success }
    #expect(story.announcements(of: .natFailed(reason: "nft timed out", left: left)).isEmpty)
    story.run(until: 9_000) { _ in .success }
    #expect(!story.lines.contains { $0.contains("down") })
  }

  @Test func aServiceThatTheOldRulesDoNotKnowIsDownWhileTheOthersGoOn() {
    var story = T.settled()
    story.step(.assigned(.sample(services: 2), revision: 6, controller: 0))
    story.run(until: 1_500) { _ in .success }
    let failure = AgentEvent.natFailed(reason: "no memory", left: .digest(Self.digest(of: .sample())))
    let heartbeats = story.announcements(of: failure)
    #expect(heartbeats.last?.services.map(\.target) == [16385])
    #expect(heartbeats.last?.services.map(\.state) == [.down(.unreachable)])
  }

  @Test func rulesOfTheLastRunThatCannotBeReplacedMoveNothing() {
    var story = Story()
    story.step(
      .started(
        AgentStart(
          boot: 8, cached: CachedAssignment(assignment: .sample(), revision: 5), installedNAT: 1)))
    story.run(until: 10_000) { _ in .success }
    story.step(.natFailed(reason: "no memory", left: .digest(1)))
    story.run(until: 10_900) { _ in .success }
    #expect(!story.lines.contains { $0.contains("down") })
  }

  @Test func rulesThatSomebodyRemovedComeBack() {
    var story = T.settled()
    story.run(until: 4_999) { _ in .success }
    #expect(story.lines.allSatisfy { !$0.contains(" nat ") })
    story.run(until: 5_000) { _ in .success }
    #expect(story.lines.contains { $0.contains("t=5000 nat 16384") }, "they are looked at every five seconds")
    story.step(.natApplied(changed: true))
    #expect(story.lines.last == "t=5000 nat repaired")
  }

  @Test func aChangeDuringAnApplicationFollowsIt() {
    var story = Story()
    story.step(.started(AgentStart(boot: 7)))
    story.step(.assigned(Self.pair, revision: 5, controller: 0))
    #expect(story.plans.count == 1)
    story.run(until: 1_500) { $0.address == IPAddress("10.0.0.2") ? .failure(.timeout) : .success }
    #expect(story.lines.filter { $0.contains(" nat ") }.count == 1, "one at a time")
    story.step(.natApplied(changed: true))
    #expect(story.plans.map { $0.forwards[0].members } == [[IPAddress("10.0.0.1")!]])
  }

  @Test func anAddressThatMovesToAnotherInterfaceChangesTheRules() {
    var story = T.settled()
    let attachment = Attachment(address: IPAddress("192.0.2.1")!, interface: "eth1")
    story.step(.attached([attachment, Attachment(address: IPAddress("10.9.9.9")!, interface: "eth2")]))
    #expect(story.plans.map(\.attachments) == [[attachment]], "only the gateway's own addresses count")
  }

  @Test func anotherAssignmentKeepsWhatIsKnown() {
    var story = T.settled()
    var more = Assignment.sample(services: 2)
    var heartbeats = story.announcements(of: .assigned(more, revision: 6, controller: 0))
    #expect(heartbeats.last?.services.map(\.target) == [16385], "the first service is still up")
    story.step(.natApplied(changed: true))
    more.services[0].check.fall = 9
    heartbeats = story.announcements(of: .assigned(more, revision: 7, controller: 0))
    #expect(heartbeats.last?.services.map(\.target).contains(16384) == true, "another check: nothing is known")
    story.step(.assigned(more, revision: 7, controller: 0))
    #expect(!story.last.contains(.store(more)), "the same again changes nothing")
  }
}

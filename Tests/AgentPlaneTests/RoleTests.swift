// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import AgentPlane
import ServiceModel
import Testing

/// Two agents of a region: which of them holds the gateway's address.
@Suite struct RoleTests {
  private let mac = MACAddress("02:00:00:00:00:07")
  private var held: AgentPlane.Attachment {
    AgentPlane.Attachment(address: IPAddress("192.0.2.1")!, interface: "eth0", mac: self.mac)
  }
  private let own = AgentPlane.Attachment(address: IPAddress("192.0.2.7")!, interface: "eth0")

  private func story(_ name: String? = "gw1", _ attachments: [AgentPlane.Attachment]) -> Story {
    var story = Story(name: name.map { InstanceName(unchecked: $0) })
    story.step(.started(AgentStart(boot: 5, attachments: attachments)))
    story.step(.assigned(.sample(), revision: 3, controller: 0))
    story.run(until: 1_000) { _ in .success }
    return story
  }

  @Test func `an agent without a name says nothing of its role, wherever the address is`() {
    for attachments in [[self.own], [self.held, self.own], []] {
      var story = self.story(nil, attachments)
      story.run(until: 2_000) { _ in .success }
      #expect(story.announcements(of: .attached([self.held])).allSatisfy { $0.instance == nil })
      #expect(!story.read().contains("roleChanged"))
    }
  }

  @Test func `the address that comes is told at once, with the interface's MAC, and so is one that goes`() {
    var story = self.story("gw1", [self.own])
    #expect(story.read().contains("roleChanged(ServiceModel.AgentInstance.Role.standby)"))
    let name = InstanceName(unchecked: "gw1")
    let active = story.announcements(of: .attached([self.held, self.own]))
    #expect(active.map(\.instance) == [AgentInstance(name: name, role: .active, mac: self.mac)])
    let standby = story.announcements(of: .attached([self.own]))
    #expect(standby.map(\.instance) == [AgentInstance(name: name, role: .standby)])
    #expect(story.announcements(of: .attached([self.own])).isEmpty, "nothing new")
  }

  /// What waits differs from what is active in what it says of itself, and in nothing that it does.
  @Test func `the standby checks members and keeps rules as the active one does`() {
    func work(_ attachments: [AgentPlane.Attachment]) -> [String] {
      var story = self.story("gw1", attachments)
      story.step(.natApplied(changed: true))
      story.run(until: 5_000) { $0.port == 80 ? .success : .failure(.refused) }
      return story.read().split(separator: "\n").map(String.init).filter { !$0.contains("roleChanged") }
    }
    #expect(work([self.own]) == work([self.own, self.held]))
    #expect(work([self.own]).contains { $0.contains("nat ") })
  }

  @Test func `a standby's heartbeat does not vouch for its region`() {
    var story = self.story("gw1", [self.own])
    story.step(.heardPeer(Story.west, sequence: 4, isActive: false))
    story.run(until: 2_000) { _ in .success }
    #expect(!story.read().contains("west#"))
    story.step(.heardPeer(Story.west, sequence: 2, isActive: true))
    story.run(until: 3_000) { _ in .success }
    #expect(story.read().contains("west#2"))
  }
}

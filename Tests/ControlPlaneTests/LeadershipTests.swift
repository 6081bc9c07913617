// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import ServiceModel
import Simulation
import Testing

/// Several controllers: one leads, the others hear and are silent.
@Suite struct LeadershipTests: ThreeRegions {
  private func follower(of switches: Rehearsal? = nil) -> Rehearsal {
    var rehearsal = Rehearsal(
      Site.makeIntent(regions: 3, detection: self.detection, services: [self.web, self.mail]), seed: 3,
      leadership: .following(epoch: nil))
    if let switches { rehearsal.datapaths = switches.datapaths }
    rehearsal.connect()
    return rehearsal
  }

  /// What is sent to switches, but for probes.
  private func sent(_ lines: [String]) -> [String] {
    lines.filter { line in ["change", "read", "late", "claim", "follow"].contains { line.hasPrefix($0 + " ") } }
  }

  @Test func `a follower sends nothing, whatever happens`() {
    var rehearsal = self.follower()
    rehearsal.run(for: .seconds(5))
    rehearsal.beat(0, [self.report(self.web, .down(.refused), in: rehearsal)])
    rehearsal.setPort(1, isUp: false)
    rehearsal.tell(.failback(self.web.name))
    rehearsal.run(for: .seconds(60))
    let lines = rehearsal.look()
    #expect(self.sent(lines) == [])
    #expect(rehearsal.region(of: self.web, clientPort: 1) == nil)
    // It hears the agents all the same.
    #expect(lines.contains { $0.hasPrefix("service service-1 is down in region r1") })
  }

  @Test func `a follower is the slave of a switch once it knows the leader's epoch`() {
    var rehearsal = self.follower()
    rehearsal.tell(.leadership(.following(epoch: 7)))
    #expect(self.sent(rehearsal.look()) == ["follow s1: epoch 7"])
    rehearsal.tell(.leadership(.following(epoch: 7)))
    #expect(self.sent(rehearsal.look()) == [])
  }

  @Test func `who is elected asks for the master's role before anything else, and programs then`() {
    var rehearsal = self.follower()
    rehearsal.isHoldingReplies = true
    rehearsal.tell(.leadership(.leading(epoch: 8)))
    rehearsal.run(for: .seconds(1))
    #expect(self.sent(rehearsal.look()) == ["claim s1: epoch 8"])
    rehearsal.release()
    rehearsal.run(for: .seconds(1))
    #expect(rehearsal.look().contains("read s1"))
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(0))
  }

  @Test func `a new leader finds nothing to rewrite, and knows at once what the agents said`() {
    var first = self.follower()
    first.tell(.leadership(.leading(epoch: 8)))
    first.run(for: .seconds(1))
    first.beat(0, [self.report(self.web, .down(.refused), in: first)])
    first.run(for: .seconds(1))
    #expect(first.region(of: self.web, clientPort: 1) == Site.region(1))

    var second = self.follower(of: first)
    second.beat(0, [self.report(self.web, .down(.refused), in: second)])
    second.run(for: .seconds(1))
    _ = second.look()
    second.tell(.leadership(.leading(epoch: 9)))
    second.run(for: .seconds(3))
    let lines = second.look()
    #expect(self.changes(lines) == [])
    #expect(lines.contains("switch s1 holds the program; nothing to change"))
    // A failure that comes then is seen as ever.
    second.dark = [1]
    second.run(for: .seconds(1))
    #expect(second.region(of: self.web, clientPort: 2) == Site.region(2))
  }

  @Test func `a switch that knows a later leader is not written to`() {
    var rehearsal = self.follower()
    rehearsal.epochs[Site.datapath(0)] = 20
    rehearsal.tell(.leadership(.leading(epoch: 9)))
    rehearsal.run(for: .seconds(60))
    let lines = rehearsal.look()
    #expect(self.sent(lines) == ["claim s1: epoch 9"])
    #expect(lines.contains { $0.hasPrefix("switch s1 has a later leader") })
    rehearsal.tell(.leadership(.leading(epoch: 21)))
    rehearsal.run(for: .seconds(1))
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(0))
  }

  @Test func `a leader whose role a switch takes away is silent there, and reads anew when it leads again`() {
    var rehearsal = self.follower()
    rehearsal.tell(.leadership(.leading(epoch: 8)))
    rehearsal.run(for: .seconds(1))
    _ = rehearsal.look()
    rehearsal.tell(.roleLost(Site.datapath(0), epoch: 9))
    rehearsal.setPort(0, isUp: false)
    rehearsal.dark = [1]
    rehearsal.run(for: .seconds(60))
    #expect(self.sent(rehearsal.look()) == [])
    rehearsal.setPort(0, isUp: true)
    rehearsal.dark = []
    rehearsal.tell(.leadership(.following(epoch: 9)))
    rehearsal.tell(.leadership(.leading(epoch: 10)))
    rehearsal.run(for: .seconds(3))
    #expect(self.sent(rehearsal.look()) == ["follow s1: epoch 9", "claim s1: epoch 10", "read s1"])
  }

  /// The connection was held up while another one led.
  @Test func `a leader goes on writing where news of an earlier leader come late`() {
    var rehearsal = self.follower()
    rehearsal.tell(.leadership(.leading(epoch: 8)))
    rehearsal.run(for: .seconds(1))
    rehearsal.tell(.leadership(.following(epoch: 9)))
    rehearsal.tell(.leadership(.leading(epoch: 10)))
    rehearsal.tell(.roleLost(Site.datapath(0), epoch: 9))
    rehearsal.run(for: .seconds(1))
    _ = rehearsal.look()
    rehearsal.setPort(0, isUp: false)
    rehearsal.run(for: .seconds(1))
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(1))
  }

  @Test func `a leader that sees no switch lets another lead, and not again for a while`() {
    var rehearsal = self.follower()
    rehearsal.tell(.leadership(.leading(epoch: 8)))
    rehearsal.run(for: .seconds(1))
    rehearsal.tell(.switchDisconnected(Site.datapath(0), reason: "cut"))
    rehearsal.run(for: .milliseconds(1_990))
    #expect(!rehearsal.look().contains("yield"))
    rehearsal.run(for: .milliseconds(20))
    #expect(rehearsal.look().contains("yield"))
    // Nobody else wanted it.
    rehearsal.tell(.leadership(.leading(epoch: 9)))
    rehearsal.run(for: .seconds(29))
    #expect(!rehearsal.look().contains("yield"))
    rehearsal.run(for: .seconds(2))
    #expect(rehearsal.look().contains("yield"))
    rehearsal.connect()
    rehearsal.run(for: .seconds(60))
    #expect(!rehearsal.look().contains("yield"))
  }

  @Test func `who is alone, or follows, gives nothing up`() {
    var alone = Rehearsal(Site.makeIntent(regions: 3, detection: self.detection, services: [self.web]))
    alone.run(for: .seconds(60))
    #expect(!alone.look().contains("yield"))
    var follower = self.follower()
    follower.tell(.switchDisconnected(Site.datapath(0), reason: "cut"))
    follower.run(for: .seconds(60))
    #expect(!follower.look().contains("yield"))
  }

  @Test func `a role that is not answered is asked for again`() {
    var rehearsal = self.follower()
    rehearsal.isMute = true
    rehearsal.tell(.leadership(.leading(epoch: 8)))
    rehearsal.isMute = false
    rehearsal.run(for: .seconds(5))
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(0))
  }
}

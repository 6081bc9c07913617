// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import ServiceModel
import Simulation
import Testing

/// How new connections follow the load that the agents tell.
@Suite struct BalancingTests: ThreeRegions {
  private let web = Site.makeService(
    0, preference: [0, 1, 2], policy: .packets,
    trigger: Trigger(threshold: 1000, hysteresis: 20, interval: .seconds(5)))

  /// A heartbeat of each region with its packets a second, every second.
  private func run(_ rehearsal: inout Rehearsal, _ packets: [UInt32?], for seconds: Int) {
    for _ in 0..<seconds {
      for (region, packets) in packets.enumerated() {
        rehearsal.beat(region, load: packets.map { GatewayLoad(packetsPerSecond: $0) })
      }
      rehearsal.run(for: .seconds(1))
    }
  }

  private func shares(_ rehearsal: Rehearsal) -> String {
    rehearsal.controller.status(at: rehearsal.now).services[0].switches[0].shares.text
  }

  @Test func `the first region has it all until it carries too much, and again when it is quiet`() {
    var rehearsal = self.rehearse([self.web])
    self.run(&rehearsal, [900, 0, 0], for: 12)
    #expect(self.shares(rehearsal) == "r1")
    self.run(&rehearsal, [1500, 0, 0], for: 6)
    #expect(self.shares(rehearsal) == "r1 50 %, r2 50 %")
    _ = rehearsal.look()
    self.run(&rehearsal, [750, 750, 0], for: 12)
    #expect(self.changes(rehearsal.look()) == [], "a level load moves nothing")
    self.run(&rehearsal, [300, 300, 0], for: 6)
    #expect(self.shares(rehearsal) == "r1")
  }

  @Test func `another policy that sends everything where it went is no move`() {
    var rehearsal = self.rehearse([Site.makeService(0, preference: [0, 1, 2])])
    rehearsal.configure(Site.makeIntent(regions: 3, detection: self.detection, services: [self.web]))
    let lines = rehearsal.look()
    #expect(self.changes(lines).count == 1)
    #expect(!lines.contains { $0.contains("→") }, "\(lines)")
  }

  @Test func `nothing changes between two updates`() {
    var rehearsal = self.rehearse([self.web])
    self.run(&rehearsal, [1500, 0, 0], for: 6)
    _ = rehearsal.look()
    self.run(&rehearsal, [2800, 0, 0], for: 2)
    #expect(self.changes(rehearsal.look()) == [])
    self.run(&rehearsal, [2800, 0, 0], for: 3)
    #expect(self.shares(rehearsal).contains("r3"))
  }

  @Test func `a load that is not told any more freezes the shares, and that is said`() {
    var rehearsal = self.rehearse([self.web])
    self.run(&rehearsal, [1500, 0, 0], for: 6)
    self.run(&rehearsal, [760, 740, 0], for: 2)
    // The last value counts for ten seconds.
    self.run(&rehearsal, [760, nil, nil], for: 10)
    _ = rehearsal.look()
    self.run(&rehearsal, [4000, nil, nil], for: 30)
    let lines = rehearsal.look()
    #expect(self.changes(lines) == [])
    #expect(
      lines.filter { $0.contains("follows the load") } == [
        "service service-1 follows the load, and that of region r2 is not known: its shares stay as they are",
        "service service-1 follows the load, and that of region r3 is not known: its shares stay as they are",
      ])
  }

  @Test func `a dead or drained region takes no part`() {
    var rehearsal = self.rehearse([self.web])
    rehearsal.tell(.drain(Site.region(1), deadline: nil, isForced: false))
    self.run(&rehearsal, [1500, 0, 0], for: 6)
    #expect(self.shares(rehearsal) == "r1 50 %, r3 50 %")
    rehearsal.dark = [0]
    self.run(&rehearsal, [nil, 0, 1500], for: 6)
    #expect(self.shares(rehearsal) == "r3")
  }

  @Test func `a controller that begins anew leaves the shares as it finds them`() {
    var rehearsal = self.rehearse([self.web])
    self.run(&rehearsal, [1500, 0, 0], for: 6)
    let before = self.shares(rehearsal)
    _ = rehearsal.look()
    rehearsal.restartController()
    self.run(&rehearsal, [760, 740, 0], for: 12)
    #expect(self.changes(rehearsal.look()) == [])
    #expect(self.shares(rehearsal) == before)
  }
}

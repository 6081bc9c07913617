// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import DatapathModel
import ServiceModel
import Simulation
import Testing

/// The controller learns what a switch can do and chooses the placement by it.
@Suite struct PlacementTests {
  private let web = Site.makeService(0, preference: [0, 1])
  private let turns = Site.makeService(1, preference: [0, 1], policy: .roundRobin)
  private let detection = Detection(heartbeatInterval: .milliseconds(100), misses: 3, rise: 3, hold: .seconds(2))

  private func rehearse(_ placement: Placement?, extras: Set<SoftwareSwitch.Extra>) -> Rehearsal {
    var intent = Site.makeIntent(regions: 2, detection: self.detection, services: [self.web, self.turns])
    intent.switches[0].placement = placement
    var rehearsal = Rehearsal(intent, extras: extras)
    rehearsal.connect()
    rehearsal.run(for: .seconds(1))
    return rehearsal
  }

  private func placement(in rehearsal: Rehearsal) -> Placement? {
    rehearsal.controller.status(at: rehearsal.now).switches[0].placement
  }

  @Test func `a switch that tracks connections does so`() {
    var rehearsal = self.rehearse(nil, extras: [.groups, .conntrack])
    #expect(self.placement(in: rehearsal) == .conntrack)
    #expect(rehearsal.look().contains("switch s1 has placement conntrack"))
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(0))
  }

  @Test func `one that only has groups hashes`() {
    var rehearsal = self.rehearse(nil, extras: [.groups])
    #expect(self.placement(in: rehearsal) == .hash)
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(0))
    #expect(rehearsal.controller.status(at: rehearsal.now).switches[0].refusal == nil)
  }

  @Test func `one that has nothing divides by rules, and says how exactly`() {
    var rehearsal = self.rehearse(nil, extras: [])
    #expect(
      rehearsal.look().contains("switch s1 has no select groups: placement hash by rules for clients' addresses"))
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(0))
    let services = rehearsal.controller.status(at: rehearsal.now).services
    #expect(services[0].switches[0].sourceRules == nil)
    #expect(services[1].switches[0].sourceRules == ServiceStatus.SourceRules(count: 16, deviation: 0))
  }

  @Test func `a placement that the switch cannot do is said, and nothing is sent`() {
    var rehearsal = self.rehearse(.conntrack, extras: [.groups])
    let lines = rehearsal.look()
    #expect(
      lines.contains(
        "switch s1 cannot do placement conntrack, nothing was sent to it; it can do hash, reactive, redirect"))
    rehearsal.run(for: .seconds(100))
    #expect(rehearsal.datapaths[Site.datapath(0)]?.flows.isEmpty == true)
    #expect(!rehearsal.look().contains { $0.hasPrefix("change") })
    let status = rehearsal.controller.status(at: rehearsal.now).switches[0]
    #expect(status.placement == nil)
    #expect(status.impossiblePlacement == .conntrack)
  }

  @Test(arguments: [Placement.hash, .redirect]) func `a placement that is configured is not tried out`(
    _ placement: Placement
  ) {
    var rehearsal = self.rehearse(placement, extras: [.groups, .conntrack])
    #expect(self.placement(in: rehearsal) == placement)
    // The other time is after it was tried who answers questions for MAC addresses.
    #expect(rehearsal.look().filter { $0.hasPrefix("read") }.count == 2)
  }

  @Test(arguments: [Set<SoftwareSwitch.Extra>(), [.groups], [.groups, .conntrack]])
  func `a region that is lost is left, and a restart finds nothing to change`(_ extras: Set<SoftwareSwitch.Extra>) {
    var rehearsal = self.rehearse(nil, extras: extras)
    rehearsal.dark = [0]
    rehearsal.run(for: .seconds(1))
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(1))
    _ = rehearsal.look()
    rehearsal.restartController()
    rehearsal.run(for: .seconds(10))
    let lines = rehearsal.look()
    #expect(lines.contains("switch s1 holds the program; nothing to change"), "\(lines)")
    #expect(!lines.contains { $0.contains("confirmed") }, "\(lines)")
    #expect(rehearsal.region(of: self.web, clientPort: 2) == Site.region(1))
  }

  @Test func `another placement is taken up while traffic flows`() {
    var rehearsal = self.rehearse(.hash, extras: [.groups, .conntrack])
    var intent = rehearsal.intent
    for placement in [Placement.conntrack, .redirect, nil, .hash] {
      intent.switches[0].placement = placement
      rehearsal.configure(intent)
      rehearsal.run(for: .seconds(1))
      #expect(self.placement(in: rehearsal) == placement ?? .conntrack)
      #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(0))
      let status = rehearsal.controller.status(at: rehearsal.now).switches[0]
      #expect(status.refusal == nil)
    }
  }
}

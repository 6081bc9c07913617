// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import ServiceModel
import Simulation
import Testing

/// What is concluded from silence that may be the controller's own, or that of its connection to a switch.
@Suite struct MuteSwitchTests {
  private let web = Site.makeService(0, preference: [0, 1])
  private let detection = Detection(heartbeatInterval: .milliseconds(100), misses: 3, rise: 3, hold: .seconds(2))

  private func rehearse(_ detection: Detection? = nil) -> Rehearsal {
    var intent = Site.makeIntent(regions: 3, detection: detection ?? self.detection, services: [self.web])
    for index in intent.switches[0].gateways.indices {
      intent.switches[0].gateways[index].mac = Site.gatewayMAC(index)
    }
    var rehearsal = Rehearsal(intent)
    rehearsal.connect()
    rehearsal.run(for: .seconds(1))
    _ = rehearsal.look()
    return rehearsal
  }

  private func changes(_ lines: [String]) -> [String] { lines.filter { $0.hasPrefix("change") } }

  @Test(arguments: [60, 150, 300, 4_000, 14_000])
  func `a connection that stalls takes no region out, neither then nor when it goes on`(milliseconds: Int64) {
    var rehearsal = self.rehearse()
    rehearsal.isMute = true
    rehearsal.run(for: .milliseconds(milliseconds))
    rehearsal.isMute = false
    rehearsal.run(for: .seconds(5))
    #expect(self.changes(rehearsal.look()) == [])
  }

  @Test func `a connection that stalls is told, and what is behind it is not known`() {
    var rehearsal = self.rehearse()
    rehearsal.isMute = true
    rehearsal.run(for: .seconds(4))
    let status = rehearsal.controller.status(at: rehearsal.now)
    #expect(status.switches[0].isMute)
    #expect(status.regions[0].paths[0].state == .unknown)
    rehearsal.isMute = false
    #expect(!rehearsal.controller.status(at: rehearsal.now).switches[0].isMute)
    let told = rehearsal.look().filter { $0.hasPrefix("switch s1 is") }
    #expect(told.count == 2, "\(told)")
  }

  @Test func `a switch that is mute is asked once each T_h, not more`() {
    var rehearsal = self.rehearse()
    rehearsal.isMute = true
    var wakes = 0
    let end = rehearsal.now + .seconds(10)
    while let deadline = rehearsal.controller.nextDeadline, deadline < end {
      rehearsal.run(for: deadline - rehearsal.now)
      wakes += 1
    }
    #expect(wakes < 150, "\(wakes)")
  }

  @Test func `a region that went dark meanwhile is out n times T_h after the switch is heard again`() {
    var rehearsal = self.rehearse()
    rehearsal.isMute = true
    rehearsal.run(for: .seconds(2))
    rehearsal.dark = [0]
    rehearsal.run(for: .seconds(2))
    rehearsal.isMute = false
    rehearsal.run(for: .milliseconds(310))
    #expect(self.changes(rehearsal.look()) == ["change s1: modify group", "change s1: flush"])
  }

  @Test func `a connection that breaks after it stalled takes no region out either`() {
    var rehearsal = self.rehearse()
    rehearsal.isMute = true
    rehearsal.run(for: .seconds(15))
    rehearsal.tell(.switchDisconnected(Site.datapath(0), reason: "silent"))
    rehearsal.isMute = false
    rehearsal.connect()
    rehearsal.run(for: .seconds(5))
    #expect(self.changes(rehearsal.look()) == [])
  }

  @Test func `another configuration does not make a mute switch heard`() {
    var rehearsal = self.rehearse()
    rehearsal.isMute = true
    rehearsal.run(for: .seconds(1))
    var intent = rehearsal.intent
    intent.detection.heartbeatInterval = .milliseconds(50)
    rehearsal.configure(intent)
    rehearsal.run(for: .seconds(3))
    rehearsal.isMute = false
    rehearsal.run(for: .seconds(3))
    #expect(self.changes(rehearsal.look()) == [])
  }

  @Test func `a switch that hands nothing back is judged by its paths all the same`() {
    var rehearsal = self.rehearse()
    rehearsal.tell(.switchDisconnected(Site.datapath(0), reason: "other software"))
    rehearsal.handsBack = false
    rehearsal.connect()
    rehearsal.run(for: .seconds(1))
    rehearsal.dark = [0]
    rehearsal.run(for: .milliseconds(310))
    rehearsal.run(for: .milliseconds(100))
    #expect(self.changes(rehearsal.look()) == ["change s1: modify group", "change s1: flush"])
  }

  @Test(arguments: [Detection.ProbeMethod.icmp, .arp])
  func `faster detection takes nothing out for what was slow before`(probe: Detection.ProbeMethod) {
    var rehearsal = self.rehearse(Detection(heartbeatInterval: .seconds(1), misses: 5, probe: probe))
    rehearsal.run(for: .milliseconds(950))
    var intent = rehearsal.intent
    intent.detection.heartbeatInterval = .milliseconds(100)
    rehearsal.configure(intent)
    rehearsal.run(for: .seconds(5))
    #expect(self.changes(rehearsal.look()) == [])
  }

  @Test func `without probes, an agent that does not know of faster detection yet is waited for`() {
    var rehearsal = self.rehearse(Detection(heartbeatInterval: .seconds(1), misses: 5, probe: .none))
    for region in 0..<3 { rehearsal.beat(region) }
    var intent = rehearsal.intent
    intent.detection.heartbeatInterval = .milliseconds(100)
    rehearsal.revision = 2
    rehearsal.configure(intent)
    for _ in 0..<4 {
      rehearsal.run(for: .seconds(1))
      for region in 0..<3 { rehearsal.beat(region) }
    }
    let lines = rehearsal.look()
    #expect(self.changes(lines) == [])
    #expect(!lines.contains { $0.hasPrefix("no heartbeat") })

    for region in 0..<3 { rehearsal.beat(region, assignment: 2) }
    for _ in 0..<5 {
      rehearsal.run(for: .milliseconds(100))
      for region in 1..<3 { rehearsal.beat(region, assignment: 2) }
    }
    rehearsal.run(for: .milliseconds(100))
    #expect(self.changes(rehearsal.look()) == ["change s1: modify group", "change s1: flush"])
  }

  @Test func `without probes, a controller that oversleeps hears what waits before it judges`() {
    var rehearsal = self.rehearse(
      Detection(heartbeatInterval: .milliseconds(100), misses: 3, rise: 3, hold: .seconds(2), probe: .none))
    for region in 0..<3 { rehearsal.beat(region) }
    _ = rehearsal.look()
    for _ in 0..<5 {
      rehearsal.stall(for: .seconds(5))
      for region in [2, 0, 1] { rehearsal.beat(region) }
      rehearsal.run(for: .milliseconds(90))
    }
    #expect(self.changes(rehearsal.look()) == [])
    // What is silent still is out as soon as it would have been.
    for _ in 0..<4 {
      for region in 1..<3 { rehearsal.beat(region) }
      rehearsal.run(for: .milliseconds(100))
    }
    #expect(self.changes(rehearsal.look()) == ["change s1: modify group", "change s1: flush"])
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import DatapathModel
import OpenFlow
import ServiceModel
import Simulation
import Testing

/// How a controller takes over switches: empty ones, and such as hold what another controller decided.
@Suite struct StartTests {
  private let web = Site.makeService(0, preference: [0, 1])
  private let detection = Detection(heartbeatInterval: .milliseconds(100), misses: 3, rise: 3, hold: .seconds(2))

  private func rehearse(switches: Int = 1) -> Rehearsal {
    var rehearsal = Rehearsal(
      Site.makeIntent(regions: 2, switches: switches, detection: self.detection, services: [self.web]))
    rehearsal.connect()
    rehearsal.run(for: .seconds(1))
    return rehearsal
  }

  @Test func `an empty switch is read, programmed, and its gateways are found`() {
    var rehearsal = self.rehearse()
    let lines = rehearsal.look()
    #expect(lines.first == "configured: 1 services, 2 regions, 1 switches")
    #expect(lines.contains("read s1"))
    #expect(lines.contains("gateway of region r1 is \(Site.gatewayMAC(0)) on switch s1"))
    #expect(lines.contains("gateway of region r2 is \(Site.gatewayMAC(1)) on switch s1"))
    #expect(lines.contains { $0.hasPrefix("service service-1 on switch s1") && $0.hasSuffix("→ r1") })
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(0))
  }

  @Test func `a restart with nothing to change sends reads and probes, and nothing else`() {
    var rehearsal = self.rehearse(switches: 2)
    _ = rehearsal.look()
    rehearsal.restartController()
    rehearsal.run(for: .seconds(20))
    let lines = rehearsal.look()
    #expect(!lines.contains { $0.hasPrefix("change") }, "\(lines)")
    #expect(lines.filter { $0.hasPrefix("read") } == ["read s1", "read s2"])
    #expect(lines.contains("switch s1 holds the program; nothing to change"))
  }

  @Test func `a restart while a region is out keeps it out until it has answered and waited`() {
    var rehearsal = self.rehearse()
    rehearsal.dark = [0]
    rehearsal.run(for: .seconds(1))
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(1))

    rehearsal.dark = []
    rehearsal.restartController()
    rehearsal.run(for: .milliseconds(1900))
    #expect(rehearsal.region(of: self.web, clientPort: 2) == Site.region(1), "it has not waited")
    rehearsal.run(for: .milliseconds(400))
    #expect(rehearsal.region(of: self.web, clientPort: 3) == Site.region(0))
  }

  @Test func `a restart while a region's members are down keeps the service out of it`() {
    var rehearsal = self.rehearse()
    let down = ServiceReport(
      target: Numbering(rehearsal.intent).targetPort(of: self.web.listeners[0], in: self.web.name),
      state: .down(.refused), lastGoodAge: nil)
    rehearsal.beat(0, [down])
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(1))
    _ = rehearsal.look()
    rehearsal.restartController()
    rehearsal.run(for: .seconds(1))
    rehearsal.beat(0, [down])
    #expect(rehearsal.region(of: self.web, clientPort: 2) == Site.region(1))
    #expect(!rehearsal.look().contains { $0.hasPrefix("change") })
  }

  @Test func `a restart while a region is dark and all was well finds out anew`() {
    var rehearsal = self.rehearse()
    rehearsal.dark = [0]
    rehearsal.restartController()
    rehearsal.run(for: .milliseconds(250))
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(0))
    rehearsal.run(for: .milliseconds(100))
    #expect(rehearsal.region(of: self.web, clientPort: 2) == Site.region(1))
  }

  @Test func `a switch that rebooted is programmed anew`() {
    var rehearsal = self.rehearse()
    rehearsal.tell(.switchDisconnected(Site.datapath(0), reason: "reboot"))
    rehearsal.datapaths[Site.datapath(0)]?.reboot()
    #expect(rehearsal.region(of: self.web, clientPort: 1) == nil)
    rehearsal.connect()
    #expect(rehearsal.region(of: self.web, clientPort: 2) == Site.region(0), "the gateways are still known")
  }

  @Test func `a region that was out stays out when its switch comes back`() {
    var rehearsal = self.rehearse()
    rehearsal.dark = [0]
    rehearsal.run(for: .seconds(1))
    rehearsal.tell(.switchDisconnected(Site.datapath(0), reason: "gone"))
    rehearsal.run(for: .seconds(10))
    rehearsal.connect()
    rehearsal.run(for: .seconds(1))
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(1))
  }

  @Test func `a switch that nobody configured is left alone`() {
    var rehearsal = self.rehearse()
    _ = rehearsal.look()
    rehearsal.tell(
      .switchConnected(
        Site.datapath(7), ConnectedSwitch(version: .v1_3, ports: [], description: "stranger")))
    #expect(rehearsal.look() == ["a switch that is not configured connected: datapath \(Site.datapath(7))"])
  }
}

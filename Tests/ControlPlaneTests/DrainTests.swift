// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import ServiceModel
import Simulation
import Testing

/// How a region is taken out of service and put back.
@Suite struct DrainTests: ThreeRegions {
  private let r1 = Site.region(0)

  private func drained(_ rehearsal: inout Rehearsal, deadline: Duration? = nil, isForced: Bool = false) {
    rehearsal.tell(.drain(self.r1, deadline: deadline, isForced: isForced))
  }

  @Test func `a drain is one GROUP_MOD and cuts nothing, and so is its end`() {
    var rehearsal = self.rehearse()
    self.drained(&rehearsal)
    rehearsal.run(for: .seconds(5))
    #expect(
      rehearsal.look() == [
        "change s1: modify group",
        "region r1 is drained: no new connections",
        "service service-1 on switch s1: r1 → r2",
        "switch s1 confirmed 1 changes after 0.0 ms",
      ])
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(1))
    rehearsal.tell(.undrain(self.r1))
    #expect(
      rehearsal.look() == [
        "change s1: modify group",
        "region r1 gets new connections again",
        "service service-1 on switch s1: r2 → r1",
        "switch s1 confirmed 1 changes after 0.0 ms",
      ])
    #expect(rehearsal.region(of: self.web, clientPort: 2) == self.r1)
  }

  @Test func `it is drained when its gateway has counted no connection, but not at once`() {
    var rehearsal = self.rehearse()
    rehearsal.beat(0, load: GatewayLoad(connections: 2))
    self.drained(&rehearsal)
    rehearsal.run(for: .seconds(1))
    rehearsal.beat(0, load: GatewayLoad(connections: 0))
    #expect(!rehearsal.look().contains { $0.contains("no connection is left") }, "one may still be on its way")
    rehearsal.run(for: .seconds(2))
    rehearsal.beat(0, load: GatewayLoad(connections: 1))
    rehearsal.run(for: .seconds(1))
    rehearsal.beat(0, load: GatewayLoad(connections: 0))
    rehearsal.beat(0, load: GatewayLoad(connections: 0))
    #expect(
      rehearsal.look().filter { $0.contains("is left") } == [
        "region r1 is drained: no connection is left after 4.0 s"
      ])
    #expect(rehearsal.controller.status(at: rehearsal.now).regions[0].drain?.isDone == true)
  }

  @Test func `what is open at the deadline is cut, once`() {
    var rehearsal = self.rehearse()
    rehearsal.beat(0, load: GatewayLoad(connections: 7))
    self.drained(&rehearsal, deadline: .seconds(5))
    rehearsal.run(for: .milliseconds(4900))
    #expect(!rehearsal.look().contains { $0.contains("flush") })
    rehearsal.run(for: .milliseconds(400))
    #expect(
      rehearsal.look().filter { !$0.contains("heartbeat") } == [
        "the drain of region r1 has taken too long: 7 connections are cut",
        "change s1: flush",
        "switch s1 forgot the connections to region r1",
        "late s1: 1 flushes",
      ])
    rehearsal.run(for: .seconds(20))
    #expect(self.changes(rehearsal.look()) == [])
  }

  @Test func `a drained region that dies has its connections cut, and stays drained when it returns`() {
    var rehearsal = self.rehearse()
    self.drained(&rehearsal)
    rehearsal.run(for: .seconds(1))
    _ = rehearsal.look()
    rehearsal.dark = [0]
    rehearsal.run(for: .milliseconds(400))
    #expect(self.changes(rehearsal.look()) == ["change s1: flush"])
    rehearsal.dark = []
    rehearsal.run(for: .seconds(5))
    #expect(self.changes(rehearsal.look()) == [])
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(1))
  }

  @Test func `when everybody else fails a drained region serves, and no more when they return`() {
    var rehearsal = self.rehearse()
    self.drained(&rehearsal)
    rehearsal.dark = [1, 2]
    rehearsal.run(for: .seconds(1))
    #expect(rehearsal.region(of: self.web, clientPort: 1) == self.r1)
    #expect(rehearsal.region(of: self.mail, clientPort: 1) != self.r1, "it has no members there")
    rehearsal.dark = []
    rehearsal.run(for: .seconds(5))
    #expect(rehearsal.region(of: self.web, clientPort: 2) == Site.region(1))
  }

  @Test func `a region that is drained by force serves nobody, whoever fails`() {
    var rehearsal = self.rehearse()
    self.drained(&rehearsal, isForced: true)
    rehearsal.dark = [1, 2]
    rehearsal.run(for: .seconds(1))
    #expect(rehearsal.region(of: self.web, clientPort: 1) != self.r1)
    #expect(rehearsal.look().contains { $0.contains("all regions of service service-1 are out") })
  }

  @Test func `a controller that begins anew knows what is drained, though the region is switched off`() {
    var rehearsal = self.rehearse()
    self.drained(&rehearsal)
    rehearsal.dark = [0]
    rehearsal.run(for: .seconds(1))
    _ = rehearsal.look()
    rehearsal.restartController()
    rehearsal.run(for: .seconds(1))
    #expect(self.changes(rehearsal.look()) == ["change s1: flush"], "nothing of it is served")
    rehearsal.dark = []
    rehearsal.run(for: .seconds(10))
    #expect(self.changes(rehearsal.look()) == [])
    #expect(rehearsal.controller.status(at: rehearsal.now).regions[0].drain != nil)
    rehearsal.tell(.undrain(self.r1))
    #expect(rehearsal.region(of: self.web, clientPort: 1) == self.r1)
  }

  @Test func `there is an objection to draining the last region of a service`() {
    var rehearsal = self.rehearse()
    #expect(rehearsal.controller.objection(toDraining: self.r1) == nil)
    rehearsal.dark = [1]
    rehearsal.run(for: .seconds(1))
    #expect(rehearsal.controller.objection(toDraining: self.r1) == nil, "r3 serves everything")
    #expect(
      rehearsal.controller.objection(toDraining: Site.region(2)) == DrainObjection(services: [self.mail.name]))
    self.drained(&rehearsal)
    #expect(
      rehearsal.controller.objection(toDraining: Site.region(2))
        == DrainObjection(services: [self.web.name, self.mail.name]))
  }

  @Test func `several at once, and an unknown one`() {
    var rehearsal = self.rehearse()
    self.drained(&rehearsal)
    rehearsal.tell(.drain(Site.region(1), deadline: nil, isForced: false))
    rehearsal.tell(.drain(RegionName(unchecked: "nowhere"), deadline: nil, isForced: false))
    rehearsal.tell(.undrain(Site.region(2)))
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(2))
    #expect(rehearsal.controller.status(at: rehearsal.now).regions.map { $0.drain != nil } == [true, true, false])
  }

  @Test func `a service that spreads its load leaves the drained region out`() {
    let spread = Site.makeService(0, preference: [0, 1, 2], policy: .roundRobin)
    var rehearsal = self.rehearse([spread])
    self.drained(&rehearsal)
    #expect(self.changes(rehearsal.look()) == ["change s1: modify group"])
    for port in 1...100 as ClosedRange<UInt16> {
      #expect(rehearsal.region(of: spread, clientPort: port) != self.r1)
    }
  }
}

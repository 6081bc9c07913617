// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import OpenFlow
import ServiceModel
import Simulation
import Testing

/// What is done when regions fail and return.
@Suite struct FailoverTests: ThreeRegions {
  @Test func `a port that goes down costs one GROUP_MOD and a flush, and the region's return one GROUP_MOD`() {
    var rehearsal = self.rehearse()
    rehearsal.setPort(0, isUp: false)
    rehearsal.run(for: .milliseconds(100))
    #expect(
      rehearsal.look() == [
        "change s1: modify group",
        "port of region r1 on switch s1 went down",
        "switch s1 lost region r1: its port went down",
        "service service-1 on switch s1: r1 → r2",
        "switch s1 confirmed 1 changes after 0.0 ms",
        "change s1: flush",
        "switch s1 forgot the connections to region r1",
      ])
    rehearsal.setPort(0, isUp: true)
    rehearsal.run(for: .milliseconds(1900))
    #expect(self.changes(rehearsal.look()) == [], "not before it has waited")
    rehearsal.run(for: .milliseconds(500))
    #expect(
      rehearsal.look() == [
        "change s1: modify group",
        "switch s1 reaches region r1 again",
        "service service-1 on switch s1: r2 → r1",
        "switch s1 confirmed 1 changes after 0.0 ms",
      ])
  }

  @Test func `a region that falls silent is out n times T_h after its last answer`() {
    var rehearsal = self.rehearse()
    rehearsal.dark = [0]
    rehearsal.run(for: .milliseconds(290))
    #expect(self.changes(rehearsal.look()) == [])
    rehearsal.run(for: .milliseconds(110))
    #expect(self.changes(rehearsal.look()) == ["change s1: modify group", "change s1: flush"])
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(1))
  }

  @Test func `a lost probe or two move nothing`() {
    var rehearsal = self.rehearse()
    for _ in 0..<10 {
      rehearsal.dark = [0]
      rehearsal.run(for: .milliseconds(150))
      rehearsal.dark = []
      rehearsal.run(for: .milliseconds(200))
    }
    #expect(self.changes(rehearsal.look()) == [])
  }

  @Test func `a controller that oversleeps takes nothing out for that`() {
    var rehearsal = self.rehearse()
    rehearsal.stall(for: .seconds(5))
    rehearsal.run(for: .seconds(5))
    #expect(self.changes(rehearsal.look()) == [])
    // It still notices what is really gone, n times T_h after it has begun to ask again.
    rehearsal.dark = [0]
    rehearsal.stall(for: .seconds(5))
    rehearsal.run(for: .milliseconds(310))
    #expect(self.changes(rehearsal.look()) == ["change s1: modify group", "change s1: flush"])
  }

  @Test func `heartbeats missed with paths well move nothing`() {
    var rehearsal = self.rehearse()
    rehearsal.beat(0)
    rehearsal.run(for: .seconds(60))
    let lines = rehearsal.look()
    #expect(self.changes(lines) == [])
    #expect(lines.contains("no heartbeat from region r1 for 300 ms: nobody checks its members"))
  }

  @Test func `an announced restart of an agent is no alarm`() {
    var rehearsal = self.rehearse()
    for region in 0..<3 { rehearsal.beat(region) }
    rehearsal.beat(0, leaving: true)
    for _ in 0..<100 {
      rehearsal.run(for: .milliseconds(100))
      rehearsal.beat(1)
      rehearsal.beat(2)
    }
    #expect(!rehearsal.look().contains { $0.hasPrefix("no heartbeat") })
  }

  @Test func `members that are down take out their service, and no other`() {
    var rehearsal = self.rehearse()
    rehearsal.beat(1, [self.report(self.mail, .down(.refused), in: rehearsal)])
    rehearsal.run(for: .milliseconds(100))
    #expect(self.changes(rehearsal.look()) == ["change s1: modify group", "change s1: flush"])
    #expect(rehearsal.region(of: self.mail, clientPort: 1) == Site.region(2))
    #expect(rehearsal.region(of: self.web, clientPort: 2) == Site.region(0))
  }

  @Test func `members that still answer keep their connections`() {
    var rehearsal = self.rehearse()
    rehearsal.beat(1, [self.report(self.mail, .down(.status), in: rehearsal)])
    #expect(self.changes(rehearsal.look()) == ["change s1: modify group"])
  }

  @Test func `a service returns after rise good reports and its hold`() {
    var rehearsal = self.rehearse()
    rehearsal.beat(1, [self.report(self.mail, .down(.refused), in: rehearsal)])
    rehearsal.run(for: .milliseconds(100))
    _ = rehearsal.look()
    for _ in 0..<20 {
      rehearsal.beat(1)
      rehearsal.run(for: .milliseconds(100))
    }
    #expect(self.changes(rehearsal.look()) == ["change s1: modify group"])
    #expect(rehearsal.region(of: self.mail, clientPort: 1) == Site.region(1))
  }

  @Test func `in heartbeat mode a report that says down is a miss`() {
    let slow = Site.makeService(0, preference: [0, 1], mode: .heartbeat)
    var rehearsal = self.rehearse([slow])
    rehearsal.beat(0, [self.report(slow, .down(.refused), in: rehearsal, lastGoodAge: .milliseconds(50))])
    rehearsal.run(for: .milliseconds(240))
    #expect(self.changes(rehearsal.look()) == [])
    rehearsal.run(for: .milliseconds(10))
    #expect(self.changes(rehearsal.look()) == ["change s1: modify group"])
  }

  @Test func `members that answered and then fall silent lose the connections that were spared`() {
    var rehearsal = self.rehearse()
    rehearsal.beat(1, [self.report(self.mail, .down(.status), in: rehearsal)])
    #expect(self.changes(rehearsal.look()) == ["change s1: modify group"])
    rehearsal.beat(1, [self.report(self.mail, .down(.timeout), in: rehearsal)])
    rehearsal.run(for: .milliseconds(100))
    #expect(self.changes(rehearsal.look()) == ["change s1: flush"])
    rehearsal.beat(1, [self.report(self.mail, .down(.timeout), in: rehearsal)])
    #expect(self.changes(rehearsal.look()) == [])
    // Alive for a moment, and dead again.
    rehearsal.beat(1)
    rehearsal.beat(1, [self.report(self.mail, .down(.timeout), in: rehearsal)])
    rehearsal.run(for: .milliseconds(100))
    #expect(self.changes(rehearsal.look()) == ["change s1: flush"])
  }

  @Test func `losses shortly after each other each get their late flushes`() {
    var rehearsal = self.rehearse()
    let down = [self.web, self.mail].map { self.report($0, .down(.refused), in: rehearsal) }
    rehearsal.beat(0, [down[0]])
    rehearsal.run(for: .milliseconds(100))
    rehearsal.beat(1, [down[1]])
    rehearsal.configure(rehearsal.intent)
    rehearsal.run(for: .milliseconds(149))
    #expect(rehearsal.look().filter { $0.hasPrefix("late") } == [])
    for wait in [1, 100, 250, 100] {
      rehearsal.run(for: .milliseconds(wait))
      #expect(rehearsal.look().filter { $0.hasPrefix("late") } == ["late s1: 1 flushes"])
    }
  }

  @Test func `with manual failback a service stays where it is until asked`() {
    let sticky = Site.makeService(0, preference: [0, 1, 2], failback: .manual)
    var rehearsal = self.rehearse([sticky])
    rehearsal.dark = [0]
    rehearsal.run(for: .seconds(1))
    rehearsal.dark = []
    rehearsal.run(for: .seconds(10))
    #expect(rehearsal.region(of: sticky, clientPort: 1) == Site.region(1))
    rehearsal.restartController()
    rehearsal.run(for: .seconds(10))
    #expect(rehearsal.region(of: sticky, clientPort: 2) == Site.region(1), "a restart remembers")
    _ = rehearsal.look()

    rehearsal.tell(.failback(sticky.name))
    #expect(
      rehearsal.look() == [
        "change s1: modify group",
        "failback of service service-1 was asked for",
        "service service-1 on switch s1: r2 → r1",
        "switch s1 confirmed 1 changes after 0.0 ms",
      ])
    #expect(rehearsal.region(of: sticky, clientPort: 3) == Site.region(0))
    rehearsal.tell(.failback(ServiceName(unchecked: "no-such")))
    #expect(rehearsal.look() == [])
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import OpenFlow
import ServiceModel
import Simulation
import Testing

/// What is done when nobody is left, and when somebody returns then.
@Suite struct HoldingTests: ThreeRegions {
  @Test func `with every region out the last plan is held, and nothing is flushed`() {
    var rehearsal = self.rehearse()
    rehearsal.dark = [1, 2]
    rehearsal.run(for: .seconds(1))
    _ = rehearsal.look()
    rehearsal.dark = [0, 1, 2]
    rehearsal.run(for: .seconds(5))
    let lines = rehearsal.look()
    #expect(self.changes(lines) == [])
    #expect(lines.contains("all regions of service service-1 are out on switch s1; holding r1"))
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(0))

    // It recovers by itself, with whoever returns first.
    rehearsal.dark = [0, 1]
    rehearsal.run(for: .seconds(3))
    #expect(rehearsal.region(of: self.web, clientPort: 2) == Site.region(2))
    rehearsal.dark = []
    rehearsal.run(for: .seconds(3))
    #expect(rehearsal.region(of: self.web, clientPort: 3) == Site.region(0))
    #expect(rehearsal.region(of: self.mail, clientPort: 4) == Site.region(1))
  }

  @Test func `regions that fall silent together are held together, and what they have open stays`() {
    var rehearsal = self.rehearse()
    // r1 answers half an interval after the others, so its deadline is later.
    rehearsal.dark = [0]
    rehearsal.run(for: .milliseconds(130))
    rehearsal.dark = []
    rehearsal.run(for: .milliseconds(25))
    rehearsal.dark = [0, 1, 2]
    rehearsal.run(for: .seconds(2))
    let lines = rehearsal.look()
    #expect(self.changes(lines) == [])
    #expect(lines.count { $0.hasPrefix("switch s1 lost region") } == 3)

    // Two of them are proven when the third has answered once.
    rehearsal.dark = [0]
    rehearsal.run(for: .milliseconds(200))
    rehearsal.dark = []
    rehearsal.run(for: .seconds(5))
    #expect(self.changes(rehearsal.look()) == [])
  }

  @Test func `a region that is lost while another one's probe is late is not waited for longer than that`() {
    var rehearsal = self.rehearse()
    rehearsal.dark = [0]
    rehearsal.run(for: .milliseconds(290))
    rehearsal.dark = [0, 1, 2]
    rehearsal.run(for: .milliseconds(15))
    rehearsal.dark = [0]
    rehearsal.run(for: .milliseconds(100))
    #expect(self.changes(rehearsal.look()) == ["change s1: modify group", "change s1: flush"])
  }

  @Test func `members that are up again are used before their hold time if no others serve`() {
    var rehearsal = self.rehearse([self.web])
    let down = self.report(self.web, .down(.refused), in: rehearsal)
    for region in 0..<3 { rehearsal.beat(region, [down]) }
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(2))
    for _ in 0..<3 {
      rehearsal.run(for: .milliseconds(100))
      rehearsal.beat(0)
      for region in 1..<3 { rehearsal.beat(region, [down]) }
    }
    #expect(rehearsal.region(of: self.web, clientPort: 2) == Site.region(0))
    rehearsal.run(for: .milliseconds(100))
    _ = rehearsal.look()
    for _ in 0..<30 {
      rehearsal.run(for: .milliseconds(100))
      rehearsal.beat(0)
      for region in 1..<3 { rehearsal.beat(region, [down]) }
    }
    #expect(self.changes(rehearsal.look()) == [], "the end of the hold time moves nothing")
  }

  @Test func `a region is used before its hold time by a service that has nobody else, whoever serves others`() {
    let pair = Site.makeService(0, preference: [0, 1])
    var rehearsal = self.rehearse([pair, self.mail])
    rehearsal.dark = [0, 1]
    rehearsal.run(for: .seconds(1))
    _ = rehearsal.look()
    rehearsal.dark = [1]
    rehearsal.run(for: .milliseconds(400))
    #expect(rehearsal.region(of: pair, clientPort: 1) == Site.region(0))
    #expect(rehearsal.region(of: self.mail, clientPort: 2) == Site.region(2))
    let early = self.changes(rehearsal.look())
    #expect(early.count <= 1, "\(early)")
    rehearsal.run(for: .seconds(5))
    #expect(!self.changes(rehearsal.look()).contains { $0.contains("flush") }, "what was opened early stays")
    #expect(rehearsal.region(of: pair, clientPort: 3) == Site.region(0))
  }

  @Test func `what was tried in vain while a lost region was held is forgotten when another one serves`() {
    var rehearsal = self.rehearse()
    let down = self.report(self.web, .down(.refused), in: rehearsal)
    for region in [1, 2] { rehearsal.beat(region, [down]) }
    rehearsal.dark = [0]
    rehearsal.run(for: .seconds(1))
    #expect(rehearsal.look().contains("all regions of service service-1 are out on switch s1; holding r1"))
    for _ in 0..<30 {
      rehearsal.beat(1)
      rehearsal.beat(2, [down])
      rehearsal.run(for: .milliseconds(100))
    }
    #expect(self.changes(rehearsal.look()) == ["change s1: modify group", "change s1: flush"])
    #expect(rehearsal.region(of: self.web, clientPort: 1) == Site.region(1))
  }
}

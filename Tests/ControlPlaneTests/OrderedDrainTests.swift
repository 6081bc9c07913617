// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import ServiceModel
import Simulation
import Testing

/// Drains as a store has them: all that are ordered, told again and again.
@Suite struct OrderedDrainTests: ThreeRegions {
  private let r1 = Site.region(0)
  private let r2 = Site.region(1)

  private func order(
    _ rehearsal: Rehearsal, since: Duration = .zero, deadline: Duration? = nil, isForced: Bool = false
  ) -> DrainOrder {
    DrainOrder(
      since: rehearsal.now - since, deadline: deadline.map { rehearsal.now + $0 }, isForced: isForced)
  }

  /// Another controller, for switches that this one has programmed.
  private func successor(of first: Rehearsal, leadership: Leadership = .alone) -> Rehearsal {
    var next = Rehearsal(
      Site.makeIntent(regions: 3, detection: self.detection, services: [self.web, self.mail]), seed: 3,
      leadership: leadership)
    next.datapaths = first.datapaths
    return next
  }

  @Test func `what is told again changes nothing, and what is not told any more is over`() {
    var rehearsal = self.rehearse()
    let order = self.order(rehearsal)
    rehearsal.tell(.drains([self.r1: order]))
    rehearsal.run(for: .seconds(1))
    #expect(
      rehearsal.look() == [
        "change s1: modify group", "region r1 is drained: no new connections",
        "service service-1 on switch s1: r1 → r2", "switch s1 confirmed 1 changes after 0.0 ms",
      ])
    rehearsal.tell(.drains([self.r1: order]))
    rehearsal.tell(.drains([self.r1: order, RegionName(unchecked: "unknown"): order]))
    #expect(rehearsal.look() == [])
    #expect(rehearsal.controller.orders == [self.r1: order])
    rehearsal.tell(.drains([:]))
    #expect(rehearsal.look().contains("region r1 gets new connections again"))
    #expect(rehearsal.region(of: self.web, clientPort: 2) == self.r1)
  }

  @Test func `what is ordered counts more than what a switch remembers`() {
    var first = self.rehearse()
    first.tell(.drains([self.r1: self.order(first)]))
    first.run(for: .seconds(1))
    // It was put back while no controller was there, and another one was drained.
    var next = self.successor(of: first)
    next.tell(.drains([self.r2: self.order(next)]))
    next.connect()
    next.run(for: .seconds(3))
    #expect(next.controller.orders.keys.sorted() == [self.r2])
    #expect(next.region(of: self.web, clientPort: 1) == self.r1)
  }

  @Test func `a controller that begins after the deadline cuts what is open`() {
    var first = self.rehearse()
    first.tell(.drains([self.r1: self.order(first, deadline: .seconds(10))]))
    first.run(for: .seconds(1))
    var next = self.successor(of: first)
    next.tell(.drains([self.r1: self.order(next, since: .seconds(20), deadline: .seconds(-10))]))
    next.connect()
    next.run(for: .seconds(3))
    #expect(self.changes(next.look()) == ["change s1: flush"])
    next.run(for: .seconds(60))
    #expect(self.changes(next.look()) == [])
  }

  @Test func `a follower leaves the deadline to the leader, and keeps to it when it leads`() {
    var first = self.rehearse()
    let order = self.order(first, deadline: .seconds(2))
    first.tell(.drains([self.r1: order]))
    first.run(for: .seconds(1))
    var next = self.successor(of: first, leadership: .following(epoch: 7))
    next.tell(.drains([self.r1: DrainOrder(since: next.now, deadline: next.now + .seconds(2), isForced: false)]))
    next.connect()
    next.run(for: .seconds(5))
    #expect(!next.look().contains { $0.contains("too long") || $0.contains("flush") })
    next.tell(.leadership(.leading(epoch: 8)))
    next.run(for: .seconds(3))
    let lines = next.look()
    #expect(lines.contains("change s1: flush"), "\(lines)")
    #expect(lines.contains { $0.contains("the drain of region r1 has taken too long") })
    // Who led and follows again forgets nothing that is ordered.
    next.tell(.leadership(.following(epoch: 9)))
    #expect(next.controller.orders.keys.sorted() == [self.r1])
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import DatapathModel
import ServiceModel
import Simulation
import Testing

/// Where a switch keeps no connections, it is said what a move breaks.
@Suite struct ConnectionLossTests {
  private let spread = Site.makeService(0, preference: [0, 1], policy: .weighted, weights: [50, 50])
  private let r1 = Site.region(0)
  private let detection = Detection(heartbeatInterval: .milliseconds(100), misses: 3, rise: 3, hold: .seconds(2))

  private func intent(_ placement: Placement, _ service: Service) -> Intent {
    var intent = Site.makeIntent(regions: 2, detection: self.detection, services: [service])
    intent.switches[0].placement = placement
    return intent
  }

  private func rehearse(_ placement: Placement, _ service: Service? = nil) -> Rehearsal {
    var rehearsal = Rehearsal(self.intent(placement, service ?? self.spread), extras: [.groups, .conntrack])
    rehearsal.connect()
    rehearsal.run(for: .seconds(1))
    for region in 0..<2 { rehearsal.beat(region, load: GatewayLoad(connections: 120)) }
    _ = rehearsal.look()
    return rehearsal
  }

  private func losses(_ rehearsal: inout Rehearsal) -> [String] {
    rehearsal.look().filter { $0.contains("break") }
  }

  private let half =
    "service service-1 on switch s1: 8 of 16 slots move: about 50 % of its connections break (some 120), "
    + "as placement hash keeps none"

  @Test func `a drain and its end say it before and when they happen`() {
    var rehearsal = self.rehearse(.hash)
    let forecast = rehearsal.controller.losses(draining: self.r1, isDrained: true)
    #expect(forecast.map(\.moved) == [8] && forecast.map(\.slots) == [16] && forecast.map(\.connections) == [120])
    #expect(rehearsal.controller.losses(draining: self.r1, isDrained: false) == [], "it is in service")
    rehearsal.tell(.drain(self.r1, deadline: nil, isForced: false))
    #expect(self.losses(&rehearsal) == [self.half])
    #expect(rehearsal.controller.losses(draining: self.r1, isDrained: true) == [], "it is out")
    let back = rehearsal.controller.losses(draining: self.r1, isDrained: false)
    #expect(back.map(\.moved) == [8] && back.map(\.connections) == [60], "half of what the other one has")
    rehearsal.tell(.undrain(self.r1))
    #expect(self.losses(&rehearsal).count == 1)
  }

  @Test func `other weights move as few slots as they can`() {
    var rehearsal = self.rehearse(.hash)
    rehearsal.configure(
      self.intent(.hash, Site.makeService(0, preference: [0, 1], policy: .weighted, weights: [80, 20])))
    #expect(
      self.losses(&rehearsal) == [
        "service service-1 on switch s1: 19 of 64 slots move: about 29.7 % of its connections break (some 71), "
          + "as placement hash keeps none"
      ])
  }

  @Test func `who has everything loses everything`() {
    var rehearsal = self.rehearse(.redirect, Site.makeService(0, preference: [0, 1]))
    rehearsal.tell(.drain(self.r1, deadline: nil, isForced: false))
    #expect(
      self.losses(&rehearsal) == [
        "service service-1 on switch s1: it moves as a whole: all of its connections break (some 120), "
          + "as placement redirect keeps none"
      ])
  }

  @Test func `a dead region has lost its connections already, but its return breaks others'`() {
    var rehearsal = self.rehearse(.hash)
    rehearsal.dark = [0]
    rehearsal.run(for: .seconds(1))
    #expect(self.losses(&rehearsal) == [])
    rehearsal.dark = []
    rehearsal.run(for: .seconds(5))
    #expect(self.losses(&rehearsal).map { $0.contains("8 of 16 slots") } == [true])
  }

  @Test(arguments: [Placement.conntrack, .reactive]) func `nothing is lost where connections are kept`(
    _ placement: Placement
  ) {
    var rehearsal = self.rehearse(placement)
    #expect(rehearsal.controller.losses(draining: self.r1, isDrained: true) == [])
    rehearsal.tell(.drain(self.r1, deadline: nil, isForced: false))
    rehearsal.tell(.undrain(self.r1))
    #expect(self.losses(&rehearsal) == [])
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FailureDetection
import ServiceModel
import Steering
import Testing

private let a = RegionName(unchecked: "a")
private let b = RegionName(unchecked: "b")
private let c = RegionName(unchecked: "c")
private let web = ServiceName(unchecked: "web")

private func service(_ name: ServiceName = web, in regions: [RegionName], failback: Failback = .automatic) -> Service {
  Service(
    name: name, virtualIP: VirtualIP(address: IPv4Address("203.0.113.7")!), listeners: [Listener(port: 80)],
    failback: failback, pools: regions.map { Pool(region: $0, members: [IPv4Address("10.0.0.3")!]) })
}

private let edge = Switch(
  name: SwitchName(unchecked: "edge"), datapath: DatapathID(rawValue: 1), probeAddress: IPv4Address("203.0.113.5")!,
  gateways: [a, b, c].enumerated().map {
    Gateway(region: $1, port: .number(UInt32($0 + 2)), address: IPv4Address(rawValue: 0xcb00_7100 + UInt32($0 + 11)))
  })

/// A switch that is steered step by step, each plan being the next one's past.
private struct Story {
  var intent: Intent
  var plan = SteeringPlan.empty

  init(_ services: Service...) {
    self.intent = Intent(detection: Detection(), regions: [], switches: [edge], services: services)
  }

  /// - Parameter down: services that do not serve, by region.
  mutating func steer(reach: Set<RegionName>, answering: Set<RegionName> = [], down: [RegionName] = []) {
    let serving = Set([a, b, c]).subtracting(down)
    var view = HealthView(reachable: reach, answering: answering, serving: [:])
    for service in self.intent.services { view.serving[service.name] = serving }
    self.plan = Steering.steer(self.intent, on: edge, given: view, previous: self.plan)
  }

  func active(_ name: ServiceName = web) -> RegionName? {
    self.plan.services.first { $0.service == name }?.active(carrying: self.plan.carrying)
  }

  var choices: [RegionChoice] { self.plan.services[0].choices }
}

@Suite struct SteeringTests {
  @Test func `the first region in order of preference gets everything`() {
    var story = Story(service(in: [b, a, c]))
    story.steer(reach: [a, b, c])
    #expect(story.active() == b)
    #expect(story.choices.map(\.region) == [b, a, c])
  }

  @Test func `losing a region leaves every service's choices as they are`() {
    var story = Story(service(in: [a, b]), service(ServiceName(unchecked: "api"), in: [a, c], failback: .manual))
    story.steer(reach: [a, b, c])
    let before = story.plan.services
    story.steer(reach: [b, c])
    #expect(story.plan.services == before)
    #expect(story.plan.carrying == [b, c])
    #expect(story.active() == b)
    #expect(story.active(ServiceName(unchecked: "api")) == c)
  }

  @Test func `a service that is down in one region leaves that region, others stay`() {
    var story = Story(service(in: [a, b]))
    story.steer(reach: [a, b, c])
    story.steer(reach: [a, b, c], down: [a])
    #expect(story.active() == b)
    #expect(story.plan.carrying == [a, b, c])
  }

  @Test func `automatic failback returns to the preferred region`() {
    var story = Story(service(in: [a, b]))
    story.steer(reach: [a, b])
    story.steer(reach: [b])
    story.steer(reach: [a, b])
    #expect(story.active() == a)
  }

  @Test(arguments: [[RegionName](), [a]])
  func `manual failback stays where it is, whatever made it leave`(down: [RegionName]) {
    var story = Story(service(in: [a, b], failback: .manual))
    story.steer(reach: [a, b])
    story.steer(reach: down.isEmpty ? [b] : [a, b], down: down)
    #expect(story.active() == b)
    story.steer(reach: [a, b])
    #expect(story.active() == b)
    let settled = story.plan
    story.steer(reach: [a, b])
    #expect(story.plan == settled)
    story.steer(reach: [a])
    #expect(story.active() == a)
  }

  @Test func `with every region out the last plan is held, word for word`() {
    var story = Story(service(in: [a, b]))
    story.steer(reach: [a, b])
    story.steer(reach: [b])
    let before = story.plan
    story.steer(reach: [])
    #expect(story.plan == before)
    #expect(story.active() == b)
    story.steer(reach: [], down: [a, b])
    #expect(story.active() == b)
    story.steer(reach: [a])
    #expect(story.active() == a)
  }

  @Test func `a region that answers again is used at once if nobody else is left`() {
    var story = Story(service(in: [a, b]))
    story.steer(reach: [a, b])
    story.steer(reach: [b])
    story.steer(reach: [])
    #expect(story.active() == b)
    story.steer(reach: [], answering: [a])
    #expect(story.active() == a)
  }

  @Test func `a region that carried all the time keeps its traffic when another one has returned`() {
    var story = Story(service(in: [a, b]))
    story.steer(reach: [a, b])
    story.steer(reach: [])
    story.steer(reach: [b], answering: [a])
    #expect(story.plan.carrying == [a, b])
  }

  @Test func `a service whose regions are all out is held while others move on`() {
    var story = Story(service(in: [a, b]), service(ServiceName(unchecked: "api"), in: [a, c]))
    story.steer(reach: [a, b, c])
    story.steer(reach: [b, c])
    story.steer(reach: [c])
    #expect(story.active() == b)
    #expect(
      story.choices == [RegionChoice(region: a, eligibility: .withRegion), RegionChoice(region: b, eligibility: .held)])
    #expect(story.active(ServiceName(unchecked: "api")) == c)
    story.steer(reach: [a, c])
    #expect(story.active() == a)
    story.steer(reach: [a, b, c])
    #expect(story.choices.allSatisfy { $0.eligibility == .withRegion })
  }

  @Test func `a service that nobody serves keeps its last region`() {
    var story = Story(service(in: [a, b]))
    story.steer(reach: [a, b], down: [a])
    story.steer(reach: [a, b], down: [a, b])
    #expect(story.active() == b)
    story.steer(reach: [a], down: [a, b])
    #expect(story.active() == b)
    story.steer(reach: [a], down: [b])
    #expect(story.active() == a)
  }

  @Test func `the plan does not depend on how a set happens to be ordered`() {
    let regions: [Set<RegionName>] = [[a, b, c], [c, b, a], [b, a, c]]
    let plans = regions.map { reach in
      var story = Story(service(in: [c, a, b]))
      story.steer(reach: reach)
      return story.plan
    }
    #expect(plans.allSatisfy { $0 == plans[0] })
  }

  /// Walks through every sequence of four health states of two regions and their services.
  @Test(arguments: Failback.allCases)
  func `whatever happened before, a region that is well is used if there is one`(failback: Failback) {
    let states: [(reach: Set<RegionName>, down: [RegionName])] = [[], [a], [b], [a, b]].flatMap { reach in
      [[], [a], [b], [a, b]].map { (Set(reach), $0) }
    }
    for first in states {
      for second in states {
        for third in states {
          for fourth in states {
            var story = Story(service(in: [a, b], failback: failback))
            for state in [first, second, third, fourth] { story.steer(reach: state.reach, down: state.down) }
            let well = fourth.reach.subtracting(fourth.down)
            guard !well.isEmpty else { continue }
            #expect(story.active().map(well.contains) == true, "\(first) \(second) \(third) \(fourth)")
          }
        }
      }
    }
  }
}

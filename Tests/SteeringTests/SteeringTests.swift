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
    name: name, virtualIP: VirtualIP(address: IPAddress("203.0.113.7")!), listeners: [Listener(port: 80)],
    failback: failback, pools: regions.map { Pool(region: $0, members: [IPAddress("10.0.0.3")!]) })
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

  /// - Parameters:
  ///   - reach: paths that are well; `answering`: proven; `returning`: that answered once.
  ///   - down: where no members serve; `recovering`: where they are proven again.
  mutating func steer(
    reach: Set<RegionName>, answering: Set<RegionName> = [], returning: Set<RegionName> = [],
    down: [RegionName] = [], recovering: [RegionName] = []
  ) {
    var view = HealthView(paths: [:], members: [:])
    for region in reach { view.paths[region] = .well }
    for region in answering { view.paths[region] = .proven }
    for region in returning { view.paths[region] = .returning }
    var members: [RegionName: Standing] = [a: .well, b: .well, c: .well]
    for region in down { members[region] = .out }
    for region in recovering { members[region] = .proven }
    for service in self.intent.services { view.members[service.name] = members }
    self.plan = Steering.steer(self.intent, on: edge, given: view, previous: self.plan)
  }

  func active(_ name: ServiceName = web) -> RegionName? {
    self.plan.services.first { $0.service == name }?.active(carrying: self.plan.carrying).first
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

  @Test func `of regions that were held, one that has answered once stays when another is proven or well`() {
    for proof in [Set([a]), []] {
      var story = Story(service(in: [a, b]))
      story.steer(reach: [a, b])
      story.steer(reach: [])
      story.steer(reach: proof.isEmpty ? [a] : [], answering: proof, returning: [b])
      #expect(story.plan.carrying == [a, b])
      story.steer(reach: [a])
      #expect(story.plan.carrying == [a], "it has missed again")
      story.steer(reach: [a], answering: [b])
      #expect(story.plan.carrying == [a], "now it waits like any other")
    }
  }

  @Test func `a service whose only hope is on its way back does not wait for its hold time`() {
    var story = Story(service(in: [a, b]), service(ServiceName(unchecked: "api"), in: [b, c]))
    story.steer(reach: [a, b, c])
    story.steer(reach: [c])
    #expect(story.active() == b || story.active() == a)
    story.steer(reach: [c], answering: [b])
    #expect(story.active() == b)
    #expect(story.choices.last == RegionChoice(region: b, eligibility: .withPort))
    #expect(story.plan.carrying == [c])
    #expect(story.active(ServiceName(unchecked: "api")) == c, "others can wait")
    let early = story.plan
    story.steer(reach: [c], returning: [b])
    #expect(story.active() == b)
    story.steer(reach: [c], answering: [b])
    #expect(story.plan == early)
    story.steer(reach: [b, c])
    #expect(story.active() == b)
    #expect(story.choices.allSatisfy { $0.eligibility == .withRegion })
  }

  @Test func `what is in use early stays so while another one returns for good`() {
    var story = Story(service(in: [a, b]))
    story.steer(reach: [a, b, c])
    story.steer(reach: [c])
    story.steer(reach: [c], answering: [b])
    story.steer(reach: [a, c], answering: [b])
    #expect(story.active() == a)
    #expect(story.choices[1] == RegionChoice(region: b, eligibility: .withPort))
  }

  @Test func `members that are up again are used at once if no others serve`() {
    var story = Story(service(in: [a, b]))
    story.steer(reach: [a, b, c], down: [a])
    story.steer(reach: [a, b, c], down: [a, b])
    #expect(story.active() == b)
    story.steer(reach: [a, b, c], down: [b], recovering: [a])
    #expect(story.active() == a)
    let early = story.plan
    story.steer(reach: [a, b, c], down: [b])
    #expect(story.plan == early, "the end of the hold time moves nothing")
  }

  @Test func `a service whose regions are all out is held while others move on`() {
    var story = Story(service(in: [a, b]), service(ServiceName(unchecked: "api"), in: [a, c]))
    story.steer(reach: [a, b, c])
    story.steer(reach: [b, c])
    story.steer(reach: [c])
    #expect(story.active() == b)
    #expect(story.choices.map(\.region) == [a, b])
    #expect(story.choices.map(\.eligibility) == [.withRegion, .withPort])
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

  @Test func `weights that need more slots move no more than their share, and finer slots stay`() {
    var spread = service(in: [a, b])
    spread.policy = .weighted
    var story = Story(spread)
    func weigh(_ weights: [Int]) -> SlotMoves {
      for place in weights.indices { story.intent.services[0].pools[place].weight = weights[place] }
      let before = story.plan
      story.steer(reach: [a, b])
      return SlotMoves(
        from: before.services.first ?? story.plan.services[0], carrying: before.carrying, to: story.plan.services[0],
        carrying: story.plan.carrying)
    }
    _ = weigh([50, 50])
    #expect(story.plan.services[0].slots.count == 16)
    let moves = weigh([80, 20])
    #expect(moves.count == 64 && moves.moved == 19, "three tenths: 19.2 of 64")
    #expect(weigh([50, 50]).moved == 19)
    #expect(story.plan.services[0].slots.count == 64, "16 would do, but to put slots together moves connections")
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
    /// Follows a story by every next state, four in all.
    func walk(_ story: Story, _ past: [(reach: Set<RegionName>, down: [RegionName])]) {
      for state in states {
        var next = story
        next.steer(reach: state.reach, down: state.down)
        let well = state.reach.subtracting(state.down)
        #expect(well.isEmpty || next.active().map(well.contains) == true, "\(past) \(state)")
        if past.count < 3 { walk(next, past + [state]) }
      }
    }
    walk(Story(service(in: [a, b], failback: failback)), [])
  }
}

@Suite struct PartialSteeringTests {
  private static let standings: [Standing] = [.well, .well, .well, .proven, .returning, .out]

  @Test(arguments: 0..<40)
  func `services whose members did not change are steered as if all were looked at`(seed: UInt64) {
    var number = seed &* 0x9e37_79b9_7f4a_7c15 | 1
    func draw(_ count: Int) -> Int {
      number = number &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(number >> 33) % count
    }
    let names = (0..<6).map { ServiceName(unchecked: "s\($0)") }
    let services = names.map { service($0, in: [a, b, c], failback: draw(2) == 0 ? .manual : .automatic) }
    let intent = Intent(detection: Detection(), regions: [], switches: [edge], services: services)
    var health = HealthView(paths: [a: .well, b: .well, c: .well], members: [:])
    for name in names { health.members[name] = [a: .well, b: .well, c: .well] }
    var plan = steer(intent, on: edge, given: health, previous: .empty)
    for _ in 0..<60 {
      if draw(4) == 0 {
        health.paths[[a, b, c][draw(3)]] = Self.standings[draw(6)]
        plan = steer(intent, on: edge, given: health, previous: plan)
      }
      let place = draw(6)
      let moved = names[place]
      health.members[moved]?[[a, b, c][draw(3)]] = Self.standings[draw(6)]
      let lost = lostRegions(on: edge, given: health, draining: .none, previous: plan)
      let whole = steer(intent, on: edge, given: health, previous: plan)
      #expect(steer(intent, on: edge, given: health, previous: plan, moved: [place]) == whole)
      #expect(lost == plan.carrying.subtracting(whole.carrying))
      plan = whole
    }
  }
}

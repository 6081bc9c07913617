// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import CloudModel
import Testing

@Suite struct FloatingIPMoveTests {
  private static let address = IPAddress("192.168.1.2")!
  private static let start: ModelCloud = {
    var cloud = ModelCloud()
    cloud.facts.floatingIPs = [FloatingIP(id: "f", address: IPAddress("172.20.126.117")!, portID: "data")]
    return cloud
  }()

  private static func moving(_ facts: CloudFacts) -> CloudStep? {
    FloatingIPMove.step(moving: facts.floatingIPs[0], to: "gateway", at: address)
  }

  private static func returning(_ facts: CloudFacts) -> CloudStep? {
    FloatingIPMove.step(returning: facts.floatingIPs[0], at: address)
  }

  private static func run(_ cloud: inout ModelCloud, _ next: (CloudFacts) -> CloudStep?, steps: Int = .max) {
    var count = 0
    while count < steps, let step = next(cloud.facts) {
      cloud.perform(step)
      count += 1
    }
  }

  @Test func `moved and returned, it is as it was`() {
    var cloud = Self.start
    Self.run(&cloud, Self.moving)
    #expect(cloud.facts.floatingIPs[0].portID == "gateway")
    Self.run(&cloud, Self.returning)
    #expect(cloud.facts == Self.start.facts)
    #expect(cloud.made.count == 4)
  }

  @Test(arguments: 0...2, 0...2)
  func `killed at any step of either, it finds its way`(moves: Int, returns: Int) {
    var cloud = Self.start
    Self.run(&cloud, Self.moving, steps: moves)
    Self.run(&cloud, Self.moving)
    #expect(cloud.facts.floatingIPs[0].portID == "gateway")
    #expect(cloud.facts.floatingIPs[0].tags == ["isthmus-home=data"])
    Self.run(&cloud, Self.returning, steps: returns)
    Self.run(&cloud, Self.returning)
    #expect(cloud.facts == Self.start.facts)
  }

  @Test func `turned round halfway, it is at home again`() {
    var cloud = Self.start
    Self.run(&cloud, Self.moving, steps: 1)
    Self.run(&cloud, Self.returning)
    #expect(cloud.facts == Self.start.facts)
  }

  @Test func `one that never was moved stays`() {
    #expect(Self.returning(Self.start.facts) == nil)
  }
}

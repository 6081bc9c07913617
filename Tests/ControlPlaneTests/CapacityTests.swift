// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ControlPlane
import ServiceModel
import Simulation
import Testing

/// Regions with a limit, and regions that get their share step by step.
@Suite struct CapacityTests: ThreeRegions {
  private func rehearse(
    _ service: Service, _ excess: Capacity.Excess = .spill, limited: [Int] = [0]
  ) -> Rehearsal {
    var intent = Site.makeIntent(regions: 3, detection: self.detection, services: [service])
    for region in limited { intent.regions[region].capacity = Capacity(.connections, limit: 100, whenFull: excess) }
    var rehearsal = Rehearsal(intent)
    rehearsal.connect()
    rehearsal.run(for: .seconds(1))
    _ = rehearsal.look()
    return rehearsal
  }

  private func shares(_ rehearsal: Rehearsal) -> [RegionShare] {
    rehearsal.controller.status(at: rehearsal.now).services[0].switches[0].shares
  }

  private func regions(_ rehearsal: Rehearsal) -> [RegionName] { self.shares(rehearsal).map(\.region) }

  @Test func `a region that is full spills, until a tenth of it is free`() {
    var rehearsal = self.rehearse(self.web)
    rehearsal.beat(0, load: GatewayLoad(connections: 99))
    #expect(self.regions(rehearsal) == [Site.region(0)])
    rehearsal.beat(0, load: GatewayLoad(connections: 100))
    #expect(self.regions(rehearsal) == [Site.region(1)])
    #expect(
      rehearsal.look().contains(
        "region r1 is full: 100 connections of 100 connections; new connections go elsewhere while others have room"))
    rehearsal.beat(0, load: GatewayLoad(connections: 91))
    #expect(self.regions(rehearsal) == [Site.region(1)])
    rehearsal.beat(0, load: GatewayLoad(connections: 90))
    #expect(self.regions(rehearsal) == [Site.region(0)])
    #expect(rehearsal.look().contains("region r1 has room again"))
  }

  @Test func `no connection is cut for it`() {
    var rehearsal = self.rehearse(self.web)
    rehearsal.beat(0, load: GatewayLoad(connections: 100))
    rehearsal.run(for: .seconds(2))
    #expect(!rehearsal.look().contains { $0.contains("flush") })
  }

  @Test(arguments: Capacity.Excess.allCases) func `when nobody has room`(_ excess: Capacity.Excess) {
    var rehearsal = self.rehearse(
      Site.makeService(0, preference: [0, 1, 2], policy: .roundRobin), excess, limited: [0, 1, 2])
    for region in 0..<3 { rehearsal.beat(region, load: GatewayLoad(connections: 200)) }
    #expect(self.regions(rehearsal) == (excess == .shed ? [] : (0..<3).map(Site.region)))
  }

  @Test func `one that fails open keeps its share and is an alarm`() {
    var rehearsal = self.rehearse(self.web, .failOpen)
    rehearsal.beat(0, load: GatewayLoad(connections: 200))
    #expect(self.regions(rehearsal) == [Site.region(0)])
    #expect(rehearsal.controller.status(at: rehearsal.now).regions[0].isFull)
  }

  @Test func `a load that is told no more counts no more`() {
    var rehearsal = self.rehearse(self.web)
    rehearsal.beat(0, load: GatewayLoad(connections: 200))
    #expect(self.regions(rehearsal) == [Site.region(1)])
    rehearsal.run(for: .seconds(11))
    #expect(self.regions(rehearsal) == [Site.region(0)])
    #expect(rehearsal.look().contains { $0.contains("does not tell its load any more") })
  }

  @Test func `failover does not fill a region that is full already`() {
    var rehearsal = self.rehearse(self.web, limited: [1])
    rehearsal.beat(1, load: GatewayLoad(connections: 150))
    rehearsal.dark = [0]
    rehearsal.run(for: .seconds(1))
    #expect(self.regions(rehearsal) == [Site.region(2)])
  }

  @Test func `a region that returns gets its share in ten steps`() {
    var service = Site.makeService(0, preference: [0, 1], policy: .roundRobin)
    service.slowStart = .seconds(10)
    var rehearsal = self.rehearse(service)
    rehearsal.dark = [0]
    rehearsal.run(for: .seconds(1))
    rehearsal.dark = []
    var parts: [Int] = []
    for _ in 0..<150 {
      rehearsal.run(for: .milliseconds(100))
      let share = self.shares(rehearsal).thousandths.first { $0.region == Site.region(0) }?.part ?? 0
      if parts.last != share { parts.append(share) }
    }
    #expect(parts.first == 0)
    #expect(parts.last == 500)
    #expect(parts.count >= 8, "\(parts)")
    #expect(parts == parts.sorted())
    #expect(parts.dropFirst().first.map { $0 < 150 } == true, "\(parts)")
  }

  @Test func `the first regions start at once`() {
    var service = Site.makeService(0, preference: [0, 1], policy: .roundRobin)
    service.slowStart = .seconds(10)
    #expect(self.shares(self.rehearse(service)).thousandths.map(\.part) == [500, 500])
  }
}

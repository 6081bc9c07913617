// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import AgentPlane
import ServiceModel

extension PartitionCase {
  /// Cuts the links in a world that has come up, and looks when every verdict must have fallen.
  ///
  /// - Returns: nil if neither the one nor the other verdict describes what was found.
  package func run() -> PartitionVerdict? {
    let cutAt = Instant(nanoseconds: 0) + .seconds(4)
    let faults = self.cuts.flatMap(self.faults).map {
      PlannedFault(fault: $0, begins: cutAt, ends: cutAt + .seconds(1_000))
    }
    var detection = Detection(heartbeatInterval: .milliseconds(500), misses: 3, rise: 1, hold: .zero)
    detection.probe = self.probe
    detection.damping = nil
    detection.massFailure = nil
    var service = Site.makeService(0, preference: Array(0..<self.regions))
    service.check = Check(interval: .seconds(1), timeout: .milliseconds(500), fall: 2, rise: 1)
    var intent = Site.makeIntent(regions: self.regions, detection: detection, services: [service])
    for index in 0..<self.regions {
      intent.regions[index].management = SocketEndpoint(Site.gatewayAddress(index), 4_242)
    }
    if self.probe == .none {
      // Nobody finds them.
      for index in 0..<self.regions { intent.switches[0].gateways[index].mac = Site.gatewayMAC(index) }
    }
    let scenario = Scenario(intent, faults: faults, controllers: self.controllers)
    // Chance says who leads.
    let led = (1...100).lazy.map { World(scenario, seed: $0) }.compactMap { world -> World? in
      var world = world
      guard world.run(until: cutAt - .milliseconds(1)) else { return nil }
      return self.controllers == 1 || world.store.holder?.controller == 0 ? world : nil
    }.first
    guard var world = led, let before = world.openConnection() else { return nil }
    // A lease that ends, or is given up twice by leaders that see no switch, and n heartbeats after that.
    guard world.run(until: cutAt + .seconds(self.controllers > 1 ? 14 : 4)) else { return nil }
    let isKept = world.keeps(before)
    guard let now = world.openConnection()?.region, before.region == 0 else { return nil }
    switch (now, isKept) {
    case (0, true): return .stays
    case (0, false): return nil
    case (let region, false): return .moves(region)
    case (_, true): return nil
    }
  }

  /// A link of a site with two switches, two regions and one controller.
  package enum TwoSwitches: Sendable, Hashable {
    /// To the region that serves.
    case path(switch: Int)
    case controller(switch: Int)
  }

  /// Where two switches that do not stand in for each other send what is new, once every verdict has fallen.
  package static func regionsOfTwoSwitches(cutting cuts: [TwoSwitches]) -> [Int?] {
    let cutAt = Instant(nanoseconds: 0) + .seconds(4)
    let faults = cuts.map { cut in
      let fault: Fault =
        switch cut {
        case .path(let index): .probesLost(switch: index, region: 0, oneIn: 1)
        case .controller(let index): .switchCutOff(index)
        }
      return PlannedFault(fault: fault, begins: cutAt, ends: cutAt + .seconds(1_000))
    }
    let detection = Detection(heartbeatInterval: .milliseconds(500), misses: 3, rise: 1, hold: .zero)
    let intent = Site.makeIntent(
      regions: 2, switches: 2, detection: detection, services: [Site.makeService(0, preference: [0, 1])])
    var world = World(Scenario(intent, faults: faults, controllers: 1), seed: 1)
    guard world.run(until: cutAt + .seconds(4)) else { return [] }
    return (0..<2).map { world.openConnection(on: $0)?.region }
  }

  private func faults(of link: Link) -> [Fault] {
    let followers = 1..<self.controllers
    return switch link {
    case .path(let region): [.probesLost(switch: 0, region: region, oneIn: 1)]
    case .leaderToSwitch: [.linkCutOff(switch: 0, controller: 0)]
    case .leaderToAgent(let region): [.agentLinkCutOff(region: region, controller: 0)]
    case .leaderToStore: [.storeCutOff(controller: 0)]
    case .followersToSwitch: followers.map { .linkCutOff(switch: 0, controller: $0) }
    case .followersToAgent(let region): followers.map { .agentLinkCutOff(region: region, controller: $0) }
    case .followersToStore: followers.map { .storeCutOff(controller: $0) }
    case .agents(let a, let b): [.regionsCutOff(a, b)]
    }
  }
}

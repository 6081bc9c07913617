// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
package import ServiceModel

/// Everything that is drawn from a seed before a world begins: how large it is, how it is configured, how fast its
/// network is, and what goes wrong when.
package struct Scenario: Sendable, Equatable {
  package var intent: Intent
  /// One way between controller and each switch.
  package var controlLatency: [Duration]
  /// From a switch to a gateway and back, by switch and region.
  package var pathRoundTrip: [[Duration]]
  /// One way between agents and controller, and among agents.
  package var managementLatency: Duration
  package var faults: [PlannedFault]
  /// One alone, or three of which one leads.
  package var controllers = 1

  /// When faults begin, at the earliest.
  package let faultsBegin: Instant
  /// Until then a world must have come up.
  package var hasComeUp: Instant { self.faultsBegin - .seconds(1) }
  /// When the last fault has ended.
  package let healed: Instant
  /// Between two attempts of the clients.
  package let clientInterval: Duration
  /// How long a fault may be, and how many there are, at most.
  private let longestFault: Int
  private let mostFaults: Int

  package let size: Size

  /// Most mistakes show in small worlds already, of which there can be many more; many in tiny ones, with one service
  /// and hardly more than one fault, of which there can be millions.
  package enum Size: String, Sendable, CaseIterable {
    case tiny, small, large
  }

  /// Somebody else writes to a switch, which the controller may notice at its next audit only.
  package var hasTampering: Bool {
    self.faults.contains {
      switch $0.fault {
      case .flowsDeleted, .groupEmptied: true
      default: false
      }
    }
  }

  /// A gateway's agent may have to try several times until its rules are in place again.
  package var losesForwarding: Bool {
    self.faults.contains { if case .forwardingLost = $0.fault { true } else { false } }
  }

  package init(_ world: WorldSeed) {
    let seed = world.number
    switch world.size {
    case .large: self.init(large: seed)
    case .small: self.init(small: seed)
    case .tiny: self.init(tiny: seed)
    }
    self.drawLaterFaults(seed)
    let hasSeveralControllers =
      switch world.size {
      case .large: seed % 7 == 3 || seed % 7 == 4
      case .small: seed % 4 == 3
      case .tiny: seed % 8 == 3
      }
    if hasSeveralControllers { self.drawControllers(seed) }
  }

  private init(tiny seed: UInt64) {
    var draw = Draw(seed: seed ^ 0x7469_6e79_0000_0000)
    let regions = draw.chance(1, in: 3) ? 3 : 2
    let detection = Detection(
      heartbeatInterval: draw.element([.milliseconds(1_200), .milliseconds(1_800)]), misses: 2, rise: 1,
      hold: draw.chance(1, in: 4) ? .seconds(1) : .zero, damping: nil, massFailure: nil)
    var services = (0..<(draw.chance(1, in: 8) ? 2 : 1)).map { index in
      var service = Site.makeService(
        index, preference: draw.shuffled(Array(0..<regions)), failback: draw.chance(1, in: 4) ? .manual : .automatic,
        mode: draw.chance(1, in: 4) ? .heartbeat : .immediate)
      service.check = Check(interval: .milliseconds(1_500), timeout: .milliseconds(300), fall: 1, rise: 1)
      return service
    }
    Self.drawPolicies(seed, for: &services)
    Self.drawFamilies(seed, for: &services)
    self.init(
      &draw, .tiny, detection, regions: regions, switches: draw.chance(1, in: 16) ? 2 : 1, services,
      time: (begin: .seconds(2), healed: .seconds(7), client: .milliseconds(1_100)), faults: (longest: 4_500, most: 2))
  }

  private init(small seed: UInt64) {
    var draw = Draw(seed: seed ^ 0x736d_616c_6c00_0000)
    let regions = 2 + draw.index(2)
    let switches = draw.chance(1, in: 8) ? 2 : 1
    let detection = Detection(
      heartbeatInterval: draw.element([.milliseconds(700), .milliseconds(1_100)]),
      misses: draw.chance(1, in: 4) ? 3 : 2, rise: 1 + draw.index(2), hold: draw.element([.zero, .seconds(1)]),
      damping: draw.chance(1, in: 8) ? .seconds(1) : nil, massFailure: nil)
    var services = (0..<(1 + draw.index(2))).map { index in
      var service = Site.makeService(
        index, preference: draw.shuffled(Array(0..<regions)), failback: draw.chance(1, in: 4) ? .manual : .automatic,
        mode: draw.chance(1, in: 4) ? .heartbeat : .immediate)
      service.check = Check(
        interval: .milliseconds(800), timeout: .milliseconds(300), fall: 1 + draw.index(2), rise: 1 + draw.index(2))
      return service
    }
    Self.drawPolicies(seed, for: &services)
    Self.drawFamilies(seed, for: &services)
    self.init(
      &draw, .small, detection, regions: regions, switches: switches, services,
      time: (begin: .seconds(2), healed: .seconds(9), client: .milliseconds(700)), faults: (longest: 6_000, most: 4))
  }

  private init(large seed: UInt64) {
    var draw = Draw(seed: seed)
    let regions = 2 + draw.index(3)
    let switches = 1 + draw.index(2)
    let detection = Detection(
      heartbeatInterval: draw.element([.milliseconds(250), .milliseconds(400), .milliseconds(600)]),
      misses: 3 + draw.index(3), rise: 1 + draw.index(3), hold: draw.element([.zero, .seconds(1), .seconds(2)]),
      damping: seed.isMultiple(of: 4) ? .seconds(1 + seed / 4 % 3) : nil, massFailure: nil)
    var services = (0..<(1 + draw.index(5))).map { index in
      var service = Site.makeService(
        index, preference: Array(draw.shuffled(Array(0..<regions)).prefix(max(2, draw.index(regions + 1)))),
        failback: draw.chance(1, in: 4) ? .manual : .automatic,
        mode: draw.chance(1, in: 4) ? .heartbeat : .immediate)
      service.check = Check(interval: .milliseconds(500), timeout: .milliseconds(400), fall: 2, rise: 2)
      return service
    }
    Self.drawPolicies(seed, for: &services)
    Self.drawFamilies(seed, for: &services)
    self.init(
      &draw, .large, detection, regions: regions, switches: switches, services,
      time: (begin: .seconds(5), healed: .seconds(17), client: .milliseconds(300)), faults: (longest: 7_000, most: 8))
  }

  /// A world in which nothing is left to chance.
  init(_ intent: Intent, faults: [PlannedFault], controllers: Int) {
    self.size = .small
    self.faultsBegin = faults.map(\.begins).min() ?? Instant(nanoseconds: 0) + .seconds(4)
    self.healed = faults.map(\.ends).max() ?? self.faultsBegin
    self.clientInterval = .seconds(1)
    (self.longestFault, self.mostFaults) = (0, 0)
    self.intent = intent
    self.controlLatency = intent.switches.map { _ in .milliseconds(5) }
    self.pathRoundTrip = intent.switches.map { _ in intent.regions.map { _ in .milliseconds(10) } }
    self.managementLatency = .milliseconds(5)
    self.faults = faults
    self.controllers = controllers
  }

  private init(
    _ draw: inout Draw, _ size: Size, _ detection: Detection, regions: Int, switches: Int, _ services: [Service],
    time: (begin: Duration, healed: Duration, client: Duration), faults: (longest: Int, most: Int)
  ) {
    self.size = size
    self.faultsBegin = Instant(nanoseconds: 0) + time.begin
    self.healed = Instant(nanoseconds: 0) + time.healed
    self.clientInterval = time.client
    self.longestFault = faults.longest
    self.mostFaults = faults.most
    self.intent = Site.makeIntent(regions: regions, switches: switches, detection: detection, services: services)
    self.controlLatency = (0..<switches).map { _ in .milliseconds(1 + draw.index(10)) }
    self.pathRoundTrip = (0..<switches).map { _ in (0..<regions).map { _ in .milliseconds(1 + draw.index(30)) } }
    self.managementLatency = .milliseconds(1 + draw.index(30))
    self.faults = []
    self.drawFaults(&draw)
  }

  /// When a fault is there.
  private func drawSpan(_ draw: inout Draw) -> (begins: Instant, ends: Instant) {
    let latest = Int((self.healed - self.faultsBegin).nanoseconds / 1_000_000) * 3 / 4
    if self.size != .large, draw.chance(1, in: 3) {
      // So long that what must be noticed is noticed, and judged, while it is there.
      return (self.faultsBegin + .milliseconds(draw.index(latest / 3)), self.healed)
    }
    let begins = self.faultsBegin + .milliseconds(draw.index(latest))
    return (begins, min(begins + .milliseconds(50 + draw.index(self.longestFault)), self.healed))
  }

  /// Three controllers, and what may happen to them and to their store.
  private mutating func drawControllers(_ seed: UInt64) {
    var draw = Draw(seed: seed ^ 0x6c65_6164_6572_7300)
    self.controllers = 3
    for _ in 0..<(1 + draw.index(4)) {
      let (begins, ends) = self.drawSpan(&draw)
      let controller = draw.chance(1, in: 2) ? 0 : draw.index(3)
      let fault: Fault =
        switch draw.index(12) {
        case 0, 1: .controllerDown(controller)
        case 2: .controllerStopped(controller)
        case 3, 4: .controllerStalled(controller)
        case 5: .controllerIsolated(controller)
        case 6: .linkCutOff(switch: draw.index(self.intent.switches.count), controller: controller)
        case 7: .storeAway
        case 8, 9: .storeCutOff(controller: controller)
        case 10: .agentLinkCutOff(region: draw.index(self.intent.regions.count), controller: controller)
        default: .storeSlow(by: .milliseconds(10 + draw.index(1_500)))
        }
      self.faults.append(PlannedFault(fault: fault, begins: begins, ends: ends))
    }
    if draw.chance(1, in: 3) {
      let (begins, ends) = self.drawSpan(&draw)
      let region = draw.index(self.intent.regions.count)
      self.faults.append(PlannedFault(fault: .agentDownAndClockBack(region: region), begins: begins, ends: ends))
    }
  }

  /// Some services have an IPv6 virtual IP.
  private static func drawFamilies(_ seed: UInt64, for services: inout [Service]) {
    var draw = Draw(seed: seed ^ 0x6661_6d69_6c79_0000)
    for index in services.indices where draw.chance(1, in: 3) {
      services[index].virtualIP = VirtualIP(address: .v6(Site.virtualIPv6(index)))
      for pool in services[index].pools.indices {
        services[index].pools[pool].members = [Site.member(of: index, inRegion: pool, .v6)]
      }
    }
  }

  /// Some services spread their load.
  private static func drawPolicies(_ seed: UInt64, for services: inout [Service]) {
    var draw = Draw(seed: seed ^ 0x706f_6c69_6379_0000)
    for index in services.indices where draw.chance(1, in: 3) {
      services[index].policy = draw.element(Policy.allCases.filter(\.isSpreading))
      services[index].persistence = services[index].policy == .sourceHash ? .client : .connection
      services[index].failback = .automatic
      for pool in services[index].pools.indices { services[index].pools[pool].weight = draw.index(4) * 50 }
      services[index].pools[0].weight = 100
    }
  }

  /// Kinds that were thought of later have draws of their own, so that the other faults of a seed stay as they were.
  private mutating func drawLaterFaults(_ seed: UInt64) {
    var draw = Draw(seed: seed ^ 0x6c61_7465_7200_0000)
    let harmlessOnly = self.faults.allSatisfy(\.fault.isHarmless)
    guard draw.chance(1, in: 2) else { return }
    for _ in 0..<(1 + draw.index(3)) {
      let (begins, ends) = self.drawSpan(&draw)
      let fault: Fault =
        switch draw.index(harmlessOnly ? 3 : 4) {
        case 0, 1: .controlMute(switch: draw.index(self.intent.switches.count))
        case 2: .detectionHurried
        default: .forwardingLost(region: draw.index(self.intent.regions.count))
        }
      self.faults.append(PlannedFault(fault: fault, begins: begins, ends: ends))
    }
  }

  /// A swarm: each world uses only some kinds of faults, so that none hides what another one shows.
  private mutating func drawFaults(_ draw: inout Draw) {
    let harmlessOnly = draw.chance(1, in: 4)
    var kinds = Array(draw.shuffled(Array(0..<(harmlessOnly ? 10 : 20))).prefix(1 + draw.index(5)))
    // What somebody does behind the controller's back is found out half a minute later, which makes a world long.
    if self.size != .large, !draw.chance(1, in: self.size == .tiny ? 32 : 8) {
      kinds.removeAll { $0 == 17 || $0 == 18 }
      if kinds.isEmpty { kinds = [12] }
    }
    for _ in 0..<(2 + draw.index(self.mostFaults - 1)) {
      let kind = draw.element(kinds)
      let (begins, ends) = self.drawSpan(&draw)
      let fault = self.fault(kind, &draw)
      self.faults.append(PlannedFault(fault: fault, begins: begins, ends: ends))
    }
  }

  private func fault(_ kind: Int, _ draw: inout Draw) -> Fault {
    let regions = self.intent.regions.count
    let services = self.intent.services
    let service = draw.index(services.count)
    // Faults where the traffic is are more interesting.
    let first = (0..<regions).first { Site.region($0) == services[service].regions[0] } ?? 0
    let region = draw.chance(1, in: 2) ? first : draw.index(regions)
    let other = (region + 1 + draw.index(regions - 1)) % regions
    let datapath = draw.index(self.intent.switches.count)
    return switch kind {
    case 0: .heartbeatsLost(region: region, oneIn: 1 + UInt64(draw.index(4)))
    case 1: .heartbeatsLate(region: region, by: .milliseconds(10 + draw.index(2_000)))
    case 2: .heartbeatsTwice(region: region)
    case 3: .agentCutOff(region: region)
    case 4: .regionsCutOff(region, other)
    case 5: .agentDown(region: region)
    case 6: .controllerDown(0)
    case 7: .switchCutOff(datapath)
    case 8: .repliesLate(switch: datapath, by: .milliseconds(10 + draw.index(1_000)))
    case 9: .controllerStalled(0)
    case 10: .probesLost(switch: datapath, region: region, oneIn: 1 + UInt64(draw.index(4)))
    case 11: .probesLate(switch: datapath, region: region, by: .milliseconds(10 + draw.index(1_000)))
    case 12: .regionDark(region)
    case 13: .portDown(switch: datapath, region: region)
    case 14: .memberStopped(region: region, service: service)
    case 15: .memberHangs(region: region, service: service)
    case 16: .switchRebooted(datapath)
    case 17: .flowsDeleted(switch: datapath)
    case 18: .groupEmptied(switch: datapath, region: region)
    default: .reconfigured(service: service)
    }
  }
}

/// Draws from a seed.
struct Draw: Sendable {
  private var random: RandomSource

  init(seed: UInt64) { self.random = RandomSource(seed: seed) }

  /// - Precondition: count > 0
  mutating func index(_ count: Int) -> Int { Int(self.random.next(below: UInt64(count))) }

  mutating func chance(_ hits: UInt64, in count: UInt64) -> Bool { self.random.next(below: count) < hits }

  mutating func element<Element>(_ elements: [Element]) -> Element { elements[self.index(elements.count)] }

  mutating func number() -> UInt64 { self.random.next() }

  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var elements = elements
    for index in elements.indices.reversed() { elements.swapAt(index, self.index(index + 1)) }
    return elements
  }
}

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

  /// When faults begin, at the earliest; until then a world must have come up.
  package static let faultsBegin = Instant(nanoseconds: 0) + .seconds(5)
  /// When the last fault has ended.
  package static let healed = Instant(nanoseconds: 0) + .seconds(17)

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

  package init(seed: UInt64) {
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
    self.intent = Site.makeIntent(regions: regions, switches: switches, detection: detection, services: services)
    self.controlLatency = (0..<switches).map { _ in .milliseconds(1 + draw.index(10)) }
    self.pathRoundTrip = (0..<switches).map { _ in (0..<regions).map { _ in .milliseconds(1 + draw.index(30)) } }
    self.managementLatency = .milliseconds(1 + draw.index(30))
    self.faults = []
    self.drawFaults(&draw, regions: regions, switches: switches, services: services)
    self.drawLaterFaults(seed, regions: regions, switches: switches)
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
  private mutating func drawLaterFaults(_ seed: UInt64, regions: Int, switches: Int) {
    var draw = Draw(seed: seed ^ 0x6c61_7465_7200_0000)
    let harmlessOnly = self.faults.allSatisfy(\.fault.isHarmless)
    guard draw.chance(1, in: 2) else { return }
    for _ in 0..<(1 + draw.index(3)) {
      let begins = Self.faultsBegin + .milliseconds(draw.index(9_000))
      let ends = min(begins + .milliseconds(50 + draw.index(7_000)), Self.healed)
      let fault: Fault =
        switch draw.index(harmlessOnly ? 3 : 4) {
        case 0, 1: .controlMute(switch: draw.index(switches))
        case 2: .detectionHurried
        default: .forwardingLost(region: draw.index(regions))
        }
      self.faults.append(PlannedFault(fault: fault, begins: begins, ends: ends))
    }
  }

  /// A swarm: each world uses only some kinds of faults, so that none hides what another one shows.
  private mutating func drawFaults(_ draw: inout Draw, regions: Int, switches: Int, services: [Service]) {
    let harmlessOnly = draw.chance(1, in: 4)
    let kinds = draw.shuffled(Array(0..<(harmlessOnly ? 10 : 20))).prefix(1 + draw.index(5))
    for _ in 0..<(2 + draw.index(7)) {
      let kind = kinds[kinds.startIndex + draw.index(kinds.count)]
      let begins = Self.faultsBegin + .milliseconds(draw.index(9_000))
      let ends = min(begins + .milliseconds(50 + draw.index(7_000)), Self.healed)
      let fault = Self.fault(kind, &draw, regions: regions, switches: switches, services: services)
      self.faults.append(PlannedFault(fault: fault, begins: begins, ends: ends))
    }
  }

  private static func fault(
    _ kind: Int, _ draw: inout Draw, regions: Int, switches: Int, services: [Service]
  ) -> Fault {
    let service = draw.index(services.count)
    // Faults where the traffic is are more interesting.
    let first = (0..<regions).first { Site.region($0) == services[service].regions[0] } ?? 0
    let region = draw.chance(1, in: 2) ? first : draw.index(regions)
    let other = (region + 1 + draw.index(regions - 1)) % regions
    let datapath = draw.index(switches)
    return switch kind {
    case 0: .heartbeatsLost(region: region, oneIn: 1 + UInt64(draw.index(4)))
    case 1: .heartbeatsLate(region: region, by: .milliseconds(10 + draw.index(2_000)))
    case 2: .heartbeatsTwice(region: region)
    case 3: .agentCutOff(region: region)
    case 4: .regionsCutOff(region, other)
    case 5: .agentDown(region: region)
    case 6: .controllerDown
    case 7: .switchCutOff(datapath)
    case 8: .repliesLate(switch: datapath, by: .milliseconds(10 + draw.index(1_000)))
    case 9: .controllerStalled
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

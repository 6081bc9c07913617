// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// Who gets what, on one switch.
package struct SteeringPlan: Sendable, Equatable {
  /// Regions that carry traffic. One that is missing here loses the traffic of all services at once.
  package var carrying: Set<RegionName>
  /// Of those that do not carry: drained by an operator, with connections that may finish.
  package var draining: Set<RegionName>
  /// In the order of the intent.
  package var services: [ServiceSteering]

  package init(carrying: Set<RegionName>, draining: Set<RegionName> = [], services: [ServiceSteering]) {
    self.carrying = carrying
    self.draining = draining
    self.services = services
  }

  /// What a region is used for.
  package enum Use: Sendable, Equatable {
    case carrying
    case draining
    case out
  }

  package func use(of region: RegionName) -> Use {
    if self.carrying.contains(region) { return .carrying }
    return self.draining.contains(region) ? .draining : .out
  }

  package static let empty = SteeringPlan(carrying: [], services: [])
}

/// Where the new connections of one service go.
package struct ServiceSteering: Sendable, Equatable {
  package var service: ServiceName
  /// In order of preference.
  package var choices: [RegionChoice]
  /// The share that each choice shall have, in proportion to the others; empty: the first that is eligible gets all.
  package var weights: [Int]
  /// For each slot of the service's select group, the index of its choice, or `nobody`. A slot whose choice is not
  /// eligible takes that of the next one. Empty, or if no slot's choice is eligible: all go to the first choice that
  /// is.
  package var slots: [UInt8]

  /// Of a slot that was found to lead to a region that the service does not have.
  package static let nobody = UInt8.max

  package init(service: ServiceName, choices: [RegionChoice], weights: [Int] = [], slots: [UInt8] = []) {
    self.service = service
    self.choices = choices
    self.weights = weights
    self.slots = slots
  }

  /// The regions that get new connections, and of how many slots; empty if they are dropped. A region that gets
  /// everything alone has one share.
  package func shares(carrying: Set<RegionName>) -> [RegionShare] {
    func first() -> [RegionShare] {
      self.choices.first { $0.isUsable(carrying: carrying) }.map { [RegionShare(region: $0.region)] } ?? []
    }
    if self.slots.isEmpty { return first() }
    let usable = self.choices.map { $0.isUsable(carrying: carrying) }
    func isLive(_ slot: UInt8) -> Bool { Int(slot) < usable.count && usable[Int(slot)] }
    var counts = self.choices.map { _ in 0 }
    // Backwards the next live one is known; behind the last comes the first.
    var next = self.slots.first(where: isLive)
    for slot in self.slots.reversed() {
      if isLive(slot) { next = slot }
      if let next { counts[Int(next)] += 1 }
    }
    if next == nil { return first() }
    return zip(self.choices, counts).compactMap { $1 > 0 ? RegionShare(region: $0.region, parts: $1) : nil }
  }

  /// Whose the slots are, whoever lives; nil if there are none.
  package var owned: [RegionName: Int]? {
    var counts: [RegionName: Int] = [:]
    for slot in self.slots where Int(slot) < self.choices.count {
      counts[self.choices[Int(slot)].region, default: 0] += 1
    }
    return counts.isEmpty ? nil : counts
  }

  /// The regions that get new connections.
  package func active(carrying: Set<RegionName>) -> [RegionName] { self.shares(carrying: carrying).map(\.region) }
}

/// One region as a service may use it.
package struct RegionChoice: Sendable, Equatable {
  package enum Eligibility: Sendable, Equatable {
    /// Whenever the region carries traffic.
    case withRegion
    /// Not at all: this region's members do not serve.
    case excluded
    /// Whenever its port is up, whether the region carries traffic or not: this service has nobody else.
    case withPort
  }

  package var region: RegionName
  package var eligibility: Eligibility

  package init(region: RegionName, eligibility: Eligibility) {
    self.region = region
    self.eligibility = eligibility
  }

  /// New connections may go there now.
  func isUsable(carrying: Set<RegionName>) -> Bool {
    switch self.eligibility {
    case .withRegion: carrying.contains(self.region)
    case .withPort: true
    case .excluded: false
    }
  }
}

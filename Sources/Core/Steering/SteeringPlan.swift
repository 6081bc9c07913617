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
    let owners = self.liveSlots(carrying: carrying)
    guard !owners.isEmpty else {
      return self.choices.first { $0.isUsable(carrying: carrying) }.map { [RegionShare(region: $0.region)] } ?? []
    }
    var counts = self.choices.map { _ in 0 }
    for owner in owners { counts[Int(owner)] += 1 }
    return zip(self.choices, counts).compactMap { $1 > 0 ? RegionShare(region: $0.region, parts: $1) : nil }
  }

  /// Whose a slot is, and who gets its connections now. Nobody: they are dropped.
  package struct Slot: Sendable, Equatable {
    package var owner: RegionName?
    package var user: RegionName?
  }

  /// One for each slot; one if everything goes to one region.
  package func slots(carrying: Set<RegionName>) -> [Slot] {
    let users = self.liveSlots(carrying: carrying)
    guard users.isEmpty else {
      return zip(self.slots, users).map { owner, user in
        Slot(
          owner: Int(owner) < self.choices.count ? self.choices[Int(owner)].region : nil,
          user: self.choices[Int(user)].region)
      }
    }
    let first = self.choices.first { $0.isUsable(carrying: carrying) }
    return [Slot(owner: self.choices.first?.region, user: first?.region)]
  }

  /// For each slot the index of the choice that it leads to; empty if there is no slot or none of a live region.
  private func liveSlots(carrying: Set<RegionName>) -> [UInt8] {
    let usable = self.choices.map { $0.isUsable(carrying: carrying) }
    func isLive(_ slot: UInt8) -> Bool { Int(slot) < usable.count && usable[Int(slot)] }
    // Backwards the next live one is known; behind the last comes the first.
    guard var next = self.slots.first(where: isLive) else { return [] }
    var owners = self.slots
    for index in owners.indices.reversed() {
      if isLive(owners[index]) { next = owners[index] }
      owners[index] = next
    }
    return owners
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

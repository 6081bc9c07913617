// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// Who gets what, on one switch.
package struct SteeringPlan: Sendable, Equatable {
  /// Regions that carry traffic. One that is missing here loses the traffic of all services at once.
  package var carrying: Set<RegionName>
  /// In the order of the intent.
  package var services: [ServiceSteering]

  package init(carrying: Set<RegionName>, services: [ServiceSteering]) {
    self.carrying = carrying
    self.services = services
  }

  package static let empty = SteeringPlan(carrying: [], services: [])
}

/// Where the new connections of one service go: to the first choice that is eligible.
package struct ServiceSteering: Sendable, Equatable {
  package var service: ServiceName
  /// In order of preference.
  package var choices: [RegionChoice]

  package init(service: ServiceName, choices: [RegionChoice]) {
    self.service = service
    self.choices = choices
  }

  /// The region that gets new connections; nil if they are dropped.
  package func active(carrying: Set<RegionName>) -> RegionName? {
    self.choices.first {
      switch $0.eligibility {
      case .withRegion: carrying.contains($0.region)
      case .withPort: true
      case .excluded: false
      }
    }?.region
  }
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
}

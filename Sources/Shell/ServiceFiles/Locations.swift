// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import ServiceModel

/// Where a file has its values, for what is found out after it was read.
package struct Locations: Sendable, Equatable {
  package enum Place: Sendable, Hashable {
    case region(RegionName)
    case `switch`(SwitchName)
    case gateway(SwitchName, RegionName)
    case gatewayPort(SwitchName, RegionName)
    case service(ServiceName)
    case virtualIP(ServiceName)
  }

  private var locations: [Place: Location] = [:]

  package subscript(place: Place) -> Location? { self.locations[place] }

  init(_ draft: Draft) {
    for region in draft.regions {
      if let name = region.name { self.locations[.region(name.value)] = region.location }
    }
    for `switch` in draft.switches {
      guard let name = `switch`.name?.value else { continue }
      self.locations[.switch(name)] = `switch`.location
      for gateway in `switch`.gateways {
        guard let region = gateway.region?.value else { continue }
        self.locations[.gateway(name, region)] = gateway.location
        self.locations[.gatewayPort(name, region)] = gateway.port?.location
      }
    }
    for service in draft.services {
      guard let name = service.name?.value else { continue }
      self.locations[.service(name)] = service.location
      self.locations[.virtualIP(name)] = service.address?.location
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import ServiceModel

/// An intent with its numbers, and where in it everything is.
package struct Catalogue: Sendable, Equatable {
  package let intent: Intent
  package let numbering: Numbering
  private let services: [ServiceName: Int]
  private let virtualIPs: [IPAddress: Int]
  private let regions: Set<RegionName>

  package init(_ intent: Intent, numbering: Numbering) {
    self.intent = intent
    self.numbering = numbering
    var services: [ServiceName: Int] = [:]
    var virtualIPs: [IPAddress: Int] = [:]
    for (index, service) in intent.services.enumerated() {
      services[service.name] = index
      if virtualIPs[service.virtualIP.address] == nil { virtualIPs[service.virtualIP.address] = index }
    }
    self.services = services
    self.virtualIPs = virtualIPs
    self.regions = Set(intent.regions.map(\.name))
  }

  /// The place of a service; nil: there is none of that name.
  package func index(of service: ServiceName) -> Int? { self.services[service] }

  /// The place of the first service that has the virtual IP.
  package func index(of virtualIP: IPAddress) -> Int? { self.virtualIPs[virtualIP] }

  package func has(_ region: RegionName) -> Bool { self.regions.contains(region) }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceModel

/// IPv4 stays IPv4 all the way, and IPv6 stays IPv6: nobody translates one into the other.
extension Rules {
  mutating func checkFamilies(of service: ServiceDraft) {
    guard let address = service.address?.value else { return }
    for member in service.pools.flatMap(\.members) where member.value.family != address.family {
      self.report.add(
        .mixedFamilies, at: member.location,
        "\(service.title) has the \(address.family) virtual IP \(address) and the \(member.value.family) member "
          + "\(member.value)",
        hint: "members have addresses of the virtual IP's family; for both families make two services")
    }
    guard address.family == .v6, self.knowsAllGateways else { return }
    for pool in service.pools {
      for gateway in self.gatewaysByRegion[pool.region.value] ?? [] where !gateway.hasIPv6 {
        self.report.add(
          .gatewayWithoutIPv6, at: pool.region.location,
          "\(service.title) has an IPv6 virtual IP and members in region '\(pool.region.value)', whose gateway on "
            + "\(gateway.title) in line \(gateway.address.location.line) has no 'ipv6'",
          hint: "add for example 'ipv6: 2001:db8::110' to that gateway: an address on the same interface as 'address'")
      }
    }
  }
}

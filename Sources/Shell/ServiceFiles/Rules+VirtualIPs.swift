// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceModel

extension Rules {
  mutating func checkVirtualIPs() {
    var firsts: [IPAddress: ServiceDraft] = [:]
    for service in self.draft.services {
      guard let address = service.address else { continue }
      if let first = firsts[address.value] {
        self.checkAlike(service, first)
      } else {
        firsts[address.value] = service
        self.checkAgainstSwitches(service, address)
      }
      self.checkAdoption(service, address)
    }
    self.checkAgainstMembers(firsts.mapValues { $0.title })
  }

  /// A switch answers for an address in one way.
  private mutating func checkAlike(_ service: ServiceDraft, _ first: ServiceDraft) {
    guard let virtualIP = service.virtualIP, let other = first.virtualIP, virtualIP != other,
      let location = service.address?.location, let otherLocation = first.address?.location
    else { return }
    if virtualIP.mac != other.mac {
      self.report.add(
        .virtualIPConflict, at: service.mac?.location ?? location,
        "\(service.title) has \(virtualIP.address) with the MAC address \(virtualIP.mac), but \(first.title) in line "
          + "\(first.mac?.location.line ?? otherLocation.line) with \(other.mac)",
        hint: "services that share a virtual IP have the same 'mac', or none")
    }
    if virtualIP.owner != other.owner {
      self.report.add(
        .virtualIPConflict, at: service.owner?.location ?? location,
        "\(service.title) \(adoption(virtualIP)), but \(first.title) in line "
          + "\(first.owner?.location.line ?? otherLocation.line) \(adoption(other))",
        hint: "services that share a virtual IP have the same 'adopted-from', or none")
    }
  }

  private mutating func checkAgainstSwitches(_ service: ServiceDraft, _ address: Located<IPAddress>) {
    if let probing = address.value.ipv4.flatMap({ self.probeAddresses[$0] }) {
      self.report.add(
        .addressInUse, at: address.location,
        "the virtual IP \(address.value) of \(service.title) is the probe address of \(probing.title) in line "
          + "\(probing.location.line)",
        hint: "choose an address that belongs to no machine")
    }
    let gateways = self.gatewaysByAddress[address.value] ?? []
    // An owner without this address is reported as such.
    if let owner = service.owner, !gateways.contains(where: { $0.region == owner.value }) { return }
    guard let gateway = gateways.first(where: { $0.region != service.owner?.value }) else { return }
    self.report.add(
      .virtualIPIsGateway, at: address.location,
      "the virtual IP \(address.value) of \(service.title) is the address of the gateway of region "
        + "'\(gateway.region)' on \(gateway.title) in line \(gateway.address.location.line)",
      hint: service.owner == nil
        ? "add 'adopted-from: \(gateway.region)', or choose an address that belongs to no machine"
        : "an adopted virtual IP is the address of that region's gateway only")
  }

  /// An adopted address is its owner's on each switch that has that region.
  private mutating func checkAdoption(_ service: ServiceDraft, _ address: Located<IPAddress>) {
    guard let owner = service.owner, self.checkRegion(owner, namedBy: "'adopted-from'") else { return }
    guard let gateways = self.gatewaysByRegion[owner.value] else {
      guard self.knowsAllGateways, self.regions != nil else { return }
      return self.report.add(
        .noGateway, at: owner.location,
        "\(service.title) adopts its virtual IP from region '\(owner.value)', which has a gateway on no switch",
        hint: "add its gateway to a switch, or leave out 'adopted-from'")
    }
    for gateway in gateways {
      let own = gateway.address(of: address.value.family)
      guard own?.value != address.value else { continue }
      self.report.add(
        .adoptedAddress, at: owner.location,
        "\(service.title) adopts \(address.value) from region '\(owner.value)', whose gateway on \(gateway.title) has "
          + "\(own.map { "\($0.value)" } ?? "no 'ipv6'") in line \((own?.location ?? gateway.address.location).line)",
        hint: "use the gateway's own address as the virtual IP, or leave out 'adopted-from'")
    }
  }

  private mutating func checkAgainstMembers(_ titles: [IPAddress: String]) {
    for service in self.draft.services {
      for member in service.pools.flatMap(\.members) {
        guard let title = titles[member.value] else { continue }
        self.report.add(
          .addressInUse, at: member.location,
          "\(service.title) has the member \(member.value), the virtual IP of \(title)",
          hint: "a member is a machine behind a gateway")
      }
    }
  }
}

private func adoption(_ virtualIP: VirtualIP) -> String {
  virtualIP.owner.map { "adopts \(virtualIP.address) from region '\($0)'" } ?? "has \(virtualIP.address) as nobody's"
}

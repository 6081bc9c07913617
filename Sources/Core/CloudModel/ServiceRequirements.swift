// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
package import ServiceModel

/// Which ports stand behind what a configuration says of a region's gateway or of a service's members.
package struct CloudBinding: Sendable, Equatable {
  package enum Place: Sendable, Equatable {
    case gateway(SwitchName)
    case members(ServiceName)
  }

  package var region: RegionName
  package var place: Place
  package var portIDs: [String]

  package init(region: RegionName, place: Place, portIDs: [String]) {
    self.region = region
    self.place = place
    self.portIDs = portIDs
  }
}

extension PortRequirement {
  /// What the ports of a region have to let pass, for what is configured; one for each port, gateways first.
  package static func all(
    of intent: Intent, in region: RegionName, _ bindings: [CloudBinding], _ facts: CloudFacts
  ) -> [PortRequirement] {
    let numbering = Numbering(intent)
    let services = intent.services.filter { $0.regions.contains(region) }
    var requirements: [PortRequirement] = []
    func require(_ port: String, _ role: Role, _ change: (inout PortRequirement) -> Void) {
      let index =
        requirements.firstIndex { $0.portID == port }
        ?? {
          requirements.append(PortRequirement(portID: port, role: role))
          return requirements.count - 1
        }()
      change(&requirements[index])
    }
    for binding in bindings where binding.region == region {
      guard case .gateway(let name) = binding.place, let probe = intent.switches.first(where: { $0.name == name })
      else { continue }
      for port in binding.portIDs {
        require(port, .gateway) { requirement in
          requirement.isReachedFromOutside = true
          for service in services {
            let everywhere = AddressPrefix.all(service.virtualIP.address.family)
            for listener in service.listeners {
              requirement.open(
                listener.transport.ipProtocol, numbering.targetPort(of: listener, in: service.name), from: everywhere)
            }
          }
          if intent.detection.probe == .icmp { requirement.open(1, nil, from: AddressPrefix(.v4(probe.probeAddress))) }
        }
      }
    }
    let gateways = Set(requirements.compactMap { facts.port($0.portID)?.deviceID }.filter { !$0.isEmpty })
    for binding in bindings where binding.region == region {
      guard case .members(let name) = binding.place, let service = services.first(where: { $0.name == name }) else {
        continue
      }
      for id in binding.portIDs {
        guard let port = facts.port(id) else { continue }
        let keepsClients = service.clientAddress != .masquerade
        let near = port.fixedAddresses.compactMap { facts.subnets[$0.subnetID]?.prefix }
          .first { $0.address.family == service.virtualIP.address.family }
        let source =
          keepsClients ? .all(service.virtualIP.address.family) : near ?? .all(service.virtualIP.address.family)
        require(id, .member) { requirement in
          for listener in service.listeners {
            requirement.open(listener.transport.ipProtocol, listener.memberPort, from: source)
          }
        }
        // The gateway's own port towards it.
        guard keepsClients else { continue }
        for inner in facts.ports where inner.networkID == port.networkID && gateways.contains(inner.deviceID) {
          require(inner.id, .gateway) { $0.sendsForClients = true }
        }
      }
    }
    return requirements
  }

  private mutating func open(_ ipProtocol: UInt8, _ port: UInt16?, from: AddressPrefix) {
    let opening = Opening(ipProtocol: ipProtocol, port: port, from: from)
    if !self.openings.contains(opening) { self.openings.append(opening) }
  }
}

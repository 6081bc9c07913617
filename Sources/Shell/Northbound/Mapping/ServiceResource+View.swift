// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Addressing
import ControlPlane
import ServiceModel

extension ServiceResource {
  init(_ service: ServiceStatus, in view: StatusView) {
    // In order of preference, each once.
    let servedBy = service.regions.map(\.region).filter { service.isActive(in: $0) }
    self.init(
      name: service.name.text, health: view.health(of: service), servedBy: servedBy.map(\.text),
      virtualIP: VirtualIPResource(service.virtualIP), listeners: service.listeners.map { ListenerResource($0) },
      policy: service.policy.rawValue, persistence: service.persistence.rawValue, failback: service.failback.rawValue,
      detection: service.mode.rawValue,
      regions: service.regions.map { region in
        ServiceRegionResource(
          name: region.region.text, state: .init(region.state), reason: region.state.failure?.code,
          dampedSeconds: region.state.damped?.seconds, active: service.isActive(in: region.region),
          unreachableFrom: view.switchesWithoutPath(to: region.region).map(\.text),
          members: region.members.map(\.description))
      },
      switches: service.switches.map {
        ServiceSwitchResource(name: $0.name.text, shares: $0.shares.resources, held: $0.isHeld)
      },
      links: [
        "self": Path.service(service.name.text), "failback": Path.service(service.name.text) + "/failback",
      ])
  }
}

extension ServiceStatus {
  /// A switch sends its new connections there, and not for want of a better place.
  func isActive(in region: RegionName) -> Bool {
    self.switches.contains { $0.isServing && $0.shares.contains { $0.region == region } }
  }
}

extension [RegionShare] {
  var resources: [ShareResource] {
    self.thousandths.map { ShareResource(region: $0.region.text, percent: Double($0.part) / 10) }
  }
}

extension VirtualIPResource {
  init(_ virtualIP: VirtualIP) {
    self.init(
      address: virtualIP.address.description, mac: virtualIP.mac.description, adoptedFrom: virtualIP.owner?.text)
  }
}

extension ListenerResource {
  init(_ target: ServiceStatus.ListenerTarget) {
    self.init(
      transport: target.listener.transport.rawValue, port: target.listener.port,
      memberPort: target.listener.memberPort, targetPort: target.targetPort)
  }
}

extension ServiceRegionResource.State {
  init(_ state: ServiceStatus.InRegion.State) {
    switch state {
    case .serving: self = .up
    case .out: self = .out
    case .returning: self = .returning
    }
  }
}

extension ServiceStatus.InRegion.State {
  /// For how long it stays out, however well it does.
  var damped: Duration? { if case .returning(let damped) = self { damped } else { nil } }

  var failure: CheckFailure? {
    if case .out(let failure) = self { failure } else { nil }
  }
}

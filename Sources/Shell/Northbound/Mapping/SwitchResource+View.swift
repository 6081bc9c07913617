// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Addressing
import ControlPlane
import ServiceModel

extension SwitchResource {
  init(_ status: SwitchStatus, in view: StatusView) {
    self.init(
      name: status.name?.text, datapath: status.datapath.description, health: view.health(of: status),
      state: .init(status.state), version: status.version, description: status.description,
      group: status.part.map(SwitchGroupResource.init), placement: status.placement?.rawValue,
      ports: status.ports.map { PortResource(number: $0.number, name: $0.name, up: $0.isUp) },
      flows: status.flows, groups: status.groups,
      services: view.services.compactMap { service in
        service.switches.first { $0.name == status.name }.map {
          SwitchServiceResource(
            name: service.name.text, shares: $0.shares.resources, held: $0.isHeld,
            sourceRules: $0.sourceRules.map {
              SourceRulesResource(count: $0.count, deviation: Double($0.deviation) / 1000)
            })
        }
      },
      connection: status.connection.map(SwitchConnectionResource.init), refusal: status.refusal,
      links: ["self": Path.switch(status.name?.text ?? status.datapath.description)])
  }
}

extension SwitchGroupResource {
  fileprivate init(_ part: SwitchStatus.Part) {
    let name = part.group.text
    switch part.role {
    case .active(let reason): self.init(name: name, role: .active, reason: reason, doubt: part.doubt)
    case .standby: self.init(name: name, role: .standby)
    case .sharing: self.init(name: name, role: .sharing)
    case .undecided: self.init(name: name, role: .undecided)
    }
  }
}

extension SwitchConnectionResource {
  fileprivate init(_ connection: SwitchStatus.Connection) {
    self.init(
      peer: connection.peer, encrypted: connection.isEncrypted, role: connection.role,
      connectedSeconds: connection.age.seconds, roundTripSeconds: connection.roundTrip?.seconds,
      unsentBytes: connection.unsentBytes, packetIns: connection.packetIns,
      packetInsDropped: connection.packetInsDropped, refusals: connection.refusals)
  }
}

extension SwitchResource.State {
  init(_ state: SwitchStatus.State) {
    switch state {
    case .disconnected: self = .disconnected
    case .following: self = .following
    case .reading: self = .reading
    case .programming: self = .programming
    case .programmed: self = .programmed
    }
  }
}

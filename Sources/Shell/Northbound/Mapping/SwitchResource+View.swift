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
      ports: status.ports.map { PortResource(number: $0.number, name: $0.name, up: $0.isUp) },
      flows: status.flows, groups: status.groups,
      services: view.services.compactMap { service in
        service.switches.first { $0.name == status.name }.map {
          SwitchServiceResource(name: service.name.text, active: $0.active?.text, held: $0.isHeld)
        }
      },
      links: ["self": Path.switch(status.name?.text ?? status.datapath.description)])
  }
}

extension SwitchResource.State {
  init(_ state: SwitchStatus.State) {
    switch state {
    case .disconnected: self = .disconnected
    case .reading: self = .reading
    case .programming: self = .programming
    case .programmed: self = .programmed
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Addressing
import ControlPlane
import FailureDetection
import ServiceModel

extension RegionResource {
  init(_ region: RegionStatus, in view: StatusView) {
    self.init(
      name: region.name.text, health: view.health(of: region),
      agent: AgentResource(
        state: .init(region.agent), lastHeardSeconds: region.lastHeard?.seconds, current: region.isCurrent,
        standing: region.standing.map { .init($0) },
        instances: region.instances.isEmpty ? nil : region.instances.map(AgentInstanceResource.init)),
      drain: region.drain.map(DrainResource.init), load: region.load.map(LoadResource.init),
      capacity: region.capacity.map {
        CapacityResource(
          limit: $0.limit, measure: $0.measure.rawValue, full: region.isFull, whenFull: $0.whenFull.rawValue)
      },
      paths: region.paths.map { PathResource($0) },
      services: view.services.compactMap { service in
        service.regions.first { $0.region == region.name }.map {
          RegionServiceResource(
            name: service.name.text, state: .init($0.state), reason: $0.state.failure?.code,
            active: service.isActive(in: region.name))
        }
      },
      links: [
        "self": Path.region(region.name.text), "drain": Path.region(region.name.text) + "/drain",
        "undrain": Path.region(region.name.text) + "/undrain",
      ])
  }
}

extension DrainResource {
  fileprivate init(_ drain: RegionStatus.Drain) {
    self.init(
      state: drain.isDone ? .drained : .draining, sinceSeconds: drain.since.seconds,
      deadlineSeconds: drain.left?.seconds, forced: drain.isForced)
  }
}

extension LoadResource {
  fileprivate init(_ report: GatewayLoadReport) {
    self.init(
      connections: report.load.connections, packetsPerSecond: report.load.packetsPerSecond,
      kilobitsPerSecond: report.load.kilobitsPerSecond, ageSeconds: report.age.seconds)
  }
}

extension AgentResource.State {
  init(_ agent: RegionStatus.Agent) {
    switch agent {
    case .expected: self = .expected
    case .heard: self = .heard
    case .leaving: self = .leaving
    case .silent: self = .silent
    }
  }
}

extension AgentResource.Standing {
  init(_ standing: RegionAgents.Standing) {
    switch standing {
    case .complete: self = .complete
    case .noStandby: self = .noStandby
    case .noActive: self = .noActive
    case .split: self = .split
    }
  }
}

extension AgentInstanceResource {
  fileprivate init(_ instance: RegionStatus.Instance) {
    let role =
      switch instance.role {
      case .active: "active"
      case .standby: "standby"
      }
    self.init(
      name: instance.name?.text, role: role, state: .init(instance.state),
      lastHeardSeconds: instance.lastHeard?.seconds, counts: instance.isCounted, mac: instance.mac?.description)
  }
}

extension PathResource {
  init(_ path: RegionStatus.Path) {
    let (state, reason, damped): (State, String?, Duration?) =
      switch path.state {
      case .well: (.well, nil, nil)
      case .out(let why): (.out, why, nil)
      case .returning(let damped): (.returning, nil, damped)
      case .unknown: (.unknown, nil, nil)
      }
    self.init(
      switch: path.switch.text, port: path.port.description, address: path.address.description,
      ipv6: path.ipv6?.description, mac: path.mac?.description, state: state, reason: reason,
      dampedSeconds: damped?.seconds, carrying: path.isCarrying, roundTripSeconds: path.roundTrip?.seconds)
  }
}

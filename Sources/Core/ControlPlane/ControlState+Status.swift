// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FailureDetection
import FlowPipeline
import OpenFlow
package import ServiceModel
import Steering

extension ControlState {
  /// What is known now.
  package func status(at now: Instant) -> StatusView {
    StatusView(
      services: self.intent.services.enumerated().map { self.status(of: $1, at: $0, now) },
      regions: self.intent.regions.map { self.status(of: $0, at: now) },
      switches: self.intent.switches.map { self.status(of: $0, at: now) }
        + self.strangers.keys.sorted().compactMap { id in
          self.strangers[id].map { found in
            SwitchStatus(
              name: nil, datapath: id, state: .programmed, version: "OpenFlow \(found.version)",
              description: found.description, ports: found.ports.map(SwitchStatus.Port.init), flows: 0, groups: 0)
          }
        },
      massFailure: self.massFailure.isHolding ? StatusView.MassFailure(held: self.held.count) : nil)
  }

  /// Services by name, for commands.
  package func has(_ service: ServiceName) -> Bool { self.catalogue.index(of: service) != nil }

  /// - Parameter index: its place in the intent, and so in every plan.
  private func status(of service: Service, at index: Int, _ now: Instant) -> ServiceStatus {
    let detection = self.intent.detection
    return ServiceStatus(
      name: service.name, virtualIP: service.virtualIP,
      listeners: service.listeners.map {
        ServiceStatus.ListenerTarget(
          listener: $0, targetPort: self.numbering.targetPort(of: $0, in: service.name))
      },
      policy: service.policy, persistence: service.persistence,
      failback: service.failback, mode: service.mode,
      regions: service.pools.map { pool in
        let detector = self.services[ServiceRegion(service: service.name, region: pool.region)]
        return ServiceStatus.InRegion(
          region: pool.region, members: pool.members, state: detector.map { .init($0, at: now, detection) } ?? .serving)
      },
      switches: self.intent.switches.map { config in
        let state = self.switches[config.name]
        let plan = state?.plan
        let planned = plan.flatMap { index < $0.services.count ? $0.services[index] : nil }
        let steering = planned?.service == service.name ? planned : nil
        return ServiceStatus.OnSwitch(
          name: config.name, shares: steering?.shares(carrying: plan?.carrying ?? []) ?? [],
          isHeld: self.unserved[config.name]?.contains(service.name) ?? false,
          sourceRules: state?.facts().division(of: service) == .sourceRules ? steering?.sourceRules : nil)
      })
  }

  private func status(of region: Region, at now: Instant) -> RegionStatus {
    let agent = self.agents[region.name]
    return RegionStatus(
      name: region.name, agent: agent.map { .init($0.state) } ?? .expected,
      lastHeard: agent?.lastHeard.map { now - $0 },
      isCurrent: agent?.assignment == self.assignments[region.name],
      instances: agent.map { Self.instances(of: $0, at: now) } ?? [], standing: agent?.standing,
      drain: self.drains[region.name].map { RegionStatus.Drain($0, at: now) },
      load: self.loads[region.name].flatMap { $0.report(at: now) },
      capacity: region.capacity, isFull: self.full.contains(region.name),
      paths: self.intent.switches.compactMap { config in
        guard let gateway = config.gateway(of: region.name), let state = self.switches[config.name] else { return nil }
        let path = state.paths[region.name]
        return RegionStatus.Path(
          switch: config.name, port: gateway.port, address: gateway.address, ipv6: gateway.ipv6,
          mac: path?.mac,
          state: state.isHeard(at: now, self.intent.detection)
            ? path.map { .init($0, at: now, self.intent.detection) } ?? .unknown : .unknown,
          isCarrying: state.plan.carrying.contains(region.name), roundTrip: path?.roundTrip)
      })
  }

  private static func instances(of agents: RegionAgents, at now: Instant) -> [RegionStatus.Instance] {
    guard agents.members.contains(where: { $0.name != nil }) else { return [] }
    return agents.members.map { member in
      RegionStatus.Instance(
        name: member.name, role: member.role, state: .init(member.detector.state),
        lastHeard: member.detector.lastHeard.map { now - $0 }, mac: member.mac,
        isCounted: agents.counting == .some(member.name))
    }
  }

  private func status(of config: Switch, at now: Instant) -> SwitchStatus {
    let state = self.switches[config.name]
    let connection = state?.connection
    return SwitchStatus(
      name: config.name, datapath: config.datapath,
      state: connection.map { .init($0.phase) } ?? .disconnected, version: connection.map { "OpenFlow \($0.version)" },
      description: connection?.description, ports: connection?.ports.map(SwitchStatus.Port.init) ?? [],
      flows: state?.extent.flows ?? 0, groups: state?.extent.groups ?? 0,
      refusal: connection.flatMap { $0.refusals.count > 0 ? $0.refusals.error : nil },
      isMute: connection?.hearing.isMute(at: now, self.intent.detection) ?? false, placement: state?.placement,
      impossiblePlacement: state?.impossiblePlacement, part: self.part(of: config.name))
  }
}

extension ServiceSteering {
  /// Nil if all goes to one region.
  fileprivate var sourceRules: ServiceStatus.SourceRules? {
    let total = self.weights.reduce(0, +)
    let count = self.slots.count
    guard count > 0, total > 0 else { return nil }
    let deviations = self.weights.indices.map { index in
      let owned = self.slots.count { Int($0) == index }
      return abs(owned * total - self.weights[index] * count) * 1000
    }
    let whole = count * total
    return ServiceStatus.SourceRules(count: count, deviation: ((deviations.max() ?? 0) + whole - 1) / whole)
  }
}

extension ServiceStatus.InRegion.State {
  fileprivate init(_ detector: ServiceDetector, at now: Instant, _ detection: Detection) {
    self =
      switch detector.state {
      case .serving: .serving
      case .out(let failure): .out(failure)
      case .returning: .returning(dampedFor: detector.dampedUntil(detection).flatMap { $0 > now ? $0 - now : nil })
      }
  }
}

extension RegionStatus.Drain {
  fileprivate init(_ drain: Drain, at now: Instant) {
    self.init(
      isDone: drain.isDone, since: now - drain.since,
      left: drain.isExpired ? nil : drain.deadline.map { max($0 - now, .zero) }, isForced: drain.isForced)
  }
}

extension RegionStatus.Agent {
  fileprivate init(_ state: AgentDetector.State) {
    self =
      switch state {
      case .expected: .expected
      case .heard: .heard
      case .leaving: .leaving
      case .silent: .silent
      }
  }
}

extension RegionStatus.Path.State {
  fileprivate init(_ path: SwitchState.Path, at now: Instant, _ detection: Detection) {
    self =
      switch path.detector.state {
      case .well where path.mac == nil: .out("its gateway was not found yet")
      case .well: .well
      case .returning: .returning(dampedFor: path.detector.dampedUntil(detection).flatMap { $0 > now ? $0 - now : nil })
      case .out(.portDown): .out(path.port == nil ? "the switch has no such port" : "port down")
      case .out(.silent): .out("no answer to probes")
      case .out(.inherited): .out("found so on the switch")
      }
  }
}

extension SwitchStatus.State {
  fileprivate init(_ phase: SwitchState.Phase) {
    self =
      switch phase {
      case .following: .following
      case .claiming, .reading, .trying: .reading
      case .changing: .programming
      case .settled, .auditing: .programmed
      }
  }
}

extension SwitchStatus.Port {
  fileprivate init(_ port: PortDescription) {
    self.init(number: port.number.rawValue, name: port.name, isUp: port.isUp)
  }
}

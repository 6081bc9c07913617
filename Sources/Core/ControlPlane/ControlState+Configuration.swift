// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FailureDetection
import FlowPipeline
import ServiceModel

extension ControlState {
  /// Takes over a new intent. What is known of regions, services and switches that stay is kept.
  mutating func configure(
    _ intent: Intent, _ assignments: [RegionName: UInt64], at now: Instant, _ effects: inout [Effect]
  ) {
    let old = self.switches
    let connected = old.values.compactMap { state in state.connection.map { (state.config.datapath, $0) } }
    let detection = self.intent.detection
    self.bePatient(with: intent, assignments)
    self.keepBalances(for: intent, at: now)
    self.intent = intent
    self.numbering = Numbering(intent)
    self.catalogue = Catalogue(intent, numbering: self.numbering)
    self.listeners = ListenerIndex(intent, self.numbering)
    let names = Set(intent.switches.map(\.name))
    self.desks = self.desks.filter { names.contains($0.key) }
    self.repairs = self.repairs.filter { names.contains($0.key) }
    self.assignments = assignments
    effects.append(
      .record(
        .configured(
          services: intent.services.count, regions: intent.regions.count, switches: intent.switches.count)))

    var agents: [RegionName: RegionAgents] = [:]
    for region in intent.regions { agents[region.name] = self.agents[region.name] ?? RegionAgents(at: now) }
    self.agents = agents
    self.drains = self.drains.filter { agents[$0.key] != nil }
    self.loads = self.loads.filter { agents[$0.key] != nil }
    self.full = self.full.filter { agents[$0] != nil }

    self.services = ServiceDetectors(intent, self.numbering, known: self.services, at: now)
    self.held = self.held.filter { self.services[$0] != nil }

    self.switches = [:]
    for config in intent.switches {
      var state = SwitchState(config, at: now)
      if let known = old[config.name], known.config.datapath == config.datapath {
        state.adopt(known)
        state.adaptProbes(from: detection, to: intent.detection, at: now)
        self.strangers[config.datapath] = nil
      } else {
        self.repairs[config.name] = nil
      }
      state.needsSteering = true
      self.switches[config.name] = state
    }
    self.configureGroups()
    for (id, connection) in connected
    where self.name(of: id).flatMap({ self.switches[$0]?.connection }) == nil {
      self.strangers[id] = ConnectedSwitch(
        version: connection.version, ports: connection.ports, description: connection.description)
    }
    for config in intent.switches {
      if let found = self.strangers.removeValue(forKey: config.datapath) {
        self.connected(config.datapath, found, at: now, &effects)
      } else {
        self.resolvePorts(of: config.name, at: now, &effects)
      }
    }
    self.reviewEntries(&effects)
  }

  /// An agent that does not know of the new configuration yet keeps to the one that it has. So do its peers, whose word
  /// may be less frequent by that one.
  private mutating func bePatient(with intent: Intent, _ assignments: [RegionName: UInt64]) {
    let isWordAwaited = intent.detection.probe == .none
    let bound = self.intent.detection.bound + (isWordAwaited ? self.intent.detection.peerInterval ?? .zero : .zero)
    var patience: [RegionName: Duration] = [:]
    for region in intent.regions.map(\.name) {
      guard let agent = self.agents[region], agent.assignment != assignments[region] else { continue }
      patience[region] = max(self.patience[region] ?? .zero, bound)
    }
    self.patience = patience
  }
}

extension SwitchState {
  /// Keeps what `known`, the same switch under the configuration before, had learnt.
  fileprivate mutating func adopt(_ known: SwitchState) {
    self.connection = known.connection
    self.plan = known.plan
    self.keeping = known.keeping
    self.blueprint = known.blueprint
    self.extent = known.extent
    self.addresses = known.addresses
    self.wasFound = known.wasFound
    self.said = known.said
    self.slowStarts = known.slowStarts
    self.failbacks = known.failbacks
    self.cuts = known.cuts
    self.cutsAt = known.cutsAt
    self.lateCuts = known.lateCuts
    self.deaths = known.deaths
    self.stance = known.stance
    for gateway in self.config.gateways {
      guard let before = known.config.gateway(of: gateway.region), before.address == gateway.address,
        before.port == gateway.port, var path = known.paths[gateway.region]
      else { continue }
      path.mac = gateway.mac ?? path.mac
      self.paths[gateway.region] = path
    }
  }
}

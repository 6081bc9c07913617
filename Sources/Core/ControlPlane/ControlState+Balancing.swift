// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Balancing
import FailureDetection
import ServiceModel
import Steering

/// How a service that follows the load is balanced.
struct BalanceState: Sendable, Equatable {
  /// Nil: by nothing that is known here.
  var balance: Balance?
  var nextUpdate: Instant
  /// Regions whose load is not known: it was said.
  var blind: Set<RegionName> = []
}

extension ControlState {
  /// Looks at the load of every service whose time has come, and divides anew.
  mutating func updateBalances(at now: Instant, _ effects: inout [Effect]) {
    // Called at every step: services that do not follow the load, of which there may be thousands, are not looked at.
    for name in self.balances.filter({ $0.value.nextUpdate <= now }).keys.sorted() {
      guard let service = self.intent.services.first(where: { $0.name == name }), let trigger = service.trigger else {
        continue
      }
      self.balances[service.name]?.nextUpdate = now + trigger.interval
      self.update(service, at: now, &effects)
    }
  }

  private mutating func update(_ service: Service, at now: Instant, _ effects: inout [Effect]) {
    guard let balancer = service.balancer, var state = self.balances[service.name] else { return }
    let target = self.numbering.targetPort(of: service.listeners[0], in: service.name)
    let candidates = service.regions.filter { self.canTake($0, service.name) }
    var figures: [RegionFigure] = []
    var blind: Set<RegionName> = []
    for region in candidates {
      let load = self.loads[region]?.report(at: now)?.load
      if let figure = load.flatMap({ service.figure(of: $0, target: target) }) {
        figures.append(RegionFigure(region: region, figure: figure))
      } else {
        blind.insert(region)
      }
    }
    for region in blind.subtracting(state.blind).sorted() {
      effects.append(.record(.loadUnknown(service.name, region)))
    }
    state.blind = blind
    // Health alone decides while somebody's load is not known: the shares stay, and the switch passes over the dead.
    if blind.isEmpty, !figures.isEmpty {
      let last = state.balance ?? self.currentBalance(of: service.name)
      let next = balancer.next(after: last, figures)
      if next != state.balance {
        state.balance = next
        for config in self.intent.switches { self.switches[config.name]?.needsSteering = true }
      }
    }
    self.balances[service.name] = state
  }

  /// A region whose members serve, that is in service, and that some switch reaches.
  private func canTake(_ region: RegionName, _ service: ServiceName) -> Bool {
    guard self.drains[region] == nil,
      self.services[ServiceRegion(service: service, region: region)]?.isServing == true
    else { return false }
    return self.switches.values.contains { $0.plan.carrying.contains(region) }
  }

  /// What a switch holds, from before this controller began.
  private func currentBalance(of service: ServiceName) -> Balance? {
    for config in self.intent.switches {
      guard let steering = self.switches[config.name]?.plan.services.first(where: { $0.service == service }),
        let owned = steering.owned
      else { continue }
      return Balance(weights: owned)
    }
    return nil
  }

  /// For steering: what was found out of the load.
  var sharesByLoad: [ServiceName: [RegionName: Int]] {
    self.balances.compactMapValues { $0.balance?.weights }
  }

  /// Takes over what is known of services that stay.
  mutating func keepBalances(for intent: Intent, at now: Instant) {
    var balances: [ServiceName: BalanceState] = [:]
    let before = Dictionary(self.intent.services.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for service in intent.services {
      guard let trigger = service.trigger else { continue }
      let known = before[service.name]
      let isSame = known?.policy == service.policy && known?.trigger == trigger && known?.regions == service.regions
      balances[service.name] =
        isSame ? self.balances[service.name] : BalanceState(nextUpdate: now + trigger.interval)
    }
    self.balances = balances
  }
}

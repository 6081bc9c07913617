// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FlowPipeline
import OpenFlow
package import ServiceModel
import Steering

extension ControlState {
  /// Regions by name, for commands.
  package func has(_ region: RegionName) -> Bool { self.agents[region] != nil }

  /// Why a region should not be drained now: services that no other region serves on some switch.
  package func objection(toDraining region: RegionName) -> DrainObjection? {
    let alone = self.intent.services.enumerated().filter { index, service in
      self.intent.switches.contains { config in
        guard let plan = self.switches[config.name]?.plan, index < plan.services.count else { return false }
        let steering = plan.services[index]
        return steering.active(carrying: plan.carrying).contains(region)
          && steering.active(carrying: plan.carrying.subtracting([region])).allSatisfy { $0 == region }
      }
    }
    return alone.isEmpty ? nil : DrainObjection(services: alone.map(\.element.name))
  }

  mutating func drain(
    _ region: RegionName, deadline: Duration?, isForced: Bool, at now: Instant, _ effects: inout [Effect]
  ) {
    guard self.has(region) else { return }
    let before = self.drains[region]
    self.drains[region] = Drain(since: now, deadline: deadline.map { now + $0 }, isForced: isForced)
    effects.append(.record(.drainBegun(region, deadline: deadline, connections: self.loads[region]?.load.connections)))
    if before?.isForced != isForced { self.steerAnew(around: region) }
  }

  mutating func undrain(_ region: RegionName, _ effects: inout [Effect]) {
    guard self.drains.removeValue(forKey: region) != nil else { return }
    effects.append(.record(.drainEnded(region)))
    self.steerAnew(around: region)
  }

  /// The drains under way, ordered here or found in a switch.
  package var orders: [RegionName: DrainOrder] { self.drains.mapValues(\.order) }

  /// Begins, changes and ends drains until they are those that are ordered.
  mutating func drain(by orders: [RegionName: DrainOrder], at now: Instant, _ effects: inout [Effect]) {
    self.knowsDrains = true
    for region in self.drains.keys.sorted() where orders[region] == nil { self.undrain(region, &effects) }
    for region in orders.keys.sorted() where self.has(region) {
      guard let order = orders[region], order != self.drains[region]?.order else { continue }
      let wasForced = self.drains[region]?.isForced
      self.drains[region] = Drain(order)
      effects.append(
        .record(
          .drainBegun(
            region, deadline: order.deadline.map { max($0 - now, .zero) },
            connections: self.loads[region]?.load.connections)))
      if wasForced != order.isForced { self.steerAnew(around: region) }
    }
  }

  mutating func steerAnew(around region: RegionName) {
    for config in self.intent.switches where config.gateway(of: region) != nil {
      self.switches[config.name]?.needsSteering = true
    }
  }

  /// What a gateway carries. A drain ends when it has counted no connection any more.
  mutating func loaded(_ report: GatewayLoadReport, in region: RegionName, at now: Instant, _ effects: inout [Effect]) {
    let moment = now - report.age
    guard report.age <= GatewayLoad.lifetime, self.loads[region].map({ $0.at <= moment }) ?? true else { return }
    self.loads[region] = RegionLoad(load: report.load, at: moment)
    self.weigh(region, at: now, &effects)
    guard var drain = self.drains[region] else { return }
    let isDone = drain.counted(report.load.connections, at: moment)
    self.drains[region] = drain
    if isDone { effects.append(.record(.drained(region, after: now - drain.since))) }
  }

  /// Cuts what is still open when a drain's deadline has come. Who follows leaves that to the leader, and does it when it
  /// has become that.
  mutating func expireDrains(at now: Instant, _ effects: inout [Effect]) {
    guard self.mayLead else { return }
    for region in self.drains.keys.sorted() where self.drains[region]?.expire(at: now) == true {
      let left = self.drains[region]?.isDone == true ? 0 : self.loads[region]?.load.connections
      effects.append(.record(.drainExpired(region, connections: left)))
      for name in self.intent.switches.map(\.name) {
        self.cutDrained(region, on: name)
      }
    }
  }

  /// Cuts what leads to a region whose drain has reached its deadline.
  mutating func cutDrained(_ region: RegionName, on name: SwitchName) {
    guard let state = self.switches[name], state.placement?.keepsConnections == true else { return }
    let cuts = (state.addresses[region] ?? []).map { self.cut(region, at: $0, on: state, isOrdered: true) }
    self.switches[name]?.cuts += cuts
  }

  /// For steering.
  var drainView: DrainView {
    DrainView(
      draining: Set(self.drains.keys), closed: Set(self.drains.filter { $0.value.isForced }.keys))
  }
}

/// What a region's gateway carried at a moment.
struct RegionLoad: Sendable, Equatable {
  var load: GatewayLoad
  var at: Instant

  /// Nil if it is too old to say anything.
  func report(at now: Instant) -> GatewayLoadReport? {
    now - self.at <= GatewayLoad.lifetime ? GatewayLoadReport(load: self.load, age: now - self.at) : nil
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FailureDetection
package import ServiceModel
import Steering

/// Connections of a service that a move breaks on a switch whose placement keeps none.
package struct ConnectionLoss: Sendable, Equatable {
  package var `switch`: SwitchName
  package var service: ServiceName
  package var placement: Placement
  /// Slots that lead to another region, and all of them. Above 0
  package var moved: Int
  package var slots: Int
  /// How many connections that is by what the agents have counted last; nil: not known.
  package var connections: Int?

  package init(
    switch: SwitchName, service: ServiceName, placement: Placement, moved: Int, slots: Int, connections: Int? = nil
  ) {
    self.switch = `switch`
    self.service = service
    self.placement = placement
    self.moved = moved
    self.slots = slots
    self.connections = connections
  }
}

extension ConnectionLoss {
  /// The share of the service's connections, in thousandths. 1…1000, rounded
  package var thousandths: Int { max((self.moved * 1000 + self.slots / 2) / self.slots, 1) }

  /// `16 of 64 slots move: about 25 % of its connections break (some 120), as placement hash keeps none`
  package var text: String {
    let slots = self.slots == 1 ? "it moves as a whole" : "\(self.moved) of \(self.slots) slots move"
    let share = self.moved == self.slots ? "all" : "about \(percent)"
    let count = self.connections.map { " (some \($0))" } ?? ""
    return "\(slots): \(share) of its connections break\(count), as placement \(self.placement.rawValue) keeps none"
  }

  private var percent: String {
    let tenths = self.thousandths % 10
    return tenths == 0 ? "\(self.thousandths / 10) %" : "\(self.thousandths / 10).\(tenths) %"
  }
}

extension ControlState {
  /// What a drain of a region would break now, or its end.
  ///
  /// - Parameter isDrained: true: it is drained; false: it is put back.
  package func losses(draining region: RegionName, isDrained: Bool) -> [ConnectionLoss] {
    self.intent.switches.flatMap { config -> [ConnectionLoss] in
      guard let state = self.switches[config.name] else { return [] }
      var after = state.plan
      if isDrained {
        after.carrying.remove(region)
      } else if self.drains[region] != nil, state.standing(of: region, self.intent.detection) == .well {
        after.carrying.insert(region)
      }
      return self.losses(on: config.name, from: state.plan, to: after)
    }
  }

  /// What another plan breaks on a switch. Connections to what is dead are lost already.
  func losses(on name: SwitchName, from before: SteeringPlan, to after: SteeringPlan) -> [ConnectionLoss] {
    guard let state = self.switches[name], let placement = state.placement, !placement.keepsConnections,
      !state.stance.isGated
    else {
      return []
    }
    let isSame = before.carrying == after.carrying
    let past = PastSteering(before, self.intent)
    let crowds = self.servicesByRegion
    return zip(self.intent.services, after.services).enumerated().compactMap { index, pair in
      let (service, steering) = pair
      guard service.name == steering.service, let old = past.steering(of: service.name, at: index),
        !isSame || old != steering
      else { return nil }
      let moves = SlotMoves(
        from: old, carrying: before.carrying, to: steering, carrying: after.carrying,
        dead: self.dead(of: service.name, on: state))
      guard moves.moved > 0 else { return nil }
      return ConnectionLoss(
        switch: name, service: service.name, placement: placement, moved: moves.moved, slots: moves.count,
        connections: moves.connections(of: self.openConnections(of: service, crowds)))
    }
  }

  private func dead(of service: ServiceName, on state: SwitchState) -> Set<RegionName> {
    let detection = self.intent.detection
    return Set(
      state.config.gateways.map(\.region).filter { region in
        let members = self.services[ServiceRegion(service: service, region: region)]?.standing(detection)
        return min(members ?? .out, state.standing(of: region, detection)) == .out
      })
  }

  /// By region, where that is known: agents count a service's connections if a policy needs it, and a gateway's in any
  /// case. They do not know through which switch each came.
  ///
  /// - Parameter crowds: how many services each region has.
  private func openConnections(of service: Service, _ crowds: [RegionName: Int]) -> [RegionName: Int] {
    let target = self.numbering.targetPort(of: service.listeners[0], in: service.name)
    var open: [RegionName: Int] = [:]
    for region in service.regions {
      guard let load = self.loads[region]?.load,
        self.intent.switches.count(where: { $0.gateway(of: region) != nil }) == 1
      else { continue }
      if let own = load.services.first(where: { $0.target == target }) {
        open[region] = Int(own.connections)
      } else if crowds[region] == 1 {
        open[region] = Int(load.connections)
      }
    }
    return open
  }

  private var servicesByRegion: [RegionName: Int] {
    var counts: [RegionName: Int] = [:]
    for service in self.intent.services { for region in service.regions { counts[region, default: 0] += 1 } }
    return counts
  }
}

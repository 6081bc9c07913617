// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FailureDetection
import ServiceModel
import Steering

extension ControlState {
  /// Says which services moved on a switch, what that breaks, and which have nobody left.
  ///
  /// - Parameter moved: the services that may have, by their places in the intent; nil: all.
  mutating func report(
    on name: SwitchName, from before: SteeringPlan, to after: SteeringPlan, moved: [Int]?,
    _ effects: inout [Effect]
  ) {
    guard let state = self.switches[name] else { return }
    let past = PastSteering(before, self.intent)
    for loss in self.losses(on: name, from: before, to: after) { effects.append(.record(.connectionsBreak(loss))) }
    for index in moved ?? Array(after.services.indices) {
      let steering = after.services[index]
      let old = past.steering(of: steering.service, at: index)?.shares(carrying: before.carrying) ?? []
      let new = steering.shares(carrying: after.carrying)
      // The same parts of another whole are the same to everybody.
      if old != new, old.text != new.text {
        effects.append(.record(.steered(name, steering.service, from: old, to: new)))
      }
      self.reportUnserved(steering, active: new, on: state, &effects)
    }
  }

  private mutating func reportUnserved(
    _ steering: ServiceSteering, active: [RegionShare], on state: SwitchState, _ effects: inout [Effect]
  ) {
    let name = state.config.name
    let detection = self.intent.detection
    // A gateway that has not been found yet is no outage.
    let isUnserved = steering.choices.allSatisfy { choice in
      let members = self.services[ServiceRegion(service: steering.service, region: choice.region)]
      let path = state.paths[choice.region]?.detector
      if self.drains[choice.region]?.isForced == true { return true }
      return min(members?.standing(detection) ?? .out, path?.standing(detection) ?? .out) < .proven
    }
    if isUnserved {
      guard self.unserved[name, default: []].insert(steering.service).inserted else { return }
      effects.append(.record(.allRegionsOut(name, steering.service, holding: active)))
    } else {
      self.unserved[name]?.remove(steering.service)
    }
  }
}

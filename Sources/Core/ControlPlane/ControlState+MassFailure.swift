// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FailureDetection
import ServiceModel

/// Too many services fail at once to be true: what fails from then on is held where it is, until a person says that it
/// is true, or all of it is well again.
extension ControlState {
  mutating func watchMassFailure(losing key: ServiceRegion, at now: Instant, _ effects: inout [Effect]) {
    let begins = self.massFailure.lost(
      key.service, in: key.region, of: self.intent.services.count, at: now, self.intent.detection.massFailure)
    if self.massFailure.isHolding { self.held.insert(key) }
    guard begins else { return }
    let (services, regions) = self.massFailure.failing
    effects.append(.record(.massFailure(services: services, of: self.intent.services.count, regions)))
  }

  /// Lets time pass.
  mutating func watchMassFailure(at now: Instant, _ effects: inout [Effect]) {
    let isOver = self.massFailure.advance(
      to: now, of: self.intent.services.count, isRecovered: self.held.isEmpty, self.intent.detection.massFailure)
    if isOver { self.releaseHeld(&effects) }
  }

  /// What failed is steered as it is again.
  mutating func releaseHeld(_ effects: inout [Effect]) {
    effects.append(.record(.massFailureOver(held: self.held.count)))
    for key in self.held {
      for config in self.intent.switches where config.gateway(of: key.region) != nil {
        self.switches[config.name]?.moved.insert(key.service)
      }
    }
    self.held = []
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceModel

/// What the switches' placements can do of what services ask for.
extension Rules {
  mutating func checkPlacements() {
    for `switch` in self.draft.switches {
      if let rules = `switch`.sourceRules, let placement = `switch`.placement, placement.value != .hash {
        self.report.add(
          .placementConflict, at: rules.location,
          "\(`switch`.title) has 'source-rules' and 'placement: \(placement.value.rawValue)'",
          hint: "take it out: only 'placement: hash' divides connections by rules for sources")
      }
      if let rate = `switch`.reactiveRate, `switch`.placement?.value != .reactive {
        self.report.add(
          .placementConflict, at: rate.location,
          "\(`switch`.title) has 'reactive-rate' without 'placement: reactive'",
          hint: "take it out: in other placements the controller is not asked about connections")
      }
      guard let placement = `switch`.placement, placement.value != .conntrack else { continue }
      let regions = Set(`switch`.gateways.compactMap { $0.region?.value })
      for service in self.draft.services
      where service.pools.contains(where: { regions.contains($0.region.value) }) {
        self.checkFragments(of: service, on: `switch`, placement.value)
        self.checkSpreading(of: service, on: `switch`, placement.value)
      }
    }
  }

  /// Pieces of a packet, but for the first, have no ports: only connection tracking puts them together.
  private mutating func checkFragments(of service: ServiceDraft, on switch: SwitchDraft, _ placement: Placement) {
    guard service.fragments == .keep, let listener = service.listeners.first(where: { $0.value.transport == .udp })
    else { return }
    self.report.add(
      .fragmentsLost, at: listener.location,
      "\(service.title) listens on UDP port \(listener.value.port), and \(`switch`.title) loses packets that come in "
        + "pieces with 'placement: \(placement.rawValue)'",
      hint: "write 'fragments: drop' if its packets are never longer than a frame, or choose 'placement: conntrack'")
  }

  private mutating func checkSpreading(of service: ServiceDraft, on switch: SwitchDraft, _ placement: Placement) {
    guard placement == .redirect, service.policy.isSpreading,
      !service.policy.followsLoad || service.trigger?.reaction?.value != .switchOver
    else { return }
    self.report.add(
      .placementConflict, at: service.location,
      "\(service.title) has 'policy: \(service.policy.rawValue)', which \(`switch`.title) cannot do with "
        + "'placement: redirect', where all goes to one region",
      hint: "choose 'policy: primary-replica', or 'reaction: switch-over' for one that follows the load, or "
        + "'placement: hash'")
  }
}

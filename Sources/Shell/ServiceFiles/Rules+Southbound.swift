// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceModel

/// What a switch cannot do whose OpenFlow connection another controller has: said when the file is checked, not when a
/// region dies.
extension Rules {
  mutating func checkSouthbound() {
    for `switch` in self.draft.switches {
      guard let southbound = `switch`.southbound else { continue }
      let driver = southbound.value.kind.title
      if let placement = `switch`.placement, !southbound.value.kind.placements.contains(placement.value) {
        self.report.add(
          .placementConflict, at: placement.location,
          "\(`switch`.title) has 'placement: \(placement.value.rawValue)', which \(driver) cannot be told by its API",
          hint:
            "choose \(southbound.value.kind.placements.map { "'placement: \($0.rawValue)'" }.joined(separator: " or "))"
        )
      }
      if `switch`.forwarding != .normal {
        self.report.add(
          .southboundConflict, at: `switch`.location,
          "\(`switch`.title) has 'forwarding: \(`switch`.forwarding.rawValue)', and \(driver) gets what it would learn from",
          hint: "take it out: \(driver) forwards what is no service's traffic")
      }
      if self.draft.detection.probe != .none {
        self.report.add(
          .southboundConflict, at: southbound.location,
          "\(`switch`.title) is driven through \(driver), which sends no probes, and 'probe' is "
            + "'\(self.draft.detection.probe.rawValue)'",
          hint: "write 'probe: none' in 'detection': regions are judged by heartbeats and by what other agents hear")
      }
      let regions = Set(`switch`.gateways.compactMap { $0.region?.value })
      for service in self.draft.services where !southbound.value.kind.knowsARP {
        guard let owner = service.owner, regions.contains(owner.value) else { continue }
        self.report.add(
          .southboundConflict, at: owner.location,
          "\(service.title) has the address of \(owner.value)'s own gateway, and \(driver) cannot be told which of the two answers for it",
          hint: "give it an address that no machine has, or have the switch speak OpenFlow to this controller")
      }
      for service in self.draft.services {
        guard case .v6(let address)? = service.virtualIP?.address,
          service.pools.contains(where: { regions.contains($0.region.value) })
        else { continue }
        self.report.add(
          .southboundConflict, at: service.location,
          "\(service.title) has the virtual IP \(address), and nobody on \(`switch`.title) can answer neighbour discovery "
            + "through \(driver)",
          hint: "give it an IPv4 address, or have the switch speak OpenFlow to this controller")
      }
    }
    for group in self.draft.switchGroups {
      for member in group.switches?.value ?? [] {
        guard let `switch` = self.draft.switches.first(where: { $0.name?.value == member.value }),
          let driver = `switch`.southbound?.value.kind.title
        else { continue }
        self.report.add(
          .southboundConflict, at: member.location,
          "\(`switch`.title) of \(group.title) is driven through \(driver), and cannot see the others of its group",
          hint: "take it out of the group, or have it speak OpenFlow to this controller")
      }
    }
  }
}

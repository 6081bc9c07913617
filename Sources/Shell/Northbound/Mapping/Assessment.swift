// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ControlPlane
import FailureDetection
import ServiceModel

/// How the resources of one status are doing, and what is wrong with them.
///
///     overall == healthy  ⟺  there is no alarm
extension StatusView {
  /// Every service is served, or which is the worst; at least degraded while anything is wrong.
  var overall: Health {
    let worst = self.services.map { self.health(of: $0) }.max() ?? .healthy
    return max(worst, self.alarms.isEmpty ? .healthy : .degraded)
  }

  /// - Returns: unavailable if no switch sends its new connections to a live region.
  func health(of service: ServiceStatus) -> Health {
    let serving = service.switches.count { $0.isServing }
    if serving == 0 { return .unavailable }
    let isWhole =
      serving == service.switches.count
      && service.regions.allSatisfy { $0.state == .serving && self.switchesWithoutPath(to: $0.region).isEmpty }
    return isWhole ? .healthy : .degraded
  }

  /// - Returns: unavailable if every switch has lost it.
  func health(of region: RegionStatus) -> Health {
    if !region.paths.isEmpty && region.paths.allSatisfy({ $0.isOut }) { return .unavailable }
    let agentIsWell =
      switch region.agent {
      case .heard: region.isCurrent
      case .leaving: true
      case .expected, .silent: false
      }
    let hasStandby = region.standing == nil || region.standing == .complete
    return agentIsWell && hasStandby && region.paths.allSatisfy { $0.state == .well } ? .healthy : .degraded
  }

  func health(of switch: SwitchStatus) -> Health {
    switch `switch`.state {
    case .disconnected: .unavailable
    case .reading, .following: .degraded
    case .programming, .programmed: `switch`.name == nil || `switch`.part?.doubt != nil ? .degraded : .healthy
    }
  }

  /// The switches that know that they cannot reach a region, in the order of the configuration.
  func switchesWithoutPath(to region: RegionName) -> [SwitchName] {
    self.regions.first { $0.name == region }?.paths.filter(\.isOut).map(\.switch) ?? []
  }
}

extension ServiceStatus.OnSwitch {
  /// New connections go to a region that is not known to be out.
  var isServing: Bool { !self.shares.isEmpty && !self.isHeld }
}

extension RegionStatus.Path {
  var isOut: Bool {
    if case .out = self.state { true } else { false }
  }
}

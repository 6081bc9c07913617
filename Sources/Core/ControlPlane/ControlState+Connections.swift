// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FailureDetection
import FlowPipeline
import OpenFlow
import ServiceModel
import Steering

extension ControlState {
  /// Connections that lead nowhere any more: to regions that were taken out, and to services whose members are dead.
  ///
  /// Forgotten by the switch, their next packet opens them anew in another region, which resets them: the client
  /// learns at once instead of by its own timeout. Nothing is forgotten while a plan is held.
  func deadConnections(from before: SwitchState, to after: SwitchState) -> [(RegionName?, ConntrackFlush)] {
    var flushes: [(RegionName?, ConntrackFlush)] = []
    for gateway in before.config.gateways
    where before.plan.carrying.contains(gateway.region) && !after.plan.carrying.contains(gateway.region) {
      flushes.append(
        (
          gateway.region,
          ConntrackFlush(zone: TableLayout.zone, reply: ConntrackFlush.Tuple(source: gateway.address))
        ))
    }
    let carrying = after.plan.carrying
    var past: [ServiceName: ServiceSteering] = [:]
    for steering in before.plan.services { past[steering.service] = steering }
    for (index, steering) in after.plan.services.enumerated()
    where index < self.intent.services.count && steering.active(carrying: carrying) != nil {
      guard let past = past[steering.service], past != steering else { continue }
      flushes += self.deadTargets(of: self.intent.services[index], past, steering, on: after).map { (nil, $0) }
    }
    return flushes
  }

  private func deadTargets(
    of service: Service, _ before: ServiceSteering, _ after: ServiceSteering, on datapath: SwitchState
  ) -> [ConntrackFlush] {
    var flushes: [ConntrackFlush] = []
    for choice in after.choices {
      let past = before.choices.first { $0.region == choice.region }?.eligibility
      // What was tried while a lost region was held leads nowhere, now that somebody else serves.
      let wasInVain = past == .held && choice.eligibility != .held && !datapath.plan.carrying.contains(choice.region)
      let hasDied =
        past == .withRegion && choice.eligibility == .excluded && self.areMembersDead(service.name, choice.region)
      guard wasInVain || hasDied, let gateway = datapath.config.gateway(of: choice.region) else { continue }
      for listener in service.listeners {
        flushes.append(
          ConntrackFlush(
            ipProtocol: 6, zone: TableLayout.zone,
            reply: ConntrackFlush.Tuple(
              source: gateway.address, sourcePort: self.numbering.targetPort(of: listener, in: service.name))))
      }
    }
    return flushes
  }

  private func areMembersDead(_ service: ServiceName, _ region: RegionName) -> Bool {
    guard case .out(let failure?)? = self.services[ServiceRegion(service: service, region: region)]?.state else {
      return false
    }
    return !failure.spareConnections
  }
}

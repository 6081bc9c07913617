// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FailureDetection
import FlowPipeline
import OpenFlow
import ServiceModel
import Steering

extension ControlState {
  /// Connections that a switch shall forget.
  struct Cut: Sendable, Equatable {
    var region: RegionName
    /// Nil: all of the region's.
    var service: ServiceName?
    var flush: ConntrackFlush
  }

  /// A switch goes on by its cached flows for a moment after a group changed, so a connection that begins in that
  /// moment may still be sent to the dead region, and would stay there: forget once more when the caches are renewed.
  static let lateCutDelay = Duration.milliseconds(500)

  mutating func cutLate(_ name: SwitchName, at now: Instant, _ effects: inout [Effect]) {
    guard let state = self.switches[name], let late = state.lateCuts, now >= late.at else { return }
    self.switches[name]?.lateCuts = nil
    let flushes = late.cuts.filter { $0.stillHolds(in: state.plan) }.map { MessageBody.conntrackFlush($0.flush) }
    if !flushes.isEmpty, state.connection != nil { effects.append(.send(state.config.datapath, flushes)) }
  }

  /// Connections that lead nowhere any more: to regions that were taken out, and to services whose members are dead.
  ///
  /// Forgotten by the switch, their next packet opens them anew in another region, which resets them: the client
  /// learns at once instead of by its own timeout. Nothing is forgotten while a plan is held.
  func deadConnections(from before: SwitchState, to after: SwitchState) -> [Cut] {
    var cuts: [Cut] = []
    for gateway in before.config.gateways
    where before.plan.carrying.contains(gateway.region) && !after.plan.carrying.contains(gateway.region) {
      cuts.append(
        Cut(
          region: gateway.region,
          flush: ConntrackFlush(zone: TableLayout.zone, reply: ConntrackFlush.Tuple(source: gateway.address))))
    }
    let carrying = after.plan.carrying
    var past: [ServiceName: ServiceSteering] = [:]
    for steering in before.plan.services { past[steering.service] = steering }
    for (index, steering) in after.plan.services.enumerated()
    where index < self.intent.services.count && steering.active(carrying: carrying) != nil {
      guard let past = past[steering.service], past != steering else { continue }
      cuts += self.deadTargets(of: self.intent.services[index], past, steering, on: after)
    }
    return cuts
  }

  private func deadTargets(
    of service: Service, _ before: ServiceSteering, _ after: ServiceSteering, on datapath: SwitchState
  ) -> [Cut] {
    var cuts: [Cut] = []
    for choice in after.choices {
      let past = before.choices.first { $0.region == choice.region }?.eligibility
      // What was tried while a lost region was held leads nowhere, now that somebody else serves.
      let wasInVain = past == .held && choice.eligibility != .held && !datapath.plan.carrying.contains(choice.region)
      let hasDied =
        past == .withRegion && choice.eligibility == .excluded && self.areMembersDead(service.name, choice.region)
      guard wasInVain || hasDied, let gateway = datapath.config.gateway(of: choice.region) else { continue }
      for listener in service.listeners {
        cuts.append(
          Cut(
            region: choice.region, service: service.name,
            flush: ConntrackFlush(
              ipProtocol: 6, zone: TableLayout.zone,
              reply: ConntrackFlush.Tuple(
                source: gateway.address, sourcePort: self.numbering.targetPort(of: listener, in: service.name)))))
      }
    }
    return cuts
  }

  private func areMembersDead(_ service: ServiceName, _ region: RegionName) -> Bool {
    guard case .out(let failure?)? = self.services[ServiceRegion(service: service, region: region)]?.state else {
      return false
    }
    return !failure.spareConnections
  }
}

extension ControlState.Cut {
  /// What was cut has not come back meanwhile.
  fileprivate func stillHolds(in plan: SteeringPlan) -> Bool {
    guard let service = self.service else { return !plan.carrying.contains(self.region) }
    return plan.services.first { $0.service == service }?.choices
      .contains { $0.region == self.region && $0.eligibility == .excluded } ?? false
  }
}

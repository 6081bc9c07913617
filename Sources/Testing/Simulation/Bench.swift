// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import DatapathModel
import FailureDetection
package import FlowPipeline
import OpenFlow
package import Reconciliation
package import ServiceModel
package import Steering

/// One switch that was programmed by hand, without a controller: for trying packets on a plan.
package struct Bench: Sendable {
  package let intent: Intent
  package let compiler: Compiler
  package var datapath: SoftwareSwitch
  package private(set) var plan = SteeringPlan.empty

  /// All gateways are known.
  package init(_ intent: Intent, placement: Placement = .conntrack, hasGroups: Bool = true) {
    self.intent = intent
    var facts = Site.makeFacts(regions: intent.regions.count, services: intent.services)
    facts.placement = placement
    facts.hasGroups = hasGroups
    self.compiler = Compiler(numbering: Numbering(intent), facts: facts)
    self.datapath = SoftwareSwitch(
      datapath: Site.datapath(0), ports: Site.makePorts(regions: intent.regions.count),
      extras: Set([.rewriting] + (placement == .conntrack ? [.conntrack] : []) + (hasGroups ? [.groups] : [])))
  }

  /// The plan of healthy days: all regions carry traffic and serve everything.
  package var healthyPlan: SteeringPlan {
    Self.healthyPlan(self.intent, slotCounts: self.compiler.facts.slotCounts)
  }

  package static func healthyPlan(
    _ intent: Intent, slotCounts: (Service) -> [Int] = { _ in Service.slotCounts }
  ) -> SteeringPlan {
    var health = HealthView(paths: [:], members: [:])
    for region in intent.regions { health.paths[region.name] = .well }
    for service in intent.services {
      for region in service.regions { health.members[service.name, default: [:]][region] = .well }
    }
    return steer(intent, on: intent.switches[0], given: health, previous: .empty, slotCounts: slotCounts)
  }

  /// What the tables say for a plan.
  package func program(_ plan: SteeringPlan) -> DatapathProgram {
    Blueprint(
      Catalogue(self.intent, numbering: self.compiler.numbering), facts: self.compiler.facts, plan: plan
    ).program
  }

  /// Has the switch follow a plan.
  ///
  /// - Returns: what it refused.
  @discardableResult
  package mutating func install(_ plan: SteeringPlan) -> [SwitchRefusal] {
    self.plan = plan
    return self.apply(ChangePlan(from: self.datapath.program, to: self.program(plan)))
  }

  @discardableResult
  package mutating func apply(_ change: ChangePlan) -> [SwitchRefusal] {
    change.messages.compactMap { self.datapath.apply($0).refusal }
  }

  /// Where a service's listener is on a gateway.
  package func target(of service: Service, inRegion region: Int) -> SocketEndpoint {
    SocketEndpoint(
      Site.gatewayAddress(region, of: service.virtualIP.address.family),
      self.compiler.numbering.targetPort(of: service.listeners[0], in: service.name))
  }

  /// What clients connect to.
  package func endpoint(of service: Service) -> SocketEndpoint {
    SocketEndpoint(service.virtualIP.address, service.listeners[0].port)
  }
}

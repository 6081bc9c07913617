// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ServiceModel

extension Rules {
  mutating func checkServices() {
    self.checkNames(self.draft.services.map(\.name), of: "service")
    self.checkListeners()
    self.checkVirtualIPs()
    var unreachable: Set<RegionName> = []
    for service in self.draft.services {
      self.checkOrder(of: service)
      self.checkPools(of: service, unreachable: &unreachable)
      self.checkFamilies(of: service)
      self.checkPolicy(of: service)
      self.checkWeights(of: service)
      self.checkTrigger(of: service)
      self.checkCheck(of: service)
    }
  }

  private struct Socket: Hashable {
    var address: IPAddress
    var transport: Listener.TransportProtocol
    var port: UInt16
  }

  private mutating func checkListeners() {
    var firsts: [Socket: (title: String, location: Location)] = [:]
    var count = 0
    let limit = Numbering.targetPorts.count
    for service in self.draft.services {
      for listener in service.listeners {
        count += 1
        if count == limit + 1 {
          self.report.add(
            .tooManyListeners, at: listener.location, "this is listener \(count) of the file",
            hint: "accepted: at most \(limit) in all services together, each has a port of its own on the gateways")
        }
        guard let address = service.address?.value else { continue }
        let (transport, port) = (listener.value.transport, listener.value.port)
        let socket = Socket(address: address, transport: transport, port: port)
        if let first = firsts[socket] {
          self.report.add(
            .listenerInUse, at: listener.location,
            "\(service.title) listens on \(address) \(transport.rawValue) port \(port), as \(first.title) does in line "
              + "\(first.location.line)",
            hint: "choose another port or another virtual IP")
        } else {
          firsts[socket] = (service.title, listener.location)
        }
      }
    }
  }

  private mutating func checkOrder(of service: ServiceDraft) {
    guard let order = service.order else {
      for pool in service.pools { self.checkRegion(pool.region, namedBy: service.title) }
      return
    }
    self.checkUnique(order, .duplicateRegion, hint: "name each region once") { region, first in
      "\(service.title) names the region '\(region)' twice in 'regions': first in line \(first.line)"
    }
    let members = Set(service.pools.map(\.region.value))
    let named = Set(order.map(\.value))
    for region in order where self.checkRegion(region, namedBy: service.title) && !members.contains(region.value) {
      self.report.add(
        .regionWithoutMembers, at: region.location, "\(service.title) has no members in region '\(region.value)'",
        hint: "add '\(region.value)' to 'members', or take it out of 'regions'")
    }
    for pool in service.pools
    where self.checkRegion(pool.region, namedBy: service.title) && !named.contains(pool.region.value) {
      self.report.add(
        .regionNotOrdered, at: pool.region.location,
        "\(service.title) has members in region '\(pool.region.value)', which its 'regions' leave out",
        hint: "add it to 'regions' of the service, or leave that key out for the order of the file")
    }
  }

  private mutating func checkPools(of service: ServiceDraft, unreachable: inout Set<RegionName>) {
    for pool in service.pools {
      let region = pool.region
      self.checkUnique(pool.members, .duplicateMember, hint: "name each member once") { member, first in
        "\(service.title) has the member \(member) twice in region '\(region.value)': first in line \(first.line)"
      }
      guard self.knowsAllGateways, self.regions?.contains(region.value) == true,
        self.gatewaysByRegion[region.value] == nil, unreachable.insert(region.value).inserted
      else { continue }
      self.report.add(
        .noGateway, at: region.location,
        "\(service.title) has members in region '\(region.value)', which has a gateway on no switch",
        hint: "add for example '{region: \(region.value), port: 2, address: 172.20.126.110}' to 'gateways' of a switch")
    }
  }

  /// What goes with other policies only.
  private mutating func checkPolicy(of service: ServiceDraft) {
    let spreading = names(of: Policy.allCases.filter(\.isSpreading))
    func conflict(_ what: String, _ location: Location, accepted: String) {
      self.report.add(
        .policyConflict, at: location,
        "\(service.title) has \(what), which 'policy: \(service.policy.rawValue)' does not take",
        hint: "take it out, or choose a policy that takes it: \(accepted)")
    }
    if let first = service.weights?.first, !service.policy.takesWeights {
      conflict("'weights'", first.region.location, accepted: names(of: Policy.allCases.filter(\.takesWeights)))
    }
    if service.policy.isSpreading {
      if let failback = service.failback, failback.value == .manual {
        conflict("'failback: manual'", failback.location, accepted: Policy.primaryReplica.rawValue)
      }
    } else {
      if let slowStart = service.slowStart { conflict("'slow-start'", slowStart.location, accepted: spreading) }
      if let slots = service.slots { conflict("'slots'", slots.location, accepted: spreading) }
      if let persistence = service.persistence, persistence.value == .client {
        conflict("'persistence: client'", persistence.location, accepted: spreading)
      }
    }
    if let trigger = service.trigger {
      if !service.policy.followsLoad {
        conflict("'trigger'", trigger.location, accepted: names(of: Policy.allCases.filter(\.followsLoad)))
      } else if !service.policy.hasThreshold, let threshold = trigger.threshold {
        conflict("'threshold'", threshold.location, accepted: names(of: Policy.allCases.filter(\.hasThreshold)))
      } else if service.policy != .cpu, let port = trigger.metricsPort {
        conflict("'metrics-port'", port.location, accepted: Policy.cpu.rawValue)
      }
    }
    if let persistence = service.persistence, persistence.value == .connection, service.policy == .sourceHash {
      conflict("'persistence: connection'", persistence.location, accepted: Policy.weighted.rawValue)
    }
  }

  private mutating func checkTrigger(of service: ServiceDraft) {
    guard service.policy.hasThreshold, service.trigger == nil || service.trigger?.isWithoutThreshold == true else {
      return
    }
    let unit = LoadUnit(service.policy)
    self.report.add(
      .noThreshold, at: service.trigger?.location ?? service.location,
      "\(service.title) has 'policy: \(service.policy.rawValue)' and no threshold",
      hint: "add 'trigger: {threshold: …}' with what one region may carry: \(unit.accepted)")
  }

  private mutating func checkWeights(of service: ServiceDraft) {
    guard service.policy.takesWeights else { return }
    guard let weights = service.weights else {
      guard service.policy == .weighted else { return }
      return self.report.add(
        .noWeights, at: service.location, "\(service.title) has 'policy: weighted' and no 'weights'",
        hint: "add for example 'weights: {lisbon: 60, porto: 40}', or choose 'round-robin' for equal shares")
    }
    if weights.allSatisfy({ $0.weight?.value == 0 }), !weights.isEmpty || service.policy == .weighted {
      self.report.add(
        .noWeights, at: weights.first?.weight?.location ?? service.location, "all weights of \(service.title) are 0",
        hint: "accepted: 0…1000, at least one above 0; 0 makes a region a standby")
    }
    let members = Set(service.pools.map(\.region.value))
    for weight in weights
    where self.checkRegion(weight.region, namedBy: service.title) && !members.contains(weight.region.value) {
      self.report.add(
        .regionWithoutMembers, at: weight.region.location,
        "\(service.title) has no members in region '\(weight.region.value)'",
        hint: "add '\(weight.region.value)' to 'members', or take it out of 'weights'")
    }
    let weighted = Set(weights.map(\.region.value))
    for pool in service.pools where !weights.isEmpty && !weighted.contains(pool.region.value) {
      self.report.add(
        .regionWithoutWeight, at: pool.region.location,
        "\(service.title) has members in region '\(pool.region.value)', which its 'weights' leave out",
        hint: "give it a weight, 0…1000; 0 makes it a standby")
    }
  }

  private mutating func checkCheck(of service: ServiceDraft) {
    let heartbeatInterval = self.draft.detection.heartbeatInterval
    if service.mode == .heartbeat, let interval = service.check.interval, interval.value > heartbeatInterval {
      self.report.add(
        .checkTooSlow, at: interval.location,
        "\(service.title) is checked every \(DurationText.write(interval.value)) with 'detection: heartbeat'",
        hint:
          "accepted: at most 'heartbeat-interval', \(DurationText.write(heartbeatInterval)), so that each heartbeat "
          + "tells of a new check")
    }
    if service.check.port == nil, let first = service.listeners.first, first.value.transport == .udp {
      self.report.add(
        .checkNeedsPort, at: service.location,
        "the first listener of \(service.title) speaks UDP, in which nobody has to answer, and 'check' names no 'port'",
        hint: "add for example 'check: {tcp: {}, port: 22}': a TCP port of the members that tells whether they serve")
    }
    let interval = service.check.interval(mode: service.mode, detection: self.draft.detection)
    if let timeout = service.check.timeout, timeout.value > interval {
      self.report.add(
        .checkTimeout, at: timeout.location,
        "a check of \(service.title) may take \(DurationText.write(timeout.value)), and one begins every "
          + DurationText.write(interval),
        hint:
          "accepted: at most 'interval', \(DurationText.write(interval)), so that 'fall' failures take no longer than "
          + "'fall' intervals and one timeout")
    }
  }
}

private func names(of policies: [Policy]) -> String { policies.map(\.rawValue).joined(separator: ", ") }

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
      self.checkCheck(of: service)
    }
  }

  private struct Socket: Hashable {
    var address: IPv4Address
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

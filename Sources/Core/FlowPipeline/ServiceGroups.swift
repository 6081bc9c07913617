// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import ServiceModel
import Steering

extension Compiler {
  /// Has groups of the switch choose a region, which pass over one that is dead by themselves.
  func divideByGroups(
    _ service: Service, _ listener: Listener, _ steering: ServiceSteering, targetPort: UInt16,
    into program: inout DatapathProgram
  ) {
    let groups = self.groups(service, listener, steering, targetPort: targetPort)
    program.groups.merge(groups) { _, new in new }
    program.add(
      .steer, TableLayout.Steer.listener, Match(self.arrivals(service, listener)), cookie: .service,
      [.applyActions([.group(GroupNumbers.service(targetPort: targetPort))])])
    self.dropInvalid(service, listener, into: &program)
  }

  /// The group that chooses the region of a new connection, and the one that divides them among several.
  private func groups(
    _ service: Service, _ listener: Listener, _ steering: ServiceSteering, targetPort: UInt16
  ) -> [GroupNumber: DatapathProgram.Group] {
    let number = GroupNumbers.service(targetPort: targetPort)
    let buckets = steering.choices.map {
      self.bucket(for: $0, service.virtualIP.address.family, listener, targetPort: targetPort)
    }
    guard !steering.slots.isEmpty else {
      return [number: DatapathProgram.Group(kind: .fastFailover, buckets: buckets.compactMap { $0 })]
    }
    // Equal slots, so that the switch's own rounding of weights does not count, and one that moves leaves the others
    // alone. Buckets of one region share their actions.
    let shares = buckets.map { bucket in
      bucket.map { Bucket(weight: 1, watchPort: $0.watchPort, watchGroup: $0.watchGroup, actions: $0.actions) }
    }
    let slots = GroupNumbers.slots(targetPort: targetPort)
    let sharing = Set(steering.slots)
    let standbys = buckets.indices.filter { !sharing.contains(UInt8($0)) }.compactMap { buckets[$0] }
    return [
      number: DatapathProgram.Group(
        kind: .fastFailover, buckets: [Bucket(watchGroup: slots, actions: [.group(slots)])] + standbys),
      slots: DatapathProgram.Group(
        kind: .select, buckets: steering.slots.compactMap { shares[Int($0)] },
        properties: self.selection(of: service, listener)),
    ]
  }

  /// What a select group hashes, where the switch can be told: all of a connection, UDP ports included, or only the
  /// client's address. A switch that cannot be told hashes what it likes.
  private func selection(of service: Service, _ listener: Listener) -> [GroupProperty] {
    guard self.facts.version >= .v1_5 else { return [] }
    if self.facts.isShared, service.persistence == .connection {
      return [.selectionMethod(self.sharedSelection(of: service, listener))]
    }
    let method =
      service.persistence == .client
      ? SelectionMethod(name: "hash", fields: [SelectionMethod.Field(service.virtualIP.address.family.sourceField)])
      : SelectionMethod(name: "dp_hash")
    return [.selectionMethod(method)]
  }

  private func bucket(
    for choice: RegionChoice, _ family: IPAddress.Family, _ listener: Listener, targetPort: UInt16
  ) -> Bucket? {
    guard let gateway = self.facts.gateways[choice.region] else { return nil }
    // One of a gateway that was not found yet keeps its place, so that no slot moves when it is.
    guard let actions = self.redirection(to: choice.region, family, listener.transport, targetPort: targetPort) else {
      return Bucket(watchGroup: GroupNumbers.unavailable, actions: [])
    }
    return self.bucket(for: choice, at: gateway, actions)
  }

  /// A bucket that lives as long as the region may be used.
  func bucket(for choice: RegionChoice, at gateway: DatapathFacts.GatewayFacts, _ actions: [Action]) -> Bucket {
    switch choice.eligibility {
    case .withRegion:
      Bucket(watchGroup: GroupNumbers.region(self.numbering.number(of: choice.region)), actions: actions)
    case .excluded: Bucket(watchGroup: GroupNumbers.unavailable, actions: actions)
    case .withPort: Bucket(watchPort: gateway.port, actions: actions)
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
package import ServiceModel
package import Steering

extension Compiler {
  /// Sends a service's new connections to its regions, and replies of its targets back.
  package func service(_ service: Service, _ steering: ServiceSteering) -> DatapathProgram {
    var program = DatapathProgram()
    for listener in service.listeners {
      let targetPort = self.numbering.targetPort(of: listener, in: service.name)
      let group = GroupNumbers.service(targetPort: targetPort)
      program.groups.merge(self.groups(service, steering, targetPort: targetPort)) { _, new in new }
      self.steer(service.virtualIP.address, listener, to: group, into: &program)
      for choice in steering.choices {
        self.answer(service.virtualIP, listener, from: choice.region, targetPort: targetPort, into: &program)
      }
    }
    return program
  }

  /// The group that chooses the region of a new connection, and the one that divides them among several.
  private func groups(
    _ service: Service, _ steering: ServiceSteering, targetPort: UInt16
  ) -> [GroupNumber: DatapathProgram.Group] {
    let number = GroupNumbers.service(targetPort: targetPort)
    let buckets = steering.choices.map { self.bucket(for: $0, targetPort: targetPort) }
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
        properties: self.selection(of: service)),
    ]
  }

  /// What a select group hashes, where the switch can be told: all of a connection, UDP ports included, or only the
  /// client's address. A switch that cannot be told hashes what it likes.
  private func selection(of service: Service) -> [GroupProperty] {
    guard self.facts.version >= .v1_5 else { return [] }
    let method =
      service.persistence == .client
      ? SelectionMethod(name: "hash", fields: [SelectionMethod.Field(.ipv4Source)]) : SelectionMethod(name: "dp_hash")
    return [.selectionMethod(method)]
  }

  private func steer(
    _ address: IPv4Address, _ listener: Listener, to group: GroupNumber, into program: inout DatapathProgram
  ) {
    let match: [MatchEntry] = [
      .ethernetType(0x0800), .ipProtocol(listener.transport.ipProtocol), .ipv4Destination(address),
      listener.transport.destination(listener.port),
    ]
    program.add(
      .steer, TableLayout.Steer.listener, Match(match + [.conntrackState(set: [.tracked, .new], unset: [.invalid])]),
      cookie: .service, [.applyActions([.group(group)])])
    program.add(
      .steer, TableLayout.Steer.invalid, Match(match + [.conntrackState(set: [.tracked, .invalid], unset: [])]),
      cookie: .service, [])
  }

  /// A bucket is an action set, in which an output beside conntrack would undo it: the mark brings the packet to
  /// its port in the table after.
  private func bucket(for choice: RegionChoice, targetPort: UInt16) -> Bucket? {
    guard let gateway = self.facts.gateways[choice.region] else { return nil }
    let number = self.numbering.number(of: choice.region)
    let commit = Action.conntrack(
      ConntrackAction(
        commit: true, zone: .number(TableLayout.zone), table: TableLayout.Table.deliver.rawValue,
        actions: [
          .nat(.destination(SocketEndpoint(gateway.address, targetPort))), .setField(.conntrackMark(number)),
        ]))
    return switch choice.eligibility {
    case .withRegion: Bucket(watchGroup: GroupNumbers.region(number), actions: [commit])
    case .excluded: Bucket(watchGroup: GroupNumbers.unavailable, actions: [commit])
    case .withPort: Bucket(watchPort: gateway.port, actions: [commit])
    }
  }

  /// Replies of a target are given the virtual IP as source again: by the connection's entry, or, where the switch
  /// has lost it, without one, so that a gateway's address never leaks and the connection goes on.
  private func answer(
    _ virtualIP: VirtualIP, _ listener: Listener, from region: RegionName, targetPort: UInt16,
    into program: inout DatapathProgram
  ) {
    guard let gateway = self.facts.gateways[region] else { return }
    let match: Match = [
      .inPort(gateway.port), .ethernetType(0x0800), .ipProtocol(listener.transport.ipProtocol),
      .ipv4Source(gateway.address), listener.transport.source(targetPort),
    ]
    program.add(
      .classify, TableLayout.Classify.reply, match, cookie: .service, [.applyActions([Self.track(then: .answer)])])
    program.add(
      .answer, TableLayout.Answer.untracked, match, cookie: .service,
      self.forward(after: [
        .setField(.ipv4Source(virtualIP.address)), .setField(listener.transport.source(listener.port)),
        .setField(.ethernetSource(virtualIP.mac)),
      ]))
  }
}

extension Listener.TransportProtocol {
  fileprivate func source(_ port: UInt16) -> MatchEntry {
    switch self {
    case .tcp: .tcpSource(port)
    case .udp: .udpSource(port)
    }
  }

  fileprivate func destination(_ port: UInt16) -> MatchEntry {
    switch self {
    case .tcp: .tcpDestination(port)
    case .udp: .udpDestination(port)
    }
  }
}

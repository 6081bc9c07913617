// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
package import ServiceModel
package import Steering

extension Compiler {
  /// Sends a service's new connections to the first region that is live, and replies of its targets back.
  package func service(_ service: Service, _ steering: ServiceSteering) -> DatapathProgram {
    var program = DatapathProgram()
    for listener in service.listeners {
      let targetPort = self.numbering.targetPort(of: listener, in: service.name)
      let group = GroupNumbers.service(targetPort: targetPort)
      program.groups[group] = DatapathProgram.Group(
        kind: .fastFailover,
        buckets: steering.choices.compactMap { self.bucket(for: $0, targetPort: targetPort) })
      self.steer(service.virtualIP.address, listener, to: group, into: &program)
      for choice in steering.choices {
        self.answer(service.virtualIP, listener, from: choice.region, targetPort: targetPort, into: &program)
      }
    }
    return program
  }

  private func steer(
    _ address: IPv4Address, _ listener: Listener, to group: GroupNumber, into program: inout DatapathProgram
  ) {
    let match: [MatchEntry] = [
      .ethernetType(0x0800), .ipProtocol(6), .ipv4Destination(address), .tcpDestination(listener.port),
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
      .inPort(gateway.port), .ethernetType(0x0800), .ipProtocol(6), .ipv4Source(gateway.address),
      .tcpSource(targetPort),
    ]
    program.add(
      .classify, TableLayout.Classify.reply, match, cookie: .service, [.applyActions([Self.track(then: .answer)])])
    program.add(
      .answer, TableLayout.Answer.untracked, match, cookie: .service,
      self.forward(after: [
        .setField(.ipv4Source(virtualIP.address)), .setField(.tcpSource(listener.port)),
        .setField(.ethernetSource(virtualIP.mac)),
      ]))
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import OpenFlow
package import ServiceModel
package import Steering

extension Compiler {
  /// Sends a service's new connections to its regions, and replies of its targets back.
  ///
  /// - Parameter carrying: regions that carry traffic.
  package func service(
    _ service: Service, _ steering: ServiceSteering, carrying: Set<RegionName>
  ) -> DatapathProgram {
    var program = DatapathProgram()
    for listener in service.listeners {
      let targetPort = self.numbering.targetPort(of: listener, in: service.name)
      switch self.facts.division(of: service) {
      case .groups: self.divideByGroups(service, listener, steering, targetPort: targetPort, into: &program)
      case .sourceRules:
        self.divideBySources(
          service, listener, steering, carrying: carrying, targetPort: targetPort, into: &program)
      case .controller: self.askController(service, listener, steering, carrying: carrying, into: &program)
      }
      for choice in steering.choices {
        self.answer(service.virtualIP, listener, from: choice.region, targetPort: targetPort, into: &program)
      }
    }
    return program
  }

  /// Packets of a listener for which a region is to be chosen: all, or those that begin a connection.
  func arrivals(_ service: Service, _ listener: Listener) -> [MatchEntry] {
    let all = Self.packets(to: service.virtualIP, listener)
    return self.facts.placement == .conntrack
      ? all + [.conntrackState(set: [.tracked, .new], unset: [.invalid])] : all
  }

  /// Packets that are part of no connection are dropped, where connections are known.
  func dropInvalid(_ service: Service, _ listener: Listener, into program: inout DatapathProgram) {
    guard self.facts.placement == .conntrack else { return }
    let match = Self.packets(to: service.virtualIP, listener)
    program.add(
      .steer, TableLayout.Steer.invalid, Match(match + [.conntrackState(set: [.tracked, .invalid], unset: [])]),
      cookie: .service, [])
  }

  private static func packets(to virtualIP: VirtualIP, _ listener: Listener) -> [MatchEntry] {
    [
      .ethernetType(virtualIP.address.family), .ipProtocol(listener.transport.ipProtocol),
      .ipDestination(virtualIP.address), listener.transport.destination(listener.port),
    ]
  }

  /// What makes a packet one for the target in a region.
  ///
  /// A bucket is an action set, in which an output beside conntrack would undo it: there the mark brings the packet to
  /// its port in the table after. Nil: it is not known where to send it.
  package func redirection(
    to region: RegionName, _ family: IPAddress.Family, _ transport: Listener.TransportProtocol, targetPort: UInt16
  ) -> [Action]? {
    guard let gateway = self.facts.gateways[region], let address = gateway.address(of: family) else { return nil }
    guard self.facts.placement == .conntrack else {
      guard let mac = gateway.mac else { return nil }
      return [
        .setField(.ipDestination(address)), .setField(transport.destination(targetPort)),
        .setField(.ethernetDestination(mac)), .output(gateway.port),
      ]
    }
    return [self.commit(to: region, .destination(SocketEndpoint(address, targetPort)))]
  }

  /// Has a connection's packets translated from now on, and marks it as the region's.
  func commit(to region: RegionName, _ translation: NATAction) -> Action {
    .conntrack(
      ConntrackAction(
        commit: true, zone: .number(TableLayout.zone), table: TableLayout.Table.deliver.rawValue,
        actions: [.nat(translation), .setField(.conntrackMark(self.numbering.number(of: region)))]))
  }

  /// Replies of a target are given the virtual IP as source again: by the connection's entry, or, where the switch
  /// keeps none or has lost it, without one, so that a gateway's address never leaks and the connection goes on.
  private func answer(
    _ virtualIP: VirtualIP, _ listener: Listener, from region: RegionName, targetPort: UInt16,
    into program: inout DatapathProgram
  ) {
    guard let gateway = self.facts.gateways[region],
      let address = gateway.address(of: virtualIP.address.family)
    else { return }
    let match: Match = [
      .inPort(gateway.port), .ethernetType(address.family), .ipProtocol(listener.transport.ipProtocol),
      .ipSource(address), listener.transport.source(targetPort),
    ]
    let answer = self.forward(after: [
      .setField(.ipSource(virtualIP.address)), .setField(listener.transport.source(listener.port)),
      .setField(.ethernetSource(virtualIP.mac)),
    ])
    guard self.facts.placement == .conntrack else {
      program.add(.classify, TableLayout.Classify.reply, match, cookie: .service, answer)
      return self.tellOfEnds(match, answer, into: &program)
    }
    program.add(
      .classify, TableLayout.Classify.reply, match, cookie: .service, [.applyActions([Self.track(then: .answer)])])
    program.add(.answer, TableLayout.Answer.untracked, match, cookie: .service, answer)
  }
}

extension Listener.TransportProtocol {
  func source(_ port: UInt16) -> MatchEntry {
    switch self {
    case .tcp: .tcpSource(port)
    case .udp: .udpSource(port)
    }
  }

  func destination(_ port: UInt16) -> MatchEntry {
    switch self {
    case .tcp: .tcpDestination(port)
    case .udp: .udpDestination(port)
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import ServiceModel

/// What is no service's traffic, where several switches forward at the same time and a router in front of them spreads
/// the flows.
///
/// Each forwards between the router and the gateways only: never from one gateway's segment to another's, nor back to
/// where it came from, and from a gateway's segment only what the gateway itself sent. So nothing that one switch has
/// forwarded passes another, and there is no loop, whatever bridges do in between.
///
/// Nobody answers for virtual IPs: two answers would make the router's table flap. The router has a route to them by the
/// switches' own addresses.
extension Compiler {
  func between(_ gateway: DatapathFacts.GatewayFacts, into program: inout DatapathProgram) {
    guard self.facts.isShared, let uplink = self.facts.sharedUplink, let mac = gateway.mac else { return }
    let down: [Instruction] = [.applyActions([.output(gateway.port)])]
    let fromRouter = MatchEntry.inPort(uplink)
    program.add(
      .classify, TableLayout.Classify.between, [.inPort(gateway.port), .ethernetSource(mac)], cookie: .region,
      [.applyActions([.output(uplink)])])
    program.add(
      .classify, TableLayout.Classify.between, [fromRouter, .ethernetDestination(mac)], cookie: .region, down)
    program.add(
      .classify, TableLayout.Classify.between,
      [fromRouter, .ethernetType(0x0806), .arpOperation(1), .arpTargetAddress(gateway.address)], cookie: .region, down)
    guard let ipv6 = gateway.ipv6 else { return }
    program.add(
      .classify, TableLayout.Classify.between,
      [
        fromRouter, .ethernetType(.v6), .ipProtocol(IPAddress.Family.v6.controlProtocol), .icmpv6Type(135),
        .ndTarget(ipv6),
      ],
      cookie: .region, down)
  }

  /// What a select group hashes so that every switch chooses alike: the fields themselves, by the switch's own
  /// arithmetic. `dp_hash` asks the datapath, and kernels and network cards hash by secrets of their own.
  func sharedSelection(of service: Service, _ listener: Listener) -> SelectionMethod {
    let family = service.virtualIP.address.family
    return SelectionMethod(
      name: "hash",
      fields: [
        SelectionMethod.Field(family.sourceField),
        SelectionMethod.Field(listener.transport == .tcp ? .tcpSource : .udpSource),
      ])
  }
}

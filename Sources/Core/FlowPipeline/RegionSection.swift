// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
package import ServiceModel
package import Steering

extension Compiler {
  /// The region group, the way to the gateway, and the way of probes' answers back.
  ///
  /// The group is what every service watches: emptying it, one message, takes the region out of all of them. It does
  /// not forward, so what is already connected still reaches a region that only lost new connections.
  /// One that is drained is not live either; that its bucket watches a group that never is tells a controller which
  /// begins anew.
  package func region(_ name: RegionName, _ use: SteeringPlan.Use) -> DatapathProgram {
    guard let gateway = self.facts.gateways[name] else { return DatapathProgram() }
    var program = DatapathProgram()
    if self.facts.keepsRegionsInGroups {
      program.groups[GroupNumbers.region(self.numbering.number(of: name))] = DatapathProgram.Group(
        kind: .fastFailover, buckets: Self.buckets(use, gateway.port))
    }
    self.hearAnswers(of: gateway, use, into: &program)
    self.between(gateway, into: &program)
    switch self.facts.placement {
    case .conntrack: self.deliver(to: name, at: gateway, into: &program)
    case .reactive:
      self.deliver(marked: self.mark(of: name), to: gateway, into: &program)
      self.tellOfErrors(from: gateway, into: &program)
    case .hash, .redirect: self.tellOfErrors(from: gateway, into: &program)
    }
    return program
  }

  /// Where there is no group to remember what a region is used for, the cookie of this flow does.
  private func hearAnswers(
    of gateway: DatapathFacts.GatewayFacts, _ use: SteeringPlan.Use, into program: inout DatapathProgram
  ) {
    let port = MatchEntry.inPort(gateway.port)
    // On a driven switch nobody probes, and the flow is there for its cookie.
    let answer: [Instruction] =
      self.facts.isDriven ? [] : [.applyActions([.output(port: .controller, maxLength: Self.probeLength)])]
    program.add(
      .classify, TableLayout.Classify.probe,
      [
        port, .ethernetType(0x0806), .arpOperation(2), .arpSenderAddress(gateway.address),
        .arpTargetAddress(self.facts.probeAddress),
      ],
      cookie: self.facts.keepsRegionsInGroups ? .probe : Cookie(probing: use), answer)
    guard !self.facts.isDriven else { return }
    program.add(
      .classify, TableLayout.Classify.probe,
      [
        port, .ethernetType(0x0800), .ipProtocol(1), .icmpv4Type(0), .ipv4Source(gateway.address),
        .ipv4Destination(self.facts.probeAddress),
      ],
      cookie: .probe, answer)
  }

  /// Whatever was committed to this region and has its address by now: also while it is still `new` because nobody has
  /// answered yet, or a client's second SYN would find no flow. And while it is `invalid`: whether a packet fits its
  /// connection is for its end to say (0023).
  private func deliver(
    to name: RegionName, at gateway: DatapathFacts.GatewayFacts, into program: inout DatapathProgram
  ) {
    let number = self.numbering.number(of: name)
    for address in gateway.addresses {
      program.add(
        .steer, TableLayout.Steer.established,
        [
          .ethernetType(address.family), .ipDestination(address),
          .conntrackState(set: [.tracked]), .conntrackMark(number),
        ],
        cookie: .region, [.gotoTable(TableLayout.Table.deliver.rawValue)])
    }
    for address in gateway.addresses { self.controlMessages(from: address, at: gateway.port, into: &program) }
    self.deliver(marked: .conntrackMark(number), to: gateway, into: &program)
    self.hairpin(to: name, at: gateway, into: &program)
  }

  private func deliver(
    marked mark: MatchEntry, to gateway: DatapathFacts.GatewayFacts, into program: inout DatapathProgram
  ) {
    guard let mac = gateway.mac else { return }
    program.add(
      .deliver, TableLayout.Deliver.region, [mark], cookie: .region,
      [.applyActions([.setField(.ethernetDestination(mac)), .output(gateway.port)])])
  }

  /// What packets of a region's connections carry from `steer` to `deliver`, where nothing is tracked.
  private func mark(of region: RegionName) -> MatchEntry {
    MatchEntry(.metadata, UInt128(self.numbering.number(of: region)))
  }

  private static func buckets(_ use: SteeringPlan.Use, _ port: PortNumber) -> [Bucket] {
    switch use {
    case .carrying: [Bucket(watchPort: port)]
    case .draining: [Bucket(watchGroup: GroupNumbers.unavailable)]
    case .out: []
    }
  }

  /// Bytes of a probe's answer that matter: an Ethernet, an IP and an ICMP header and the nonce fit.
  static let probeLength: UInt16 = 128
}

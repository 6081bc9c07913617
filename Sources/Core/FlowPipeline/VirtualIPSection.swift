// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
package import ServiceModel

extension Compiler {
  /// Answers questions for the virtual IP's MAC address, whoever lives, and sends its traffic on to where its region is
  /// chosen.
  package func virtualIP(_ virtualIP: VirtualIP) -> DatapathProgram {
    let address = virtualIP.address
    var program = self.facts.isShared ? DatapathProgram() : self.resolution(of: virtualIP)
    program.add(
      .classify, TableLayout.Classify.virtualIP, [.ethernetType(address.family), .ipDestination(address)],
      cookie: .virtualIP, self.find())
    if let owner = virtualIP.owner, let mac = self.facts.gateways[owner]?.mac,
      let port = self.facts.gateways[owner]?.port
    {
      // What is no listener's traffic still goes to the machine that has the address.
      let deliver: [Action] = [.setField(.ethernetDestination(mac)), .output(port)]
      program.add(
        .steer, TableLayout.Steer.owner, [.ethernetType(address.family), .ipDestination(address)],
        cookie: .virtualIP, [.applyActions(deliver)])
      self.tellOfErrors(to: address, deliver: deliver, into: &program)
    }
    self.echo(virtualIP, into: &program)
    guard self.facts.placement == .conntrack else { return program }
    program.add(
      .answer, TableLayout.Answer.tracked,
      [
        .ethernetType(address.family), .ipSource(address),
        // Nothing else has this source here. What the switch calls invalid has lost that it is a reply.
        .conntrackState(set: [.tracked], unset: [.new]),
      ],
      cookie: .virtualIP,
      self.forward(after: [.setField(.ethernetSource(virtualIP.mac))]))
    return program
  }

  /// Leads a client's packet to where its region is chosen.
  private func find() -> [Instruction] {
    switch self.facts.placement {
    case .conntrack: [.applyActions([Self.track(then: .steer)])]
    case .hash, .reactive, .redirect: [.gotoTable(TableLayout.Table.steer.rawValue)]
    }
  }

  /// All that the switch says, and lets others say, of the virtual IP's MAC address.
  package func resolution(of virtualIP: VirtualIP) -> DatapathProgram {
    switch virtualIP.address {
    case .v4(let address): self.addressResolution(address, virtualIP)
    case .v6(let address): self.neighbourDiscovery(address, virtualIP)
    }
  }

  private func addressResolution(_ address: IPv4Address, _ virtualIP: VirtualIP) -> DatapathProgram {
    var program = DatapathProgram()
    self.answer(for: address, virtualIP.mac, cookie: .virtualIP, into: &program)
    // Nobody else may claim the address; the owner of an adopted one is let through below.
    program.add(
      .classify, TableLayout.Classify.claim, [.ethernetType(0x0806), .arpSenderAddress(address)],
      cookie: .virtualIP, [])
    if let owner = virtualIP.owner { self.adopt(address, virtualIP, from: owner, into: &program) }
    return program
  }

  /// An adopted address: what the machine that has it says of it carries the virtual MAC, so that its neighbours never
  /// learn two.
  private func adopt(
    _ address: IPv4Address, _ virtualIP: VirtualIP, from owner: RegionName, into program: inout DatapathProgram
  ) {
    guard let gateway = self.facts.gateways[owner] else { return }
    let fromOwner = MatchEntry.inPort(gateway.port)
    // Is the address free? The owner asks before it takes it, and must not be told that it is taken.
    program.add(
      .classify, TableLayout.Classify.ownerResolution,
      [fromOwner, .ethernetType(0x0806), .arpTargetAddress(address)], cookie: .virtualIP, [])
    program.add(
      .classify, TableLayout.Classify.resolution, [fromOwner, .ethernetType(0x0806), .arpSenderAddress(address)],
      cookie: .virtualIP,
      self.forward(after: [.setField(.arpSenderHardware(virtualIP.mac))]))
    guard let mac = gateway.mac else { return }
    // Answers to what the owner asked.
    program.add(
      .classify, TableLayout.Classify.resolution,
      [.ethernetType(0x0806), .arpOperation(2), .arpTargetAddress(address)], cookie: .virtualIP,
      [
        .applyActions([
          .setField(.ethernetDestination(mac)), .setField(.arpTargetHardware(mac)), .output(gateway.port),
        ])
      ])
  }

  /// Looks a packet's connection up, does to its addresses what the connection's entry says, and goes on with it.
  static func track(then table: TableLayout.Table) -> Action {
    .conntrack(
      ConntrackAction(
        zone: .number(TableLayout.zone), table: table.rawValue, actions: [.nat(.followConnection)]))
  }
}

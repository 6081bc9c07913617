// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import ServiceModel

/// Neighbour discovery (RFC 4861) for an IPv6 virtual IP, answered in the switch: a solicitation is turned into the
/// advertisement that answers it and goes back by the port that it came from.
///
/// A message's link-layer option is the asker's address in a solicitation and the target's in an advertisement. That
/// the option becomes the virtual MAC takes two tables: an action may write the target's address only into what its
/// flow knows to be an advertisement. Actions cannot make an option, so the answer to a question without one has none
/// either, as the RFC allows (4.4): only who knows the MAC address already asks so.
///
/// The hop limit stays as it was: it is 255 in what comes from the link itself, and an answer to anything else is
/// ignored by whoever gets it (7.1.2).
extension Compiler {
  func neighbourDiscovery(_ address: IPv6Address, _ virtualIP: VirtualIP) -> DatapathProgram {
    var program = DatapathProgram()
    let question = solicitation + [.ndTarget(address)]
    if self.facts.answersQuestions {
      self.answer(question, for: address, virtualIP, into: &program)
    } else {
      self.askForResolution(question, into: &program)
    }
    // Nobody else may claim the address; the owner of an adopted one is let through below.
    program.add(
      .classify, TableLayout.Classify.claim, Match(advertisement + [.ndTarget(address)]), cookie: .virtualIP, [])
    program.add(
      .classify, TableLayout.Classify.claim, Match(solicitation + [.ipv6Source(address)]), cookie: .virtualIP, [])
    if let owner = virtualIP.owner { self.adopt(address, virtualIP, from: owner, into: &program) }
    return program
  }

  private func answer(
    _ question: [MatchEntry], for address: IPv6Address, _ virtualIP: VirtualIP, into program: inout DatapathProgram
  ) {
    let answer = advertisement(of: address, by: virtualIP.mac)
    program.add(
      .classify, TableLayout.Classify.neighbourQuestion, Match(question + [.ndOptionType(OptionType.source)]),
      cookie: .virtualIP,
      [
        .applyActions(answer + [.setField(.ndOptionType(OptionType.target))]),
        .gotoTable(TableLayout.Table.answer.rawValue),
      ])
    program.add(
      .answer, TableLayout.Answer.resolution, Match(advertisement + [.ndTarget(address)]), cookie: .virtualIP,
      [.applyActions([.setField(.ndTargetLinkLayer(virtualIP.mac)), .output(.inPort)])])
    program.add(
      .classify, TableLayout.Classify.resolution, Match(question), cookie: .virtualIP,
      [.applyActions(answer + [.output(.inPort)])])
    // Is the address free? No; but who asks has no address yet, so all are told, and nobody in particular (RFC 4862,
    // 5.4.4).
    program.add(
      .classify, TableLayout.Classify.duplicateCheck, Match(question + [.ipv6Source(.unspecified)]),
      cookie: .virtualIP, [.applyActions(defence(of: address, by: virtualIP.mac))])
  }

  /// An adopted address: what the machine that has it says of it carries the virtual MAC, so that its neighbours never
  /// learn two.
  private func adopt(
    _ address: IPv6Address, _ virtualIP: VirtualIP, from owner: RegionName, into program: inout DatapathProgram
  ) {
    guard let gateway = self.facts.gateways[owner] else { return }
    let fromOwner = MatchEntry.inPort(gateway.port)
    // Is the address free? The owner asks before it takes it, and must not be told that it is taken.
    program.add(
      .classify, TableLayout.Classify.ownerResolution, Match([fromOwner] + solicitation + [.ndTarget(address)]),
      cookie: .virtualIP, [])
    program.add(
      .classify, TableLayout.Classify.resolution, Match([fromOwner] + solicitation + [.ipv6Source(address)]),
      cookie: .virtualIP, self.forward(after: [.setField(.ndSourceLinkLayer(virtualIP.mac))]))
    program.add(
      .classify, TableLayout.Classify.resolution, Match([fromOwner] + advertisement + [.ndTarget(address)]),
      cookie: .virtualIP, self.forward(after: [.setField(.ndTargetLinkLayer(virtualIP.mac))]))
    guard let mac = gateway.mac else { return }
    // Answers to what the owner asked.
    program.add(
      .classify, TableLayout.Classify.resolution, Match(advertisement + [.ipv6Destination(address)]),
      cookie: .virtualIP, [.applyActions([.setField(.ethernetDestination(mac)), .output(gateway.port)])])
  }
}

private enum MessageType {
  static let solicitation: UInt8 = 135
  static let advertisement: UInt8 = 136
}

private enum OptionType {
  static let source: UInt8 = 1
  static let target: UInt8 = 2
}

private let solicitation: [MatchEntry] = [
  .ethernetType(.v6), .ipProtocol(IPAddress.Family.v6.controlProtocol), .icmpv6Type(MessageType.solicitation),
]

private let advertisement: [MatchEntry] = [
  .ethernetType(.v6), .ipProtocol(IPAddress.Family.v6.controlProtocol), .icmpv6Type(MessageType.advertisement),
]

/// Turns a solicitation into an advertisement for who asked. The flags come before the type, while it still is known
/// to be a message of neighbour discovery.
private func advertisement(of address: IPv6Address, by mac: MACAddress) -> [Action] {
  [
    .move(.ethernetSource, to: .ethernetDestination), .setField(.ethernetSource(mac)),
    .move(.ipv6Source, to: .ipv6Destination), .setField(.ipv6Source(address)),
    .setField(.ndFlags([.solicited, .override])), .setField(.icmpv6Type(MessageType.advertisement)),
  ]
}

/// Turns a solicitation into an advertisement for all, and sends it to who asked.
private func defence(of address: IPv6Address, by mac: MACAddress) -> [Action] {
  [
    // RFC 2464, 7
    .setField(.ethernetDestination(MACAddress(rawValue: 0x3333_0000_0001))), .setField(.ethernetSource(mac)),
    .setField(.ipv6Destination(.allNodes)), .setField(.ipv6Source(address)),
    .setField(.ndFlags([.override])), .setField(.icmpv6Type(MessageType.advertisement)), .output(.inPort),
  ]
}

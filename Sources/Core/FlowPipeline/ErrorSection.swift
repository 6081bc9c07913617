// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import ServiceModel

/// ICMP and ICMPv6 errors where connections are not tracked: OpenFlow cannot write what an error quotes, so the
/// controller is asked to.
extension Compiler {
  /// Whatever comes from a region's port goes on as before, and a copy to the controller: it may be about a client's
  /// packet to a target, of which the client knows nothing.
  func tellOfErrors(from gateway: DatapathFacts.GatewayFacts, into program: inout DatapathProgram) {
    guard !self.facts.isDriven else { return }
    for error in gateway.addresses.flatMap({ Self.errors($0.family) }) {
      program.add(
        .classify, TableLayout.Classify.error, Match([.inPort(gateway.port)] + error), cookie: .error,
        self.limit + self.forward(after: [Self.ask]))
    }
  }

  /// What comes to a virtual IP is about a reply of it, and only the controller can tell whose.
  func tellOfErrorsToVirtualIPs(into program: inout DatapathProgram) {
    guard self.facts.placement != .conntrack, !self.facts.isDriven else { return }
    for error in self.facts.families.flatMap(Self.errors) {
      program.add(
        .steer, TableLayout.Steer.listener, Match(error), cookie: .error, self.limit + [.applyActions([Self.ask])])
    }
  }

  /// Errors to an adopted address may be about a packet of its owner, too.
  ///
  /// - Parameter deliver: what brings a packet to the owner.
  func tellOfErrors(to owned: IPAddress, deliver: [Action], into program: inout DatapathProgram) {
    guard self.facts.placement != .conntrack, !self.facts.isDriven else { return }
    for error in Self.errors(owned.family) {
      program.add(
        .steer, TableLayout.Steer.established, Match(error + [.ipDestination(owned)]), cookie: .error,
        self.limit + [.applyActions([Self.ask] + deliver)])
    }
  }

  /// The whole packet: what it quotes has a checksum.
  private static let ask = Action.output(port: .controller, maxLength: Action.wholePacket)

  /// Has the controller asked no oftener than it may be, on a switch that can see to it.
  var limit: [Instruction] { self.facts.hasMeters ? [.meter(TableLayout.meter.rawValue)] : [] }

  private static func errors(_ family: IPAddress.Family) -> [[MatchEntry]] {
    family.errors.map { [.ethernetType(family), .ipProtocol(family.controlProtocol), family.controlType($0)] }
  }
}

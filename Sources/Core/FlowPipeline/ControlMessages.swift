// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import OpenFlow
import ServiceModel
import Steering

/// ICMP and ICMPv6 (RFC 792, RFC 4443): echo to a virtual IP, and errors that belong to a connection.
///
/// What comes to a virtual IP goes through connection tracking like everything else there: an error from the clients'
/// side, *packet too big* above all, is found to belong to a connection, and its addresses and those of the packet
/// that it quotes are translated, so it reaches the region that serves. What comes from a gateway must be sent there:
/// an error about a client's packet quotes the target's address, of which the client knows nothing.
extension Compiler {
  /// Messages from a gateway that may belong to a connection go through connection tracking. All others, and those that
  /// belong to none, are forwarded as before.
  func controlMessages(
    from address: IPAddress, at port: PortNumber, into program: inout DatapathProgram
  ) {
    let family = address.family
    let message: [MatchEntry] = [
      .inPort(port), .ethernetType(family), .ipProtocol(family.controlProtocol), .ipSource(address),
    ]
    for type in [family.echoReply] + family.errors {
      program.add(
        .classify, TableLayout.Classify.reply, Match(message + [family.controlType(type)]), cookie: .region,
        [.applyActions([Self.track(then: .answer)])])
    }
    program.add(.answer, TableLayout.Answer.untracked, Match(message), cookie: .region, self.forward())
  }

  /// A dedicated virtual IP answers echo requests as long as a region serves: that region's gateway does. Of services
  /// that share the address, one speaks for all.
  func echo(_ service: Service, _ steering: ServiceSteering, into program: inout DatapathProgram) {
    guard self.facts.placement == .conntrack, self.numbering.answersEcho(service),
      let listener = service.listeners.first
    else { return }
    let address = service.virtualIP.address
    let group = GroupNumbers.echo(targetPort: self.numbering.targetPort(of: listener, in: service.name))
    program.groups[group] = DatapathProgram.Group(
      kind: .fastFailover,
      buckets: steering.choices.compactMap { choice in
        guard let gateway = self.facts.gateways[choice.region], let target = gateway.address(of: address.family) else {
          return nil
        }
        return self.bucket(for: choice, at: gateway, [self.commit(to: choice.region, .destination(target))])
      })
    program.add(
      .steer, TableLayout.Steer.listener,
      [
        .ethernetType(address.family), .ipProtocol(address.family.controlProtocol), .ipDestination(address),
        address.family.controlType(address.family.echoRequest),
        .conntrackState(set: [.tracked, .new], unset: [.invalid]),
      ],
      cookie: .service, [.applyActions([.group(group)])])
  }
}

extension IPAddress.Family {
  fileprivate var echoRequest: UInt8 { self == .v4 ? 8 : 128 }
  fileprivate var echoReply: UInt8 { self == .v4 ? 0 : 129 }

  /// What quotes the packet that it is about: destination unreachable (with *fragmentation needed*), time exceeded and
  /// parameter problem; in IPv6 packet too big is a type of its own.
  fileprivate var errors: [UInt8] { self == .v4 ? [3, 11, 12] : [1, 2, 3, 4] }

  fileprivate func controlType(_ type: UInt8) -> MatchEntry { self == .v4 ? .icmpv4Type(type) : .icmpv6Type(type) }
}

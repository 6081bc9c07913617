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

  /// The group that chooses who answers echo requests: the gateway of the first region that carries traffic. One for
  /// all virtual IPs, so that they cost nothing when a service moves.
  ///
  /// Of IPv4 only: Open vSwitch before 3.1.5 ends when it is told to forget a connection of ICMPv6, which is what a
  /// region's death is followed by.
  func echoGroup(_ regions: [RegionName]) -> DatapathProgram.Group {
    DatapathProgram.Group(
      kind: .fastFailover,
      buckets: regions.compactMap { region in
        self.facts.gateways[region].map { gateway in
          Bucket(
            watchGroup: GroupNumbers.region(self.numbering.number(of: region)),
            actions: [self.commit(to: region, .destination(.v4(gateway.address)))])
        }
      })
  }

  /// A dedicated virtual IP answers echo requests as long as a region carries traffic; an adopted one's owner answers
  /// itself.
  func echo(_ virtualIP: VirtualIP, into program: inout DatapathProgram) {
    guard self.facts.placement == .conntrack, virtualIP.owner == nil, case .v4(let address) = virtualIP.address else {
      return
    }
    program.add(
      .steer, TableLayout.Steer.listener,
      [
        .ethernetType(.v4), .ipProtocol(IPAddress.Family.v4.controlProtocol), .ipv4Destination(address), .icmpv4Type(8),
        .conntrackState(set: [.tracked, .new], unset: [.invalid]),
      ],
      cookie: .virtualIP, [.applyActions([.group(GroupNumbers.echo)])])
  }
}

extension IPAddress.Family {
  fileprivate var echoReply: UInt8 { self == .v4 ? 0 : 129 }

  /// What quotes the packet that it is about: destination unreachable (with *fragmentation needed*), time exceeded and
  /// parameter problem; in IPv6 packet too big is a type of its own.
  var errors: [UInt8] { self == .v4 ? [3, 11, 12] : [1, 2, 3, 4] }

  func controlType(_ type: UInt8) -> MatchEntry { self == .v4 ? .icmpv4Type(type) : .icmpv6Type(type) }
}

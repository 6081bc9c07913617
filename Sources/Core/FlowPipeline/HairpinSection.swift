// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import OpenFlow
import ServiceModel

/// Clients that come in by the port behind which the gateway is that serves them: machines inside a region, the gateway
/// itself among them. Their packets turn around in the switch (RFC 4787, 6: hairpinning).
///
///     deliver   new source: the switch's own address ─┐                        to the gateway
///                                                     ├─▶ hairpin ── IN_PORT ─▶
///     classify  to the switch's own address ──────────┘      │
///                                                            └─▶ answer, as ever ── IN_PORT ─▶ to the client
///
/// A switch sends nothing back by the port that it came from unless told to. And a gateway answers a client on its own
/// segment directly, past the switch, so that the answer would come from an address that the client never called.
/// So such a connection is translated twice: its destination as everybody's is, and its source to an address that the
/// switch answers for. Both entries are in the zone of all connections and have the target as the source of their
/// replies, so that one NXT_CT_FLUSH cuts both.
extension Compiler {
  /// Carries a packet's second passage of connection tracking on to `answer`.
  static let turningBack = MatchEntry(.metadata, 1)

  /// What is of all regions: replies are translated back twice.
  func hairpins(into program: inout DatapathProgram) {
    guard self.facts.placement == .conntrack else { return }
    for address in self.facts.ownIPv6Addresses {
      program.merge(self.neighbourDiscovery(address, VirtualIP(address: .v6(address), mac: self.facts.probeMAC)))
      program.add(
        .classify, TableLayout.Classify.virtualIP, [.ethernetType(.v6), .ipDestination(.v6(address))], cookie: .base,
        [])
    }
    for family in self.facts.families {
      program.add(
        .hairpin, TableLayout.Hairpin.reply,
        [.ethernetType(family), .conntrackState(set: [.tracked, .reply], unset: [.invalid])], cookie: .base,
        [
          .applyActions([
            .move(source: ConnectionLabel.clientMAC, destination: FieldSlice(.ethernetDestination)),
            .move(source: ConnectionLabel.calledMAC, destination: FieldSlice(.ethernetSource)),
            .setField(Self.turningBack), .clearConntrack, Self.track(then: .answer),
          ])
        ])
    }
    program.add(
      .answer, TableLayout.Answer.hairpin,
      [Self.turningBack, .conntrackState(set: [.tracked, .reply], unset: [.new, .invalid])], cookie: .base,
      [.applyActions([.output(.inPort)])])
  }

  /// Two flows for each family of a region, whatever the number of services.
  func hairpin(to region: RegionName, at gateway: DatapathFacts.GatewayFacts, into program: inout DatapathProgram) {
    guard let mac = gateway.mac else { return }
    let number = self.numbering.number(of: region)
    let port = MatchEntry.inPort(gateway.port)
    for address in gateway.addresses {
      let own = self.facts.ownAddress(beside: address)
      program.add(
        .deliver, TableLayout.Deliver.hairpin, [port, .ethernetType(address.family), .conntrackMark(number)],
        cookie: .region, [.applyActions([.clearConntrack, self.hideSource(own, number)])])
      program.add(
        .classify, TableLayout.Classify.hairpin,
        [port, .ethernetType(address.family), .ipSource(address), .ipDestination(own)], cookie: .region,
        [.applyActions([Self.track(then: .hairpin)])])
    }
    // An answer to an echo request from the switch's own address could not be told from one to a probe.
    program.add(
      .deliver, TableLayout.Deliver.echo,
      [port, .ethernetType(.v4), .ipProtocol(IPAddress.Family.v4.controlProtocol), .icmpv4Type(8)],
      cookie: .region, [])
    // With the client's own MAC address as source, the region's switches would look for the client at their uplink.
    program.add(
      .hairpin, TableLayout.Hairpin.region,
      [port, .conntrackMark(number), .conntrackState(set: [.tracked], unset: [.reply, .invalid])], cookie: .region,
      [
        .applyActions([
          .setField(.ethernetSource(self.facts.probeMAC)), .setField(.ethernetDestination(mac)), .output(.inPort),
        ])
      ])
  }

  /// Has a connection's source translated from now on; its label remembers which MAC addresses the client has and called.
  private func hideSource(_ own: IPAddress, _ number: UInt32) -> Action {
    .conntrack(
      ConntrackAction(
        commit: true, zone: .number(TableLayout.zone), table: TableLayout.Table.hairpin.rawValue,
        actions: [
          .nat(.source(own)), .setField(.conntrackMark(number)),
          .move(source: FieldSlice(.ethernetSource), destination: ConnectionLabel.clientMAC),
          .move(source: FieldSlice(.ethernetDestination), destination: ConnectionLabel.calledMAC),
        ]))
  }
}

/// What the label of a connection that turns around remembers.
private enum ConnectionLabel {
  /// Of the client, or of the router in front of it.
  static let clientMAC = FieldSlice(.conntrackLabel, offset: 0, bitCount: 48)
  /// The virtual IP's.
  static let calledMAC = FieldSlice(.conntrackLabel, offset: 48, bitCount: 48)
}

extension DatapathFacts {
  /// The switch's own address on the network of a gateway's address, for which it answers: that of its probes, and in
  /// IPv6 one made of that one's MAC address in the gateway's /64 (RFC 4291, 2.5.1).
  package func ownAddress(beside gateway: IPAddress) -> IPAddress {
    switch gateway {
    case .v4: .v4(self.probeAddress)
    case .v6(let address): .v6(IPv6Address(network: address, mac: self.probeMAC))
    }
  }

  /// One for each network in which there are gateways, in ascending order.
  fileprivate var ownIPv6Addresses: [IPv6Address] {
    Set(self.gateways.values.compactMap { $0.ipv6.map { IPv6Address(network: $0, mac: self.probeMAC) } }).sorted()
  }

  /// Those of which gateways have addresses.
  var families: [IPAddress.Family] {
    [.v4] + (self.gateways.values.contains { $0.ipv6 != nil } ? [.v6] : [])
  }
}

extension IPv6Address {
  /// The network's /64 and the interface identifier that belongs to a MAC address (RFC 4291, appendix A).
  fileprivate init(network: IPv6Address, mac: MACAddress) {
    let (high, low) = (mac.rawValue >> 24, mac.rawValue & 0xff_ffff)
    let identifier = (high << 40 | 0xfffe << 24 | low) ^ 0x0200_0000_0000_0000
    self.init(rawValue: network.rawValue & ~UInt128(UInt64.max) | UInt128(identifier))
  }
}

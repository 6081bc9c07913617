// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import OpenFlow
package import ServiceModel

/// What a switch has told or shown of itself, as far as tables depend on it.
package struct DatapathFacts: Sendable, Equatable {
  /// A gateway whose port the switch has.
  package struct GatewayFacts: Sendable, Equatable {
    package var port: PortNumber
    package var address: IPv4Address
    /// Nil: it serves no IPv6 virtual IP.
    package var ipv6: IPv6Address?
    /// Nil until it was found.
    package var mac: MACAddress?

    package init(port: PortNumber, address: IPv4Address, ipv6: IPv6Address? = nil, mac: MACAddress?) {
      self.port = port
      self.address = address
      self.ipv6 = ipv6
      self.mac = mac
    }

    /// In ascending order.
    package var addresses: [IPAddress] { [.v4(self.address)] + (self.ipv6.map { [.v6($0)] } ?? []) }

    /// Where connections to a virtual IP of this family go.
    package func address(of family: IPAddress.Family) -> IPAddress? {
      self.addresses.first { $0.family == family }
    }
  }

  package var probeAddress: IPv4Address
  package var gateways: [RegionName: GatewayFacts]
  package var forwarding: ForwardingMode
  /// What it speaks: from 1.5 on a select group is told what to hash.
  package var version: ProtocolVersion
  package var placement: Placement
  /// It has the groups that we want: such as choose by a hash, and such as choose by who lives.
  package var hasGroups: Bool
  /// How many rules a listener may have where there are none.
  package var sourceRules: Int
  /// How often the controller may be asked, in the placement `reactive`. Per second
  package var reactiveRate: Int
  package var hasMeters: Bool
  /// It turns questions for MAC addresses into their answers.
  package var answersQuestions: Bool
  /// From where the other switches of its group probe, in order of preference; empty: it is alone.
  package var peers: [IPv4Address]
  /// Another switch of its group forwards: nothing passes here but what the controller asks and is answered.
  package var isGated: Bool
  /// All switches of its group forward, so none may forward between segments at large.
  package var isShared: Bool
  /// Where such a switch, or one that is driven, has its router; nil: it has no such port.
  package var sharedUplink: PortNumber?
  /// Another controller has its OpenFlow connection: what is no service's traffic is that one's business, and nobody
  /// can be asked or probed. Its flows say what OpenFlow 1.3 says.
  package var isDriven: Bool

  package init(
    probeAddress: IPv4Address, gateways: [RegionName: GatewayFacts], forwarding: ForwardingMode = .normal,
    version: ProtocolVersion = .v1_5, placement: Placement = .conntrack, hasGroups: Bool = true,
    sourceRules: Int = Switch.defaultSourceRules, reactiveRate: Int = Switch.defaultReactiveRate,
    hasMeters: Bool = false, answersQuestions: Bool = true, peers: [IPv4Address] = [], isGated: Bool = false,
    isShared: Bool = false, sharedUplink: PortNumber? = nil, isDriven: Bool = false
  ) {
    self.probeAddress = probeAddress
    self.gateways = gateways
    self.forwarding = forwarding
    self.version = version
    self.placement = placement
    self.hasGroups = hasGroups
    self.sourceRules = sourceRules
    self.reactiveRate = reactiveRate
    self.hasMeters = hasMeters
    self.answersQuestions = answersQuestions
    self.peers = peers
    self.isGated = isGated
    self.isShared = isShared
    self.sharedUplink = sharedUplink
    self.isDriven = isDriven
  }

  /// The source of probes; the switch answers for it as it does for a virtual IP.
  package var probeMAC: MACAddress { Self.probeMAC(of: self.probeAddress) }

  package static func probeMAC(of address: IPv4Address) -> MACAddress { VirtualIP.defaultMAC(for: address) }
}

extension DatapathFacts {
  /// Who divides a service's new connections among its regions.
  package enum Division: Sendable, Equatable {
    /// Groups of the switch, which pass over a region that is dead by themselves.
    case groups
    /// Rules for parts of the clients' addresses. If a region dies, the controller writes new ones.
    case sourceRules
    /// The controller, which is asked about each.
    case controller
  }

  /// The switch keeps its regions in groups.
  package var keepsRegionsInGroups: Bool { self.hasGroups && [.conntrack, .hash].contains(self.placement) }

  package func division(of service: Service) -> Division {
    if self.placement == .reactive { return .controller }
    // What a select group hashes is up to the switch before OpenFlow 1.5, but a client shall stay with its region, and
    // two switches that share the flows must agree.
    let isUnsure = (service.persistence == .client || self.isShared) && self.version < .v1_5
    return self.keepsRegionsInGroups && !isUnsure ? .groups : .sourceRules
  }

  /// Into how many slots the connections of a service may be divided; none: they all go to one region.
  package func slotCounts(for service: Service) -> [Int] {
    if self.placement == .redirect { return [] }
    return switch self.division(of: service) {
    case .groups, .controller: Service.slotCounts
    // Not fewer than groups have slots, if there may be as many: a dead region's share shall spread.
    case .sourceRules:
      Switch.sourceRuleCounts.filter { (min(self.sourceRules, Service.slotCounts[0])...self.sourceRules).contains($0) }
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import FlowPipeline
package import OpenFlow
package import ServiceModel

/// What services need of a switch's first table: packets to virtual IPs, questions for their MAC addresses, replies of
/// targets, and answers to the controller's own probes.
///
/// It is told from the configuration and not from the tables, so that it is the same whoever is out at the moment.
package struct ServiceClaims: Sendable, Equatable {
  private var virtualIPs: [IPAddress: MACAddress] = [:]
  private var probeAddress = IPv4Address(rawValue: 0)
  private var gateways: [GatewayPlace] = []
  private var targetPorts: Set<UInt16> = []
  private var isInGroup = false
  private var isServing = false

  private struct GatewayPlace: Sendable, Equatable {
    var addresses: [IPAddress]
    /// Nil: the switch is not connected, or has no such port.
    var port: PortNumber?
  }

  /// - Parameters:
  ///   - ports: the ports of the gateways, as far as they are known.
  ///   - isInGroup: other switches stand in for it.
  package init(
    _ config: Switch, _ intent: Intent, _ numbering: Numbering, ports: [RegionName: PortNumber], isInGroup: Bool
  ) {
    self.isServing = !intent.services.isEmpty
    self.isInGroup = isInGroup
    self.probeAddress = config.probeAddress
    self.gateways = config.gateways.map { GatewayPlace(addresses: $0.addresses, port: ports[$0.region]) }
    for service in intent.services {
      self.virtualIPs[service.virtualIP.address] = service.virtualIP.mac
      for listener in service.listeners {
        self.targetPorts.insert(numbering.targetPort(of: listener, in: service.name))
      }
    }
  }

  /// What an entry would take from whom.
  package struct Shadow: Sendable, Hashable, CustomStringConvertible {
    package enum Packets: Sendable, Hashable {
      case to(IPAddress), questionsFor(IPAddress), replies(from: IPAddress), probeAnswers, everything
    }

    package var packets: Packets
    /// Below this the services come first.
    package var limit: UInt16

    package var description: String {
      let what =
        switch self.packets {
        case .to(let address): "packets to the virtual IP \(address)"
        case .questionsFor(let address): "questions for the MAC address of \(address)"
        case .replies(let address): "replies of services behind the gateway \(address)"
        case .probeAnswers: "answers to the controller's probes"
        case .everything: "packets that a standby of a switch group must drop"
        }
      return "it would take \(what): give it a priority below \(self.limit), or a narrower match"
    }
  }

  /// The first thing that a flow of the first table would take; nil: nothing.
  package func shadow(of flow: StaticFlow) -> Shadow? {
    guard self.isServing else { return nil }
    let (match, priority) = (Admission(flow.match), flow.priority)
    func shadow(_ packets: Shadow.Packets, _ limit: UInt16) -> Shadow? {
      priority >= limit ? Shadow(packets: packets, limit: limit) : nil
    }
    if self.isInGroup, let found = shadow(.everything, TableLayout.Classify.gate) { return found }
    guard priority >= TableLayout.Classify.virtualIP else { return nil }
    if let address = self.virtualIP(match) {
      if let found = shadow(.to(address), TableLayout.Classify.virtualIP) { return found }
    }
    if let address = self.reply(match) {
      if let found = shadow(.replies(from: address), TableLayout.Classify.reply) { return found }
    }
    if let address = self.question(match) {
      if let found = shadow(.questionsFor(address), TableLayout.Classify.claim) { return found }
    }
    return self.isProbeAnswer(match) ? shadow(.probeAnswers, TableLayout.Classify.probe) : nil
  }

  // MARK: The claims

  private func virtualIP(_ match: Admission) -> IPAddress? {
    func fits(_ address: IPAddress, _ mac: MACAddress) -> Bool {
      match.admits(.ethernetDestination, UInt128(mac.rawValue)) && match.admits(to: address)
    }
    // Most entries name one address.
    if let exact = match.exactDestination {
      return self.virtualIPs[exact].flatMap { fits(exact, $0) ? exact : nil }
    }
    return self.virtualIPs.filter { fits($0.key, $0.value) }.keys.min()
  }

  private func reply(_ match: Admission) -> IPAddress? {
    guard match.admitsPort(of: self.targetPorts) else { return nil }
    for gateway in self.gateways where match.admits(port: gateway.port) {
      if let address = gateway.addresses.first(where: { match.admits(from: $0) }) { return address }
    }
    return nil
  }

  private func question(_ match: Admission) -> IPAddress? {
    func arp(_ address: IPv4Address) -> Bool {
      match.admits(.ethernetType, 0x0806)
        && (match.says(.arpTargetAddress, UInt128(address.rawValue))
          || match.says(.arpSenderAddress, UInt128(address.rawValue)) || !match.hasARPAddresses)
    }
    func neighbour(_ address: IPv6Address) -> Bool {
      match.admits(.ethernetType, 0x86dd) && match.admits(.ipProtocol, 58) && match.admits(.ndTarget, address.rawValue)
        && (match.admits(.icmpv6Type, 135) || match.admits(.icmpv6Type, 136))
    }
    if match.cannotAsk { return nil }
    let own = IPAddress.v4(self.probeAddress)
    if arp(self.probeAddress), !self.gateways.isEmpty { return own }
    return self.virtualIPs.keys.filter {
      switch $0 {
      case .v4(let address): arp(address)
      case .v6(let address): neighbour(address)
      }
    }.min()
  }

  private func isProbeAnswer(_ match: Admission) -> Bool {
    self.gateways.contains { gateway in
      guard match.admits(port: gateway.port), case .v4(let address)? = gateway.addresses.first else { return false }
      return match.admits(.ethernetType, 0x0800) && match.admits(.ipProtocol, 1)
        && match.admits(.ipv4Source, UInt128(address.rawValue))
        && match.admits(.ipv4Destination, UInt128(self.probeAddress.rawValue))
    }
  }
}

/// Which packets a match lets through.
private struct Admission {
  private let match: Match

  init(_ match: Match) { self.match = match }

  /// Whether packets with this value pass.
  func admits(_ field: MatchField, _ value: UInt128) -> Bool {
    guard let entry = self.match[field] else { return true }
    return value & (entry.mask ?? field.fullMask) == entry.value
  }

  /// The same, of a match that says something of the field.
  func says(_ field: MatchField, _ value: UInt128) -> Bool { self.match[field] != nil && self.admits(field, value) }

  var hasARPAddresses: Bool { self.match[.arpTargetAddress] != nil || self.match[.arpSenderAddress] != nil }

  /// What it lets through is neither ARP nor ICMPv6.
  var cannotAsk: Bool {
    if let type = self.match[.ethernetType]?.value, type != 0x0806, type != 0x86dd { return true }
    return self.match[.ipProtocol].map { $0.value != 58 } ?? false
  }

  /// The one address to which packets must go to pass.
  var exactDestination: IPAddress? {
    if let entry = self.match[.ipv4Destination], entry.mask == nil {
      return .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: entry.value)))
    }
    if let entry = self.match[.ipv6Destination], entry.mask == nil { return .v6(IPv6Address(rawValue: entry.value)) }
    return nil
  }

  /// Of a port that is not known, only who names no port is sure to let it through.
  func admits(port: PortNumber?) -> Bool {
    port.map { self.admits(.inPort, UInt128($0.rawValue)) } ?? (self.match[.inPort] == nil)
  }

  func admits(to address: IPAddress) -> Bool {
    switch address {
    case .v4(let address):
      self.admits(.ethernetType, 0x0800) && self.admits(.ipv4Destination, UInt128(address.rawValue))
    case .v6(let address): self.admits(.ethernetType, 0x86dd) && self.admits(.ipv6Destination, address.rawValue)
    }
  }

  func admits(from address: IPAddress) -> Bool {
    switch address {
    case .v4(let address):
      self.admits(.ethernetType, 0x0800) && self.admits(.ipv4Source, UInt128(address.rawValue))
    case .v6(let address): self.admits(.ethernetType, 0x86dd) && self.admits(.ipv6Source, address.rawValue)
    }
  }

  /// Whether packets from one of these ports, of TCP or UDP, pass, or answers to echo requests.
  func admitsPort(of ports: Set<UInt16>) -> Bool {
    if let number = self.match[.ipProtocol]?.value, number != 6, number != 17 { return number == 1 || number == 58 }
    for field in [MatchField.tcpSource, .udpSource] {
      guard let entry = self.match[field], entry.mask == nil else { continue }
      return ports.contains(UInt16(truncatingIfNeeded: entry.value))
    }
    return !ports.isEmpty
  }
}

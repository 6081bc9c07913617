// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import ServiceModel

/// Who is where in a lab: names, addresses, ports. Everything follows from a name and a number of regions.
///
///                          172.20.126.0/24, bridge `edge`
///     client .50 ── port 1 ┐                ┌ port 2 ── .11  r1-gw  192.168.101.1 ── .3  r1-member
///                          ├── Open vSwitch ┤
///     cold   .51 ─ port 32 ┘                └ port 3 ── .12  r2-gw  192.168.102.1 ── .3  r2-member
///
///     management: controller 10.99.0.1 ── 10.99.i.2 on each gateway
///
/// The management network is a star of point-to-point links, routed in the switch's namespace: it needs neither a
/// bridge nor VLANs, which small kernels lack.
package struct LabLayout: Sendable, Equatable, Codable {
  package static let maximumRegions = 16

  /// Distinguishes labs on one machine; prefix of the namespaces' names.
  package let name: String
  /// 1…16
  package let regionCount: Int
  package let hasColdClient: Bool
  /// Where heartbeats go: beside the traffic, or with it as in the thesis.
  package let heartbeatNetwork: LabNetwork
  /// Everybody on the provider network and inside a region has an IPv6 address too.
  package let hasIPv6: Bool
  /// Each region has a client behind the same port of the switch as its gateway.
  package let hasInsideClients: Bool
  /// 1…5. If there are several, etcd says which of them leads.
  package let controllerCount: Int
  /// 1…2. Two are in front of the same segments.
  package let switchCount: Int
  /// Of each region. 1…2; two stand in for each other.
  package let gatewayCount: Int

  package init(
    name: String, regionCount: Int, hasColdClient: Bool, heartbeatNetwork: LabNetwork = .management,
    hasIPv6: Bool = false, hasInsideClients: Bool = false, controllerCount: Int = 1,
    switchCount: Int = 1, gatewayCount: Int = 1
  ) {
    self.gatewayCount = gatewayCount
    self.switchCount = switchCount
    self.controllerCount = controllerCount
    self.name = name
    self.regionCount = regionCount
    self.hasColdClient = hasColdClient
    self.heartbeatNetwork = heartbeatNetwork
    self.hasIPv6 = hasIPv6
    self.hasInsideClients = hasInsideClients
  }

  package var regions: ClosedRange<Int> { 1...self.regionCount }
  package var controllers: ClosedRange<Int> { 1...self.controllerCount }
  package var switches: ClosedRange<Int> { 1...self.switchCount }

  package var gateways: ClosedRange<Int> { 1...self.gatewayCount }
  /// What is on a segment is plugged into a bridge, not into a switch.
  var hasSegments: Bool { self.switchCount > 1 || self.gatewayCount > 1 }

  /// What the agents of two gateways are called.
  package static func instanceName(_ number: Int) -> InstanceName { InstanceName(unchecked: "gw\(number)") }

  package static func host(ofGateway number: Int, _ region: Int) -> LabHost {
    number == 1 ? .gateway(region) : .secondGateway(region)
  }

  package static func regionName(_ region: Int) -> RegionName { RegionName(unchecked: "r\(region)") }

  // MARK: Hosts

  /// In the order in which they are made.
  package var hosts: [LabHost] {
    var hosts: [LabHost] = [.switch]
    if self.switchCount > 1 { hosts.append(.secondSwitch) }
    if self.hasSegments { hosts.append(.segments) }
    hosts.append(.client)
    if self.hasColdClient { hosts.append(.coldClient) }
    for region in self.regions {
      hosts += self.gateways.map { Self.host(ofGateway: $0, region) } + [.member(region)]
      if self.hasInsideClients { hosts.append(.insideClient(region)) }
    }
    return hosts
  }

  package func namespace(of host: LabHost) -> String { "\(self.name)-\(host)" }

  package func host(named text: String) -> LabHost? { self.hosts.first { $0.description == text } }

  // MARK: The provider network

  /// Of every switch, each of which has an Open vSwitch of its own.
  package static let bridge = "edge"

  package static func switchName(_ number: Int) -> SwitchName {
    SwitchName(unchecked: number == 1 ? Self.bridge : "\(Self.bridge)\(number)")
  }

  package static func host(ofSwitch number: Int) -> LabHost { number == 1 ? .switch : .secondSwitch }
  package static func datapath(ofSwitch number: Int) -> DatapathID { DatapathID(rawValue: UInt64(number)) }
  package static func probeAddress(ofSwitch number: Int) -> IPv4Address { Self.provider(4 + UInt32(number)) }

  /// The bridge of a segment, and what it is called at either end: `client`, or a region.
  package var segmentNames: [String] { ["client"] + self.regions.map { "r\($0)" } }

  package static let datapath = DatapathID(rawValue: 1)
  package static let virtualIP = Self.provider(100)
  /// The switch's own address, from which it probes the gateways; no interface has it.
  package static let probeAddress = Self.provider(5)
  package static let clientAddress = Self.provider(50)
  package static let coldClientAddress = Self.provider(51)
  package static let providerPrefixLength = 24
  /// With its length.
  package static let providerNetwork = "\(Self.provider(0))/\(Self.providerPrefixLength)"

  /// The controller's, on the bridge's own interface, if heartbeats go over the provider network.
  package static let controllerProviderAddress = Self.provider(2)

  package static func gatewayAddress(_ region: Int) -> IPv4Address { Self.provider(10 + UInt32(region)) }
  /// A machine's own address, where the gateway's moves between two.
  package static func machineAddress(_ region: Int, gateway number: Int) -> IPv4Address {
    Self.provider(90 + 10 * UInt32(number) + UInt32(region))
  }
  package static func insideClientAddress(_ region: Int) -> IPv4Address { Self.provider(60 + UInt32(region)) }

  /// No interface has it; the MAC address that is made of it belongs to the gateway's end of the link if that is a
  /// port of a bridge.
  static func uplinkAddress(_ region: Int) -> IPv4Address { Self.provider(80 + UInt32(region)) }

  /// The gateway's interface to the switch. Where there is a client beside the gateway, `ext` is a bridge between the
  /// two and this interface.
  var uplink: String { self.hasInsideClients ? "uplink" : "ext" }

  /// The OpenFlow port behind which a host is; nil if it is not on the provider network.
  package static func port(of host: LabHost) -> UInt32? {
    switch host {
    case .client: 1
    case .gateway(let region): UInt32(1 + region)
    case .coldClient: 32
    case .switch, .secondSwitch, .segments, .secondGateway, .member, .insideClient: nil
    }
  }

  private static func provider(_ host: UInt32) -> IPv4Address { IPv4Address(rawValue: 0xac14_7e00 | host) }

  // MARK: IPv6

  /// Of the service `web6`.
  package static let virtualIPv6 = Self.ipv6(Self.providerSubnet, 0x100)
  package static let ipv6PrefixLength = 64

  /// 2001:db8:126::11 for region 1, and so on; nil for a host without one on the provider network.
  package static func providerIPv6(of host: LabHost) -> IPv6Address? {
    switch host {
    case .client: Self.ipv6(Self.providerSubnet, 0x50)
    case .coldClient: Self.ipv6(Self.providerSubnet, 0x51)
    case .gateway(let region): Self.ipv6(Self.providerSubnet, 0x10 + UInt128(region))
    case .insideClient(let region): Self.ipv6(Self.providerSubnet, 0x60 + UInt128(region))
    case .switch, .secondSwitch, .segments, .secondGateway, .member: nil
    }
  }

  package static func gatewayIPv6(_ region: Int) -> IPv6Address {
    Self.ipv6(Self.providerSubnet, 0x10 + UInt128(region))
  }

  /// 2001:db8:101::3 for region 1.
  package static func memberIPv6(_ region: Int) -> IPv6Address { Self.ipv6(0x100 + UInt128(region), 3) }
  package static func gatewayInsideIPv6(_ region: Int) -> IPv6Address { Self.ipv6(0x100 + UInt128(region), 1) }

  private static let providerSubnet: UInt128 = 0x126

  /// In 2001:db8::/32, which is for documentation (RFC 3849).
  private static func ipv6(_ network: UInt128, _ host: UInt128) -> IPv6Address {
    IPv6Address(rawValue: 0x2001_0db8 << 96 | network << 80 | host)
  }

  // MARK: Inside a region

  package static func memberAddress(_ region: Int) -> IPv4Address { Self.inside(region, 3) }
  package static func gatewayInsideAddress(_ region: Int) -> IPv4Address { Self.inside(region, 1) }
  /// A machine's own address, where `gatewayInsideAddress` moves between two.
  package static func machineInsideAddress(_ region: Int, gateway number: Int) -> IPv4Address {
    Self.inside(region, 3 + UInt32(number))
  }
  package static let insidePrefixLength = 24

  private static func inside(_ region: Int, _ host: UInt32) -> IPv4Address {
    IPv4Address(rawValue: 0xc0a8_0000 | UInt32(100 + region) << 8 | host)
  }

  // MARK: The management network

  package static let controllerAddress = Self.management(0, 1)
  package static func openFlowPort(of controller: Int = 1) -> UInt16 { 6643 + 10 * UInt16(controller) }
  package static func agentsPort(of controller: Int = 1) -> UInt16 { 6644 + 10 * UInt16(controller) }
  /// Floodlight's API, on all addresses of the switch's namespace.
  package static func floodlightPort(of controller: Int = 1) -> UInt16 { 8075 + 10 * UInt16(controller) }
  /// On the loopback address of the switch's namespace.
  package static func api(of controller: Int = 1) -> SocketEndpoint {
    SocketEndpoint(IPv4Address(rawValue: 0x7f00_0001), 8070 + 10 * UInt16(controller))
  }
  /// Beside the controllers, where there are several.
  package static let etcd = SocketEndpoint(IPv4Address(rawValue: 0x7f00_0001), 2379)

  package static func managementAddress(_ region: Int, gateway number: Int = 1) -> IPv4Address {
    Self.management(region, 1 + UInt32(number))
  }

  /// Of the second switch.
  package static let switchManagementAddress = Self.management(100, 2)

  private static func management(_ region: Int, _ host: UInt32) -> IPv4Address {
    IPv4Address(rawValue: 0x0a63_0000 | UInt32(region) << 8 | host)
  }

  // MARK: Heartbeats

  /// Where a controller hears the agents.
  package func controllerEndpoint(of controller: Int = 1) -> SocketEndpoint {
    switch self.heartbeatNetwork {
    case .management: SocketEndpoint(Self.controllerAddress, Self.agentsPort(of: controller))
    case .provider: SocketEndpoint(Self.controllerProviderAddress, Self.agentsPort(of: controller))
    }
  }

  /// Where a region's agent hears the other agents.
  package func agentEndpoint(_ region: Int, gateway number: Int = 1) -> SocketEndpoint {
    switch self.heartbeatNetwork {
    case .management: SocketEndpoint(Self.managementAddress(region, gateway: number), 6655)
    case .provider: SocketEndpoint(Self.gatewayAddress(region), 6655)
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import FlowPipeline
package import OpenFlow
package import ServiceModel

/// Where everything is in a simulated network: names, addresses and ports follow from indices, so that a story can be
/// read without a map. Region 0 is `r1`, its gateway on switch 0 is 10.0.0.11 at port 11, and so on.
package enum Site {
  /// The port of every switch behind which the clients are.
  package static let clientPort: PortNumber = 1

  package static func region(_ index: Int) -> RegionName { RegionName(unchecked: "r\(index + 1)") }
  package static func service(_ index: Int) -> ServiceName { ServiceName(unchecked: "service-\(index + 1)") }
  package static func controller(_ index: Int) -> String { "controller \(index + 1)" }
  package static func switchName(_ index: Int) -> SwitchName { SwitchName(unchecked: "s\(index + 1)") }
  package static func datapath(_ index: Int) -> DatapathID { DatapathID(rawValue: 0x49 << 8 | UInt64(index + 1)) }

  package static func gatewayPort(_ region: Int) -> PortNumber { PortNumber(UInt32(11 + region)) }

  package static func gatewayAddress(_ region: Int, onSwitch index: Int = 0) -> IPv4Address {
    IPv4Address(rawValue: 0x0a00_000b + UInt32(region) + UInt32(index) << 8)
  }

  /// 2001:db8::b and following.
  package static func gatewayIPv6(_ region: Int, onSwitch index: Int = 0) -> IPv6Address {
    IPv6Address(rawValue: 0x2001_0db8 << 96 | UInt128(0xb + region) | UInt128(index) << 16)
  }

  package static func gatewayAddress(
    _ region: Int, onSwitch index: Int = 0, of family: IPAddress.Family
  ) -> IPAddress {
    switch family {
    case .v4: .v4(self.gatewayAddress(region, onSwitch: index))
    case .v6: .v6(self.gatewayIPv6(region, onSwitch: index))
    }
  }

  package static func gatewayMAC(_ region: Int, onSwitch index: Int = 0) -> MACAddress {
    MACAddress(rawValue: 0x0200_0000_0000 | UInt64(index) << 8 | UInt64(region + 1))
  }

  package static func probeAddress(onSwitch index: Int = 0) -> IPv4Address {
    IPv4Address(rawValue: 0x0a00_0001 + UInt32(index) << 8)
  }

  /// 203.0.113.1 and following.
  package static func virtualIP(_ index: Int) -> IPv4Address { IPv4Address(rawValue: 0xcb00_7101 + UInt32(index)) }

  /// 2001:db8:1::1 and following.
  package static func virtualIPv6(_ index: Int) -> IPv6Address {
    IPv6Address(rawValue: 0x2001_0db8_0001 << 80 | UInt128(index + 1))
  }

  /// 198.51.100.1, the only client; its connections differ in their ports.
  package static let clientAddress = IPv4Address(rawValue: 0xc633_6401)
  /// 2001:db8:2::1, the same client.
  package static let clientIPv6 = IPv6Address(rawValue: 0x2001_0db8_0002 << 80 | 1)

  package static func clientAddress(_ family: IPAddress.Family) -> IPAddress {
    switch family {
    case .v4: .v4(self.clientAddress)
    case .v6: .v6(self.clientIPv6)
    }
  }

  package static let clientMAC = MACAddress(rawValue: 0x02c0_0000_0001)

  /// The member that a service has in a region, behind its gateway.
  package static func member(
    of service: Int, inRegion region: Int, _ family: IPAddress.Family = .v4
  ) -> IPAddress {
    switch family {
    case .v4: .v4(IPv4Address(rawValue: 0xc0a8_000a + UInt32(region) << 8 + UInt32(service)))
    case .v6: .v6(IPv6Address(rawValue: 0x2001_0db8_0003 << 80 | UInt128(region + 1) << 16 | UInt128(service + 1)))
    }
  }

  /// A service that listens on port 80 of a virtual IP of its own.
  ///
  /// - Parameter preference: indices of regions, the most preferred first.
  package static func makeService(
    _ index: Int, preference: [Int], policy: Policy = .primaryReplica, weights: [Int] = [],
    trigger: Trigger? = nil, failback: Failback = .automatic, mode: Detection.Mode = .immediate,
    owner: RegionName? = nil,
    address: IPAddress? = nil
  ) -> Service {
    let address = address ?? .v4(Self.virtualIP(index))
    return Service(
      name: Self.service(index), virtualIP: VirtualIP(address: address, owner: owner),
      listeners: [Listener(port: 80)], policy: policy, trigger: trigger, failback: failback,
      mode: mode,
      pools: preference.enumerated().map { place, region in
        Pool(
          region: Self.region(region), members: [Self.member(of: index, inRegion: region, address.family)],
          weight: place < weights.count ? weights[place] : Pool.defaultWeight)
      })
  }

  /// Every switch reaches every region. Gateways have an IPv6 address if a service needs one.
  package static func makeIntent(
    regions: Int, switches: Int = 1, detection: Detection = Detection(), services: [Service]
  ) -> Intent {
    let hasIPv6 = Self.hasIPv6(services)
    return Intent(
      detection: detection,
      regions: (0..<regions).compactMap { index in
        RegionKey(bytes: [UInt8](repeating: UInt8(truncatingIfNeeded: index + 1), count: RegionKey.length)).map {
          Region(name: Self.region(index), key: $0)
        }
      },
      switches: (0..<switches).map { index in
        Switch(
          name: Self.switchName(index), datapath: Self.datapath(index),
          probeAddress: Self.probeAddress(onSwitch: index),
          gateways: (0..<regions).map {
            Gateway(
              region: Self.region($0), port: .number(Self.gatewayPort($0).rawValue),
              address: Self.gatewayAddress($0, onSwitch: index),
              ipv6: hasIPv6 ? Self.gatewayIPv6($0, onSwitch: index) : nil)
          })
      },
      services: services)
  }

  private static func hasIPv6(_ services: [Service]) -> Bool {
    services.contains { $0.virtualIP.address.family == .v6 }
  }

  /// What a controller knows of a switch when it has found all gateways.
  package static func makeFacts(regions: Int, services: [Service] = [], onSwitch index: Int = 0) -> DatapathFacts {
    var gateways: [RegionName: DatapathFacts.GatewayFacts] = [:]
    for region in 0..<regions {
      gateways[Self.region(region)] = DatapathFacts.GatewayFacts(
        port: Self.gatewayPort(region), address: Self.gatewayAddress(region, onSwitch: index),
        ipv6: Self.hasIPv6(services) ? Self.gatewayIPv6(region, onSwitch: index) : nil,
        mac: Self.gatewayMAC(region, onSwitch: index))
    }
    return DatapathFacts(probeAddress: Self.probeAddress(onSwitch: index), gateways: gateways)
  }

  /// The ports of a switch: one for the clients, one for each gateway.
  package static func makePorts(regions: Int) -> [PortDescription] {
    ([Self.clientPort] + (0..<regions).map(Self.gatewayPort)).map {
      PortDescription(
        number: $0, hardwareAddress: MACAddress(rawValue: 0x02aa_0000_0000 | UInt64($0.rawValue)), name: "port\($0)")
    }
  }
}

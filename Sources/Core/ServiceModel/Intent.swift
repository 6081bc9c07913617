// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// What an operator wants: the whole configuration, checked, without any trace of how it was written down.
package struct Intent: Sendable, Equatable {
  package var detection: Detection
  /// In the order of the file, which is the order of preference where a service names none.
  package var regions: [Region]
  package var switches: [Switch]
  package var services: [Service]

  package init(detection: Detection, regions: [Region], switches: [Switch], services: [Service]) {
    self.detection = detection
    self.regions = regions
    self.switches = switches
    self.services = services
  }

  package static let empty = Intent(detection: Detection(), regions: [], switches: [], services: [])
}

/// One independent cloud in which copies of the services run.
package struct Region: Sendable, Equatable {
  package var name: RegionName
  /// Authenticates the agent's heartbeats and seals its assignment. 32 bytes.
  package var key: RegionKey
  /// Where the other agents reach this region's agent with heartbeats; nil: they do not.
  package var management: SocketEndpoint?

  package init(name: RegionName, key: RegionKey, management: SocketEndpoint? = nil) {
    self.name = name
    self.key = key
    self.management = management
  }
}

/// A secret that a region shares with the controllers. Never printed.
package struct RegionKey: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
  package static let length = 32
  package let bytes: [UInt8]

  /// Nil unless there are exactly 32 bytes.
  package init?(bytes: [UInt8]) {
    guard bytes.count == Self.length else { return nil }
    self.bytes = bytes
  }

  package var description: String { "(key)" }
  package var debugDescription: String { "(key)" }
}

/// An OpenFlow datapath in front of the regions.
package struct Switch: Sendable, Equatable {
  package var name: SwitchName
  package var datapath: DatapathID
  /// An address of the switch's own in the gateways' subnet, from which it probes them.
  package var probeAddress: IPv4Address
  /// One for each region that this switch reaches, in the order of the file.
  package var gateways: [Gateway]

  package init(name: SwitchName, datapath: DatapathID, probeAddress: IPv4Address, gateways: [Gateway]) {
    self.name = name
    self.datapath = datapath
    self.probeAddress = probeAddress
    self.gateways = gateways
  }

  package func gateway(of region: RegionName) -> Gateway? {
    self.gateways.first { $0.region == region }
  }
}

/// A region's VNF machine as one switch sees it.
package struct Gateway: Sendable, Equatable {
  package var region: RegionName
  package var port: PortReference
  package var address: IPv4Address
  /// Fixed by the operator; nil: found by probing.
  package var mac: MACAddress?

  package init(region: RegionName, port: PortReference, address: IPv4Address, mac: MACAddress? = nil) {
    self.region = region
    self.port = port
    self.address = address
    self.mac = mac
  }
}

/// A port of a switch by its OpenFlow number or by its name.
package enum PortReference: Sendable, Hashable, CustomStringConvertible {
  case number(UInt32)
  case name(String)

  package var description: String {
    switch self {
    case .number(let number): "\(number)"
    case .name(let name): name
    }
  }
}

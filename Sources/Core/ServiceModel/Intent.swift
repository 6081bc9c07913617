// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// What an operator wants: the whole configuration, checked, without any trace of how it was written down.
package struct Intent: Sendable, Equatable {
  package var detection: Detection
  /// In the order of the file, which is the order of preference where a service names none.
  package var regions: [Region]
  package var switches: [Switch]
  /// Which of the switches stand in for each other.
  package var switchGroups: [SwitchGroup]
  package var services: [Service]

  package init(
    detection: Detection, regions: [Region], switches: [Switch], switchGroups: [SwitchGroup] = [], services: [Service]
  ) {
    self.detection = detection
    self.regions = regions
    self.switches = switches
    self.switchGroups = switchGroups
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
  /// As that, of the agent on a second gateway that stands in for the first.
  package var secondManagement: SocketEndpoint?
  /// Nil: without limit.
  package var capacity: Capacity?

  package init(
    name: RegionName, key: RegionKey, management: SocketEndpoint? = nil,
    secondManagement: SocketEndpoint? = nil, capacity: Capacity? = nil
  ) {
    self.name = name
    self.key = key
    self.management = management
    self.secondManagement = secondManagement
    self.capacity = capacity
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

  /// Why a text is no key. Holds nothing of the text.
  package enum TextProblem: Error, Sendable, Equatable, CustomStringConvertible {
    case length(Int)
    case alphabet

    package var description: String {
      switch self {
      case .length(let count): "has \(count) characters"
      case .alphabet: "has characters that are no hexadecimal digits"
      }
    }
  }

  /// What `init(hexadecimal:)` accepts, for people.
  package static let accepted =
    "\(length * 2) hexadecimal digits (\(length) bytes), as 'openssl rand -hex \(length)' makes them"

  /// Reads 64 hexadecimal digits of ASCII; white space and line ends around them are left out.
  package init(hexadecimal text: some BidirectionalCollection<UInt8>) throws(TextProblem) {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
    let first = text.firstIndex { !isBlank($0) } ?? text.endIndex
    let last = text.lastIndex { !isBlank($0) }.map(text.index(after:)) ?? first
    let digits = text[first..<last]
    guard digits.count == Self.length * 2 else { throw .length(digits.count) }
    var bytes: [UInt8] = []
    var high: UInt8?
    for digit in digits {
      guard let value = Character(Unicode.Scalar(digit)).hexDigitValue.map(UInt8.init) else { throw .alphabet }
      if let first = high { bytes.append(first << 4 | value) }
      high = high == nil ? value : nil
    }
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
  package var forwarding: ForwardingMode
  /// Nil: the best that the switch can do.
  package var placement: Placement?
  /// How many rules a listener may have if the switch has no select groups. One of `sourceRuleCounts`
  package var sourceRules: Int
  /// How often it may ask about connections in the placement `reactive`. Per second, `reactiveRates`
  package var reactiveRate: Int
  /// The ports towards the clients; empty: it is not told. Only a switch in a group needs to know.
  package var uplinks: [PortReference]
  /// Who has its OpenFlow connection; nil: this controller.
  package var southbound: ForeignController?

  package init(
    name: SwitchName, datapath: DatapathID, probeAddress: IPv4Address, gateways: [Gateway],
    forwarding: ForwardingMode = .normal, placement: Placement? = nil, sourceRules: Int = Switch.defaultSourceRules,
    reactiveRate: Int = Switch.defaultReactiveRate, uplinks: [PortReference] = [],
    southbound: ForeignController? = nil
  ) {
    self.name = name
    self.datapath = datapath
    self.probeAddress = probeAddress
    self.gateways = gateways
    self.forwarding = forwarding
    self.placement = placement
    self.sourceRules = sourceRules
    self.reactiveRate = reactiveRate
    self.uplinks = uplinks
    self.southbound = southbound
  }

  package func gateway(of region: RegionName) -> Gateway? {
    self.gateways.first { $0.region == region }
  }
}

/// Who forwards what is no service's traffic.
package enum ForwardingMode: String, Sendable, CaseIterable, Codable {
  /// The switch itself, by its NORMAL port, as a learning switch does.
  case normal
  /// The controller, for a switch that has no NORMAL port: it learns where hosts are and writes flows.
  case learning
}

/// A region's VNF machine as one switch sees it.
package struct Gateway: Sendable, Equatable {
  package var region: RegionName
  package var port: PortReference
  /// Where it is probed, and where connections of services with an IPv4 virtual IP go.
  package var address: IPv4Address
  /// On the same interface: where connections of services with an IPv6 virtual IP go; nil: it serves none.
  package var ipv6: IPv6Address?
  /// Fixed by the operator; nil: found by probing.
  package var mac: MACAddress?

  package init(
    region: RegionName, port: PortReference, address: IPv4Address, ipv6: IPv6Address? = nil, mac: MACAddress? = nil
  ) {
    self.region = region
    self.port = port
    self.address = address
    self.ipv6 = ipv6
    self.mac = mac
  }

  /// In ascending order.
  package var addresses: [IPAddress] { [.v4(self.address)] + (self.ipv6.map { [.v6($0)] } ?? []) }

  package func address(of family: IPAddress.Family) -> IPAddress? {
    switch family {
    case .v4: .v4(self.address)
    case .v6: self.ipv6.map { .v6($0) }
    }
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

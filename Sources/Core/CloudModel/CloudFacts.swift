// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// What a region's cloud says of the machines that a configuration names; only what decisions need.
package struct CloudFacts: Sendable, Equatable {
  package var ports: [CloudPort] = []
  /// By their ids, as are the next three.
  package var networks: [String: CloudNetwork] = [:]
  package var subnets: [String: CloudSubnet] = [:]
  package var groups: [String: SecurityGroup] = [:]
  package var servers: [String: CloudServer] = [:]
  package var floatingIPs: [FloatingIP] = []
  package var routers: [CloudRouter] = []

  package init() {}

  package func port(_ id: String) -> CloudPort? { self.ports.first { $0.id == id } }
  package func floatingIP(at portID: String) -> FloatingIP? { self.floatingIPs.first { $0.portID == portID } }
}

package struct CloudServer: Sendable, Equatable {
  package var id: String
  package var name: String
  /// `ACTIVE`, `SHUTOFF`, …
  package var status: String
  package var tags: [String]

  package init(id: String, name: String, status: String, tags: [String] = []) {
    self.id = id
    self.name = name
    self.status = status
    self.tags = tags
  }
}

/// Where a machine is plugged in.
package struct CloudPort: Sendable, Equatable {
  package struct FixedAddress: Sendable, Hashable {
    package var subnetID: String
    package var address: IPAddress

    package init(subnetID: String, address: IPAddress) {
      self.subnetID = subnetID
      self.address = address
    }
  }

  package var id: String
  package var name: String
  package var networkID: String
  package var mac: MACAddress
  package var fixedAddresses: [FixedAddress]
  /// It is up, and somebody is behind it.
  package var isActive: Bool
  /// The cloud drops what does not come from an address of its own, or that no security group lets through.
  package var isSecured: Bool
  /// From which addresses beside its own it may send.
  package var addressPairs: [AddressPrefix]
  package var groupIDs: [String]
  /// The server's; empty: nobody's.
  package var deviceID: String
  package var tags: [String]

  package init(
    id: String, name: String = "", networkID: String, mac: MACAddress, fixedAddresses: [FixedAddress],
    isActive: Bool = true, isSecured: Bool = true, addressPairs: [AddressPrefix] = [], groupIDs: [String] = [],
    deviceID: String = "", tags: [String] = []
  ) {
    self.id = id
    self.name = name
    self.networkID = networkID
    self.mac = mac
    self.fixedAddresses = fixedAddresses
    self.isActive = isActive
    self.isSecured = isSecured
    self.addressPairs = addressPairs
    self.groupIDs = groupIDs
    self.deviceID = deviceID
    self.tags = tags
  }

  /// What messages call it.
  package var title: String { self.name.isEmpty ? "port \(self.id)" : "port '\(self.name)'" }

  package func address(of family: IPAddress.Family) -> IPAddress? {
    self.fixedAddresses.lazy.map(\.address).first { $0.family == family }
  }
}

package struct CloudNetwork: Sendable, Equatable {
  package var id: String
  package var name: String
  /// A provider's network that leads out of the cloud.
  package var isExternal: Bool

  package init(id: String, name: String, isExternal: Bool) {
    self.id = id
    self.name = name
    self.isExternal = isExternal
  }
}

package struct CloudSubnet: Sendable, Equatable {
  package var id: String
  package var prefix: AddressPrefix
  /// Nil: it has none.
  package var gateway: IPAddress?

  package init(id: String, prefix: AddressPrefix, gateway: IPAddress?) {
    self.id = id
    self.prefix = prefix
    self.gateway = gateway
  }
}

package struct CloudRouter: Sendable, Equatable {
  package var id: String
  package var name: String
  /// The external network that it leads to; nil: none.
  package var externalNetworkID: String?
  package var subnetIDs: [String]

  package init(id: String, name: String, externalNetworkID: String?, subnetIDs: [String]) {
    self.id = id
    self.name = name
    self.externalNetworkID = externalNetworkID
    self.subnetIDs = subnetIDs
  }
}

package struct FloatingIP: Sendable, Equatable {
  package var id: String
  package var address: IPAddress
  /// Where it leads; nil: nowhere.
  package var portID: String?
  package var tags: [String]

  package init(id: String, address: IPAddress, portID: String?, tags: [String] = []) {
    self.id = id
    self.address = address
    self.portID = portID
    self.tags = tags
  }
}

package struct SecurityGroup: Sendable, Equatable {
  package var id: String
  package var name: String
  /// Those for what comes in.
  package var rules: [SecurityRule]

  package init(id: String, name: String, rules: [SecurityRule]) {
    self.id = id
    self.name = name
    self.rules = rules
  }
}

/// What a security group lets in.
package struct SecurityRule: Sendable, Hashable {
  package var family: IPAddress.Family
  /// IANA's number; nil: all.
  package var ipProtocol: UInt8?
  /// Nil: all.
  package var ports: ClosedRange<UInt16>?
  /// Nil: from everywhere, unless `remoteGroupID` says from whom.
  package var from: AddressPrefix?
  package var remoteGroupID: String?

  package init(
    family: IPAddress.Family, ipProtocol: UInt8? = nil, ports: ClosedRange<UInt16>? = nil, from: AddressPrefix? = nil,
    remoteGroupID: String? = nil
  ) {
    self.family = family
    self.ipProtocol = ipProtocol
    self.ports = ports
    self.from = from
    self.remoteGroupID = remoteGroupID
  }

  /// Whether everything passes that `opening` wants to pass.
  package func admits(_ opening: Opening) -> Bool {
    guard self.remoteGroupID == nil, self.family == opening.from.address.family,
      self.ipProtocol == nil || self.ipProtocol == opening.ipProtocol
    else { return false }
    if let ports = self.ports, self.ipProtocol != nil {
      guard let port = opening.port, ports.contains(port) else { return false }
    }
    return self.from?.contains(opening.from) ?? true
  }
}

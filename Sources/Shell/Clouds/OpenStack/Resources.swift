// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import CloudModel

// What OpenStack's services answer, with the names that they have there.

struct NovaServer: Decodable, Sendable {
  var id: String
  var name: String
  var status: String?
  var tags: [String]?

  var model: CloudServer { CloudServer(id: self.id, name: self.name, status: self.status ?? "", tags: self.tags ?? []) }
}

struct NeutronPort: Decodable, Sendable {
  struct Fixed: Decodable, Sendable {
    var subnet_id: String
    var ip_address: String
  }

  struct Pair: Codable, Sendable {
    var ip_address: String
    var mac_address: String?
  }

  var id: String
  var name: String?
  var network_id: String
  var mac_address: String
  var fixed_ips: [Fixed]
  var status: String?
  var admin_state_up: Bool?
  var port_security_enabled: Bool?
  var allowed_address_pairs: [Pair]?
  var security_groups: [String]?
  var device_id: String?
  var device_owner: String?
  var tags: [String]?
  var revision_number: Int?

  /// Nil: its MAC address is none.
  var model: CloudPort? {
    guard let mac = MACAddress(self.mac_address) else { return nil }
    return CloudPort(
      id: self.id, name: self.name ?? "", networkID: self.network_id, mac: mac,
      fixedAddresses: self.fixed_ips.compactMap { fixed in
        IPAddress(fixed.ip_address).map { CloudPort.FixedAddress(subnetID: fixed.subnet_id, address: $0) }
      },
      isActive: self.status == "ACTIVE" && self.admin_state_up != false,
      isSecured: self.port_security_enabled ?? true,
      addressPairs: (self.allowed_address_pairs ?? []).compactMap { AddressPrefix($0.ip_address) },
      groupIDs: self.security_groups ?? [], deviceID: self.device_id ?? "", tags: self.tags ?? [])
  }
}

struct NeutronNetwork: Decodable, Sendable {
  var id: String
  var name: String?
  var isExternal: Bool?

  enum CodingKeys: String, CodingKey {
    case id, name
    case isExternal = "router:external"
  }

  var model: CloudNetwork {
    CloudNetwork(id: self.id, name: self.name ?? self.id, isExternal: self.isExternal ?? false)
  }
}

struct NeutronSubnet: Decodable, Sendable {
  var id: String
  var cidr: String
  var gateway_ip: String?

  var model: CloudSubnet? {
    AddressPrefix(self.cidr).map {
      CloudSubnet(id: self.id, prefix: $0, gateway: self.gateway_ip.flatMap { IPAddress($0) })
    }
  }
}

struct NeutronRouter: Decodable, Sendable {
  struct Gateway: Decodable, Sendable { var network_id: String? }

  var id: String
  var name: String?
  var external_gateway_info: Gateway?
}

struct NeutronFloatingIP: Decodable, Sendable {
  var id: String
  var floating_ip_address: String
  var port_id: String?
  var tags: [String]?

  var model: FloatingIP? {
    IPAddress(self.floating_ip_address).map {
      FloatingIP(id: self.id, address: $0, portID: self.port_id, tags: self.tags ?? [])
    }
  }
}

struct NeutronGroup: Decodable, Sendable {
  struct Rule: Decodable, Sendable {
    var direction: String
    var ethertype: String?
    var `protocol`: String?
    var port_range_min: Int?
    var port_range_max: Int?
    var remote_ip_prefix: String?
    var remote_group_id: String?

    /// Nil: it is not about what comes in.
    var model: SecurityRule? {
      guard self.direction == "ingress" else { return nil }
      let number = self.protocol.flatMap { name in
        UInt8(name) ?? ["icmp": 1, "tcp": 6, "udp": 17, "ipv6-icmp": 58, "icmpv6": 58, "sctp": 132][name]
      }
      // One that is not known lets nothing in that we ask for.
      let known = self.protocol == nil || self.protocol == "any" ? nil : number ?? 255
      var ports: ClosedRange<UInt16>?
      if let low = self.port_range_min.flatMap({ UInt16(exactly: $0) }),
        let high = self.port_range_max.flatMap({ UInt16(exactly: $0) }), low <= high
      {
        ports = low...high
      }
      return SecurityRule(
        family: self.ethertype == "IPv6" ? .v6 : .v4, ipProtocol: known, ports: known == 1 || known == 58 ? nil : ports,
        from: self.remote_ip_prefix.flatMap { AddressPrefix($0) }, remoteGroupID: self.remote_group_id)
    }
  }

  var id: String
  var name: String
  var security_group_rules: [Rule]?

  var model: SecurityGroup {
    SecurityGroup(id: self.id, name: self.name, rules: (self.security_group_rules ?? []).compactMap(\.model))
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing

/// A public address, what listens on it, and who serves it.
package struct Service: Sendable, Equatable {
  package var name: ServiceName
  package var virtualIP: VirtualIP
  package var listeners: [Listener]
  package var policy: Policy
  /// Always `client` with `sourceHash`.
  package var persistence: Persistence
  /// Into how many equal parts new connections are divided among the regions; nil: as many as the weights need.
  package var slots: Int?
  /// Nil unless the policy follows the load.
  package var trigger: Trigger?
  /// How long a region that returns takes to get its whole share; 0: it gets it at once. `SlowStart.durations`
  package var slowStart: Duration
  package var failback: Failback
  package var mode: Detection.Mode
  /// In order of preference.
  package var pools: [Pool]
  package var check: Check
  package var clientAddress: ClientAddress
  package var fragments: Fragments

  package init(
    name: ServiceName, virtualIP: VirtualIP, listeners: [Listener], policy: Policy = .primaryReplica,
    persistence: Persistence = .connection, slots: Int? = nil, trigger: Trigger? = nil, slowStart: Duration = .zero,
    failback: Failback = .automatic,
    mode: Detection.Mode = .immediate, pools: [Pool], check: Check = Check(), clientAddress: ClientAddress = .automatic,
    fragments: Fragments = .keep
  ) {
    self.name = name
    self.virtualIP = virtualIP
    self.listeners = listeners
    self.policy = policy
    self.persistence = policy == .sourceHash ? .client : persistence
    self.slots = slots
    self.trigger = policy.followsLoad ? trigger ?? Trigger() : nil
    self.slowStart = slowStart
    self.failback = failback
    self.mode = mode
    self.pools = pools
    self.check = check
    self.clientAddress = clientAddress
    self.fragments = fragments
  }

  package var regions: [RegionName] { self.pools.map(\.region) }
}

/// The one public address of a service. Several services may share it with different listeners.
package struct VirtualIP: Sendable, Hashable {
  package var address: IPAddress
  /// What the switch answers to ARP or neighbour discovery; never changes, whoever serves.
  package var mac: MACAddress
  /// Nil: *dedicated*, the address belongs to no machine. A region: *adopted*, it is the address of that region's
  /// gateway, which still gets everything that is no listener's traffic.
  package var owner: RegionName?

  package init(address: IPAddress, mac: MACAddress? = nil, owner: RegionName? = nil) {
    self.address = address
    self.mac = mac ?? Self.defaultMAC(for: address)
    self.owner = owner
  }

  /// Locally administered (second lowest bit of the first octet) and a function of the address, so that two
  /// controllers, or one before and after a restart, answer alike.
  package static func defaultMAC(for address: IPAddress) -> MACAddress {
    switch address {
    case .v4(let address): MACAddress(rawValue: 0x0a49_0000_0000 | UInt64(address.rawValue))
    // Two addresses may share it: they are told apart by what they are, not by this.
    case .v6(let address): MACAddress(rawValue: 0x0a4a_0000_0000 | UInt64(fnv1a(address.octets)))
    }
  }

  package static func defaultMAC(for address: IPv4Address) -> MACAddress { self.defaultMAC(for: .v4(address)) }
}

/// A protocol and a port on a virtual IP.
package struct Listener: Sendable, Hashable, Codable {
  package enum TransportProtocol: String, Sendable, Hashable, Codable, CaseIterable {
    case tcp
    case udp

    /// IANA's number.
    package var ipProtocol: UInt8 {
      switch self {
      case .tcp: 6
      case .udp: 17
      }
    }
  }

  package var transport: TransportProtocol
  package var port: UInt16
  /// The members' port.
  package var memberPort: UInt16

  package init(transport: TransportProtocol = .tcp, port: UInt16, memberPort: UInt16? = nil) {
    self.transport = transport
    self.port = port
    self.memberPort = memberPort ?? port
  }
}

/// The members of a service in one region.
package struct Pool: Sendable, Equatable {
  package var region: RegionName
  /// Of the virtual IP's family.
  package var members: [IPAddress]
  /// The region's share in proportion to the others', for policies that take weights. 0…1000
  package var weight: Int

  package init(region: RegionName, members: [IPAddress], weight: Int = Pool.defaultWeight) {
    self.region = region
    self.members = members
    self.weight = weight
  }
}

/// What happens when a preferred region returns.
package enum Failback: String, Sendable, CaseIterable, Codable {
  /// New connections go back after `rise` and `hold`; those that are open stay where they are.
  case automatic
  /// New connections stay where they are until an operator asks, or that region fails.
  case manual
}

/// Whose address a member sees as its client's.
package enum ClientAddress: String, Sendable, CaseIterable, Codable {
  /// The client's own if the member is behind the gateway, the gateway's if it is on the clients' side.
  case automatic
  /// The client's own: members must have their default route through the gateway.
  case keep
  /// The gateway's.
  case masquerade
}

/// How a gateway's agent learns whether a member serves.
package struct Check: Sendable, Equatable, Codable {
  package enum Method: Sendable, Equatable, Codable {
    /// A connection can be opened.
    case tcp
    /// `GET path` is answered with one of the status codes.
    case http(path: String, status: ClosedRange<Int>, host: String?)
  }

  package var method: Method
  /// Nil: the first listener's member port.
  package var port: UInt16?
  /// From the start of one check to the start of the next.
  package var interval: Duration
  /// A check without an answer after this long has failed. At most `interval`, so that a member that hangs is out
  /// after `fall` intervals and one timeout.
  package var timeout: Duration
  /// Failures in a row that take a member out. 1…100
  package var fall: Int
  /// Successes in a row that bring it back. 1…100
  package var rise: Int

  package init(
    method: Method = .tcp, port: UInt16? = nil, interval: Duration = .milliseconds(500),
    timeout: Duration = .milliseconds(500), fall: Int = 3, rise: Int = 2
  ) {
    self.method = method
    self.port = port
    self.interval = interval
    self.timeout = timeout
    self.fall = fall
    self.rise = rise
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

public import Addressing

/// Open vSwitch's address translation action (NXAST_NAT, ovs-actions(7)), for use within `ConntrackAction`.
public struct NATAction: Sendable, Hashable {
  /// Which end of the connection is translated.
  public enum Direction: String, Sendable, Hashable, CaseIterable {
    /// `src`
    case source = "src"
    /// `dst`
    case destination = "dst"
  }

  /// How an address and port are chosen from the ranges.
  public struct Options: OptionSet, Sendable, Hashable {
    /// The bits as they are on the wire.
    public let rawValue: UInt16
    /// Takes any bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// `persistent`: the same also after a restart.
    public static let persistent = Options(rawValue: 1 << 2)
    /// `hash`: by a hash of the addresses.
    public static let hash = Options(rawValue: 1 << 3)
    /// `random`: at random.
    public static let random = Options(rawValue: 1 << 4)
  }

  /// Nil: bare `nat`, which does to a packet what its connection's entry says.
  public var direction: Direction?
  /// How to choose from the ranges.
  public var options: Options
  /// IPv4 addresses to choose from.
  public var addresses: ClosedRange<IPv4Address>?
  /// IPv6 addresses to choose from, as numbers, first octet highest.
  public var ipv6Addresses: ClosedRange<UInt128>?
  /// Ports to choose from.
  public var ports: ClosedRange<UInt16>?

  /// Translates one end of the connection.
  public init(
    _ direction: Direction?, options: Options = [], addresses: ClosedRange<IPv4Address>? = nil,
    ipv6Addresses: ClosedRange<UInt128>? = nil, ports: ClosedRange<UInt16>? = nil
  ) {
    self.direction = direction
    self.options = options
    self.addresses = addresses
    self.ipv6Addresses = ipv6Addresses
    self.ports = ports
  }

  /// Bare `nat`: does to a packet what its connection's entry says.
  public static let followConnection = NATAction(nil)

  /// Translates the destination to one address and port.
  public static func destination(_ endpoint: SocketEndpoint) -> NATAction {
    let ports = endpoint.port...endpoint.port
    return switch endpoint.address {
    case .v4(let address): NATAction(.destination, addresses: address...address, ports: ports)
    case .v6(let address):
      NATAction(.destination, ipv6Addresses: address.rawValue...address.rawValue, ports: ports)
    }
  }

  /// Translates the destination to one address; the port stays.
  public static func destination(_ address: IPAddress) -> NATAction {
    switch address {
    case .v4(let address): NATAction(.destination, addresses: address...address)
    case .v6(let address): NATAction(.destination, ipv6Addresses: address.rawValue...address.rawValue)
    }
  }

  /// Translates the source to one address; the port stays if it can.
  public static func source(_ address: IPv4Address) -> NATAction {
    NATAction(.source, addresses: address...address)
  }

  /// The same, of either family.
  public static func source(_ address: IPAddress) -> NATAction {
    switch address {
    case .v4(let address): .source(address)
    case .v6(let address): NATAction(.source, ipv6Addresses: address.rawValue...address.rawValue)
    }
  }
}

extension NATAction.Direction: Codable {}

extension NATAction.Options: Codable {}

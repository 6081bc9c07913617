// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

public import Addressing

/// One port of a switch (OpenFlow 1.3.5, 7.2.1; 1.5.1, 7.2.1).
public struct PortDescription: Sendable, Hashable {
  /// The port's number.
  public var number: PortNumber
  /// The port's own MAC address.
  public var hardwareAddress: MACAddress
  /// The port's name, at most 15 bytes of UTF-8.
  public var name: String
  /// What a controller has asked of the port.
  public var configuration: Configuration
  /// What the switch says about the port.
  public var state: State
  /// Speeds and features; nil if the switch says nothing of them (possible in 1.5 only).
  public var ethernet: Ethernet?
  /// Properties of OpenFlow 1.5 that this module does not read (optical, experimenter), in their order. 1.3 has none.
  public var otherProperties: [RawProperty]

  /// Describes a port.
  public init(
    number: PortNumber, hardwareAddress: MACAddress, name: String, configuration: Configuration = [],
    state: State = [], ethernet: Ethernet? = Ethernet(), otherProperties: [RawProperty] = []
  ) {
    self.number = number
    self.hardwareAddress = hardwareAddress
    self.name = name
    self.configuration = configuration
    self.state = state
    self.ethernet = ethernet
    self.otherProperties = otherProperties
  }

  /// Whether packets can leave by the port: its link is up and nobody has put it down.
  public var isUp: Bool { !self.configuration.contains(.portDown) && !self.state.contains(.linkDown) }

  /// OFPPC_*
  public struct Configuration: OptionSet, Sendable, Hashable {
    /// The bits as they are on the wire.
    public let rawValue: UInt32
    /// Takes any bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    /// OFPPC_PORT_DOWN: put down by an administrator.
    public static let portDown = Configuration(rawValue: 1 << 0)
    /// OFPPC_NO_RECV: drop what it receives.
    public static let noReceive = Configuration(rawValue: 1 << 2)
    /// OFPPC_NO_FWD: drop what is forwarded to it.
    public static let noForward = Configuration(rawValue: 1 << 5)
    /// OFPPC_NO_PACKET_IN: send no PACKET_IN for it.
    public static let noPacketIn = Configuration(rawValue: 1 << 6)
  }

  /// OFPPS_*
  public struct State: OptionSet, Sendable, Hashable {
    /// The bits as they are on the wire.
    public let rawValue: UInt32
    /// Takes any bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }
    /// OFPPS_LINK_DOWN: no physical link.
    public static let linkDown = State(rawValue: 1 << 0)
    /// OFPPS_BLOCKED: blocked by a protocol such as spanning tree.
    public static let blocked = State(rawValue: 1 << 1)
    /// OFPPS_LIVE: alive for fast-failover groups.
    public static let live = State(rawValue: 1 << 2)
  }

  /// The features of an Ethernet port: bitmaps of OFPPF_*, and speeds in kbit/s.
  public struct Ethernet: Sendable, Hashable {
    /// Features in use.
    public var current: UInt32
    /// Features that the port advertises.
    public var advertised: UInt32
    /// Features that the port has.
    public var supported: UInt32
    /// Features that the other end advertises.
    public var peer: UInt32
    /// Current bit rate, kbit/s.
    public var currentSpeed: UInt32
    /// Highest bit rate, kbit/s.
    public var maximumSpeed: UInt32

    /// Unknown features have the value 0.
    public init(
      current: UInt32 = 0, advertised: UInt32 = 0, supported: UInt32 = 0, peer: UInt32 = 0, currentSpeed: UInt32 = 0,
      maximumSpeed: UInt32 = 0
    ) {
      self.current = current
      self.advertised = advertised
      self.supported = supported
      self.peer = peer
      self.currentSpeed = currentSpeed
      self.maximumSpeed = maximumSpeed
    }
  }
}

extension PortDescription: FieldCodable {
  static let defaults = PortDescription(number: 0, hardwareAddress: MACAddress(rawValue: 0), name: "", ethernet: nil)
  static let fields: [CodedField<PortDescription>] = [
    .required("port_no", \.number), .required("hw_addr", \.hardwareAddress), .required("name", \.name),
    .field("config", \.configuration), .field("state", \.state), .field("ethernet", \.ethernet),
    .field("properties", \.otherProperties),
  ]
}

extension PortDescription.Configuration: Codable {}
extension PortDescription.State: Codable {}

extension PortDescription.Ethernet: FieldCodable {
  static let defaults = PortDescription.Ethernet()
  static let fields: [CodedField<PortDescription.Ethernet>] = [
    .field("curr", \.current), .field("advertised", \.advertised), .field("supported", \.supported),
    .field("peer", \.peer), .field("curr_speed", \.currentSpeed), .field("max_speed", \.maximumSpeed),
  ]
}

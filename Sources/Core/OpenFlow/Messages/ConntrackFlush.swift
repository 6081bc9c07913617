// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

public import Addressing

/// Has Open vSwitch (3.1 and later) forget connections (NXT_CT_FLUSH). What is nil matches anything.
public struct ConntrackFlush: Sendable, Hashable {
  /// IP protocol; 0: any.
  public var ipProtocol: UInt8
  /// The tracker's zone; nil: all.
  public var zone: UInt16?
  /// The connection's first direction.
  public var original: Tuple?
  /// The connection's other direction.
  public var reply: Tuple?

  /// Forgets all connections, unless conditions are given.
  public init(ipProtocol: UInt8 = 0, zone: UInt16? = nil, original: Tuple? = nil, reply: Tuple? = nil) {
    self.ipProtocol = ipProtocol
    self.zone = zone
    self.original = original
    self.reply = reply
  }

  /// The ends of a connection as one of its directions has them. All addresses of a message are of one family; one
  /// without any means connections of both.
  public struct Tuple: Sendable, Hashable {
    /// Source address.
    public var source: IPAddress?
    /// Destination address.
    public var destination: IPAddress?
    /// Source port.
    public var sourcePort: UInt16?
    /// Destination port.
    public var destinationPort: UInt16?

    /// Matches anything, unless conditions are given.
    public init(
      source: IPAddress? = nil, destination: IPAddress? = nil, sourcePort: UInt16? = nil,
      destinationPort: UInt16? = nil
    ) {
      self.source = source
      self.destination = destination
      self.sourcePort = sourcePort
      self.destinationPort = destinationPort
    }
  }
}

/// NXT_CT_FLUSH: the protocol, padding, and properties, two of which hold properties themselves.
extension ConntrackFlush {
  private enum PropertyType {
    static let original: UInt16 = 0
    static let reply: UInt16 = 1
    static let zone: UInt16 = 2
  }

  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.init(ipProtocol: try reader.read(UInt8.self, "protocol"))
    try reader.skip(7)
    while var property = try WireProperty(reading: &reader) {
      switch property.type {
      case PropertyType.original: self.original = try Tuple(reading: &property.body)
      case PropertyType.reply: self.reply = try Tuple(reading: &property.body)
      case PropertyType.zone: self.zone = try property.body.read(UInt16.self, "zone")
      default: throw property.unknown("ct_flush property", accepted: "0 to 2")
      }
    }
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    ExperimenterMessage.writeHeader(to: &writer, nicira: .conntrackFlush)
    writer.write(self.ipProtocol)
    writer.writeZeros(7)
    if let original { try original.write(to: &writer, type: PropertyType.original) }
    if let reply { try reply.write(to: &writer, type: PropertyType.reply) }
    if let zone { WireProperty.write(to: &writer, type: PropertyType.zone, zone) }
  }
}

extension ConntrackFlush.Tuple {
  private enum PropertyType {
    static let source: UInt16 = 0
    static let destination: UInt16 = 1
    static let sourcePort: UInt16 = 2
    static let destinationPort: UInt16 = 3
  }

  init(reading body: inout WireReader) throws(OpenFlowDecodingError) {
    self.init()
    try body.skip(4, "tuple's padding")
    while var property = try WireProperty(reading: &body) {
      switch property.type {
      case PropertyType.source: self.source = try Self.address(reading: &property.body)
      case PropertyType.destination: self.destination = try Self.address(reading: &property.body)
      case PropertyType.sourcePort: self.sourcePort = try property.body.read(UInt16.self, "source port")
      case PropertyType.destinationPort:
        self.destinationPort = try property.body.read(UInt16.self, "destination port")
      default: throw property.unknown("property of a connection's tuple", accepted: "0 to 3")
      }
    }
  }

  func write(to writer: inout WireWriter, type: UInt16) throws(OpenFlowEncodingError) {
    let start = writer.count
    writer.write(UInt32(type) << 16)
    writer.writeZeros(4)
    if let source { WireProperty.write(to: &writer, type: PropertyType.source, Self.number(source)) }
    if let destination { WireProperty.write(to: &writer, type: PropertyType.destination, Self.number(destination)) }
    if let sourcePort { WireProperty.write(to: &writer, type: PropertyType.sourcePort, sourcePort) }
    if let destinationPort { WireProperty.write(to: &writer, type: PropertyType.destinationPort, destinationPort) }
    try writer.patchLength(at: start + 2, since: start, "connection's tuple")
  }

  /// An IPv4 address stands in the place of an IPv6 address as `::ffff:0:0/96` (RFC 4291, 2.5.5.2).
  private static func number(_ address: IPAddress) -> UInt128 {
    switch address {
    case .v4(let address): 0xffff << 32 | UInt128(address.rawValue)
    case .v6(let address): address.rawValue
    }
  }

  private static func address(reading body: inout WireReader) throws(OpenFlowDecodingError) -> IPAddress {
    let address = IPv6Address(rawValue: try body.read(UInt128.self, "address"))
    return address.isIPv4Mapped
      ? .v4(IPv4Address(rawValue: UInt32(truncatingIfNeeded: address.rawValue))) : .v6(address)
  }
}

extension ConntrackFlush: FieldCodable {
  static let defaults = ConntrackFlush()
  static let fields: [CodedField<ConntrackFlush>] = [
    .field("ip_proto", \.ipProtocol), .field("zone", \.zone), .field("original", \.original),
    .field("reply", \.reply),
  ]
}

extension ConntrackFlush.Tuple: FieldCodable {
  static let defaults = ConntrackFlush.Tuple()
  static let fields: [CodedField<ConntrackFlush.Tuple>] = [
    .field("src", \.source), .field("dst", \.destination), .field("sport", \.sourcePort),
    .field("dport", \.destinationPort),
  ]
}

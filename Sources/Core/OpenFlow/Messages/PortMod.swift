// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

public import Addressing

/// Changes how a port behaves (OpenFlow 1.3.5, 7.3.4.3; 1.5.1, 7.3.4.4).
public struct PortMod: Sendable, Hashable {
  /// The port.
  public var port: PortNumber
  /// The port's own MAC address, which the switch compares; it is not changed.
  public var hardwareAddress: MACAddress
  /// The new values of the bits in `mask`.
  public var configuration: PortDescription.Configuration
  /// The bits that change.
  public var mask: PortDescription.Configuration
  /// OFPPF_*: the features that the port shall advertise; nil: as before. 0 is not possible in 1.3, where it stands
  /// for "as before".
  public var advertise: UInt32?
  /// Properties of OpenFlow 1.5 that this module does not read (optical, experimenter). 1.3 has none.
  public var otherProperties: [RawProperty]

  /// Changes the bits of `mask`.
  public init(
    port: PortNumber, hardwareAddress: MACAddress, configuration: PortDescription.Configuration = [],
    mask: PortDescription.Configuration = [], advertise: UInt32? = nil, otherProperties: [RawProperty] = []
  ) {
    self.port = port
    self.hardwareAddress = hardwareAddress
    self.configuration = configuration
    self.mask = mask
    self.advertise = advertise
    self.otherProperties = otherProperties
  }
}

/// ofp_port_mod. What 1.3 says of Ethernet in a fixed field is a property in 1.5.
extension PortMod {
  private static let ethernetProperty: UInt16 = 0

  init(reading reader: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    let port = PortNumber(try reader.read(UInt32.self, "port number"))
    try reader.skip(4)
    let address = try reader.readNumber(byteCount: 6, "hardware address")
    try reader.skip(2)
    self.init(
      port: port, hardwareAddress: MACAddress(rawValue: UInt64(address)),
      configuration: .init(rawValue: try reader.read(UInt32.self, "port's configuration")),
      mask: .init(rawValue: try reader.read(UInt32.self, "mask of the configuration")))
    switch version {
    case .v1_3:
      let advertise = try reader.read(UInt32.self, "advertised features")
      self.advertise = advertise == 0 ? nil : advertise
      try reader.skip(4)
    case .v1_5:
      while var property = try WireProperty(reading: &reader) {
        if property.type == Self.ethernetProperty, self.advertise == nil {
          self.advertise = try property.body.read(UInt32.self, "advertised features")
        } else {
          self.otherProperties.append(property.raw())
        }
      }
    }
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    writer.write(self.port.rawValue)
    writer.writeZeros(4)
    writer.writeNumber(UInt128(self.hardwareAddress.rawValue), byteCount: 6)
    writer.writeZeros(2)
    writer.write(self.configuration.rawValue)
    writer.write(self.mask.rawValue)
    switch version {
    case .v1_3:
      guard self.otherProperties.isEmpty else { throw .unsupported(what: "properties of a port", version: version) }
      guard self.advertise != 0 else {
        throw .invalid(what: "advertised features", problem: "are 0, which stands for no change in OpenFlow 1.3")
      }
      writer.write(self.advertise ?? 0)
      writer.writeZeros(4)
    case .v1_5:
      if let advertise { WireProperty.write(to: &writer, type: Self.ethernetProperty, advertise) }
      for property in self.otherProperties { try WireProperty.write(to: &writer, property) }
    }
  }
}

extension PortMod: FieldCodable {
  static let defaults = PortMod(port: 0, hardwareAddress: MACAddress(rawValue: 0))
  static let fields: [CodedField<PortMod>] = [
    .required("port_no", \.port), .required("hw_addr", \.hardwareAddress), .field("config", \.configuration),
    .field("mask", \.mask), .field("advertise", \.advertise), .field("properties", \.otherProperties),
  ]
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing

/// ofp_port. What 1.3 says of Ethernet in fixed fields is a property in 1.5.
extension PortDescription {
  private static let nameWidth = 16
  private static let ethernetProperty: UInt16 = 0

  /// Reads ports until nothing is left.
  static func list(
    reading reader: inout WireReader, version: ProtocolVersion
  ) throws(OpenFlowDecodingError) -> [PortDescription] {
    var ports: [PortDescription] = []
    while reader.remaining > 0 { ports.append(try PortDescription(reading: &reader, version: version)) }
    return ports
  }

  init(reading reader: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    let offset = reader.offset
    let number = PortNumber(try reader.read(UInt32.self, "port number"))
    var body: WireReader
    switch version {
    case .v1_3:
      try reader.skip(4)
      body = try reader.slice(56, "port")
    case .v1_5:
      let length = Int(try reader.read(UInt16.self, "port's length"))
      guard length >= 40 else {
        throw .badLength(what: "port", offset: offset, length: length, accepted: "40 or more")
      }
      try reader.skip(2)
      body = try reader.slice(length - 8, "port")
    }
    let address = try body.readNumber(byteCount: 6, "hardware address")
    try body.skip(2)
    self.init(
      number: number, hardwareAddress: MACAddress(rawValue: UInt64(address)),
      name: try body.readText(width: Self.nameWidth, "port's name"),
      configuration: Configuration(rawValue: try body.read(UInt32.self, "port's configuration")),
      state: State(rawValue: try body.read(UInt32.self, "port's state")), ethernet: nil)
    if version < .v1_5 {
      self.ethernet = try Ethernet(reading: &body)
      return
    }
    while var property = try WireProperty(reading: &body) {
      if property.type == Self.ethernetProperty, self.ethernet == nil {
        try property.body.skip(4)
        self.ethernet = try Ethernet(reading: &property.body)
      } else {
        self.otherProperties.append(property.raw())
      }
    }
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    guard version >= .v1_5 || self.otherProperties.isEmpty else {
      throw .unsupported(what: "properties of a port", version: version)
    }
    let start = writer.count
    writer.write(self.number.rawValue)
    writer.writeZeros(4)
    writer.writeNumber(UInt128(self.hardwareAddress.rawValue), byteCount: 6)
    writer.writeZeros(2)
    try writer.writeText(self.name, width: Self.nameWidth, "port's name")
    writer.write(self.configuration.rawValue)
    writer.write(self.state.rawValue)
    switch version {
    case .v1_3: (self.ethernet ?? Ethernet()).write(to: &writer)
    case .v1_5:
      if let ethernet = self.ethernet {
        writer.write(UInt32(Self.ethernetProperty) << 16 | 32)
        writer.writeZeros(4)
        ethernet.write(to: &writer)
      }
      for property in self.otherProperties { try WireProperty.write(to: &writer, property) }
      try writer.patchLength(at: start + 4, since: start, "port")
    }
  }
}

extension PortDescription.Ethernet {
  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.init(
      current: try reader.read(UInt32.self, "current features"),
      advertised: try reader.read(UInt32.self, "advertised features"),
      supported: try reader.read(UInt32.self, "supported features"),
      peer: try reader.read(UInt32.self, "peer's features"),
      currentSpeed: try reader.read(UInt32.self, "current speed"),
      maximumSpeed: try reader.read(UInt32.self, "maximum speed"))
  }

  func write(to writer: inout WireWriter) {
    writer.write(self.current)
    writer.write(self.advertised)
    writer.write(self.supported)
    writer.write(self.peer)
    writer.write(self.currentSpeed)
    writer.write(self.maximumSpeed)
  }
}

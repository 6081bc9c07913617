// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// NXT_PACKET_IN2: nothing but properties (nicira-ext.h, `enum nx_packet_in2_prop_type`).
extension NiciraPacketIn {
  private enum PropertyType {
    static let packet: UInt16 = 0
    static let fullLength: UInt16 = 1
    static let bufferID: UInt16 = 2
    static let tableID: UInt16 = 3
    static let cookie: UInt16 = 4
    static let reason: UInt16 = 5
    static let metadata: UInt16 = 6
    static let userdata: UInt16 = 7
    static let continuation: UInt16 = 8
  }

  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.init()
    while var property = try WireProperty(reading: &reader) {
      switch property.type {
      case PropertyType.packet: self.packet = property.body.readRest()
      case PropertyType.fullLength: self.fullLength = try property.body.read(UInt32.self, "packet's length")
      case PropertyType.bufferID: self.bufferID = try property.body.read(UInt32.self, "buffer id")
      case PropertyType.tableID: self.tableID = try property.body.read(UInt8.self, "table")
      case PropertyType.cookie:
        try property.body.skip(4)
        self.cookie = try property.body.read(UInt64.self, "cookie")
      case PropertyType.reason:
        self.reason = PacketIn.Reason(rawValue: try property.body.read(UInt8.self, "reason"))
      case PropertyType.metadata: self.metadata = try Match(readingFieldsOf: &property.body)
      case PropertyType.userdata: self.userdata = property.body.readRest()
      case PropertyType.continuation: self.continuation = property.body.readRest()
      default: self.otherProperties.append(property.raw())
      }
    }
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    if let packet { try Self.write(to: &writer, PropertyType.packet, packet) }
    if let fullLength { WireProperty.write(to: &writer, type: PropertyType.fullLength, fullLength) }
    if let bufferID { WireProperty.write(to: &writer, type: PropertyType.bufferID, bufferID) }
    if let tableID { WireProperty.write(to: &writer, type: PropertyType.tableID, tableID) }
    if let cookie {
      writer.write(UInt32(PropertyType.cookie) << 16 | 16)
      writer.writeZeros(4)
      writer.write(cookie)
    }
    if let reason { WireProperty.write(to: &writer, type: PropertyType.reason, reason.rawValue) }
    if let metadata {
      let start = writer.count
      writer.write(UInt32(PropertyType.metadata) << 16)
      try metadata.writeFields(to: &writer, version: version)
      try writer.patchLength(at: start + 2, since: start, "metadata")
      writer.writePadding(since: start)
    }
    if let userdata { try Self.write(to: &writer, PropertyType.userdata, userdata) }
    if let continuation { try Self.write(to: &writer, PropertyType.continuation, continuation) }
    for property in self.otherProperties { try WireProperty.write(to: &writer, property) }
  }

  private static func write(
    to writer: inout WireWriter, _ type: UInt16, _ body: [UInt8]
  ) throws(OpenFlowEncodingError) {
    try WireProperty.write(to: &writer, RawProperty(type: type, body: body))
  }
}

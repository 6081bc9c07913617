// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// ofp_multipart_request: type, flags, padding, and what the type has.
extension MultipartRequest {
  init(reading reader: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    let type = try reader.read(UInt16.self, "multipart type")
    let flags = try reader.read(UInt16.self, "multipart flags")
    try reader.skip(4)
    self.more = flags & MultipartType.moreFlag != 0
    switch type {
    case MultipartType.description: self.body = .description
    case MultipartType.flows: self.body = .flows(try FlowRequest(reading: &reader))
    case MultipartType.groupStatistics:
      self.body = .groupStatistics(GroupNumber(try reader.read(UInt32.self, "group")))
      try reader.skip(4)
    case MultipartType.groupDescriptions:
      guard version >= .v1_5 else {
        self.body = .groupDescriptions()
        break
      }
      self.body = .groupDescriptions(GroupNumber(try reader.read(UInt32.self, "group")))
      try reader.skip(4)
    case MultipartType.groupFeatures: self.body = .groupFeatures
    case MultipartType.tableFeatures:
      self.body = .tableFeatures(try TableFeatures.list(reading: &reader, version: version))
    case MultipartType.portDescriptions:
      guard version >= .v1_5 else {
        self.body = .portDescriptions()
        break
      }
      self.body = .portDescriptions(PortNumber(try reader.read(UInt32.self, "port")))
      try reader.skip(4)
    default: self.body = .unknown(type: type, body: reader.readRest())
    }
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    writer.write(self.type)
    writer.write(self.more ? MultipartType.moreFlag : 0)
    writer.writeZeros(4)
    switch self.body {
    case .description, .groupFeatures: break
    case .flows(let request): try request.write(to: &writer, version: version)
    case .groupStatistics(let group):
      writer.write(group.rawValue)
      writer.writeZeros(4)
    case .groupDescriptions(let group):
      if version >= .v1_5 {
        writer.write(group.rawValue)
        writer.writeZeros(4)
      } else if group != .all {
        throw .unsupported(what: "description of a single group", version: version)
      }
    case .tableFeatures(let tables): try TableFeatures.write(tables, to: &writer, version: version)
    case .portDescriptions(let port):
      if version >= .v1_5 {
        writer.write(port.rawValue)
        writer.writeZeros(4)
      } else if port != .any {
        throw .unsupported(what: "description of a single port", version: version)
      }
    case .unknown(_, let bytes): writer.writeBytes(bytes)
    }
  }

  private var type: UInt16 {
    switch self.body {
    case .description: MultipartType.description
    case .flows: MultipartType.flows
    case .groupStatistics: MultipartType.groupStatistics
    case .groupDescriptions: MultipartType.groupDescriptions
    case .groupFeatures: MultipartType.groupFeatures
    case .tableFeatures: MultipartType.tableFeatures
    case .portDescriptions: MultipartType.portDescriptions
    case .unknown(let type, _): type
    }
  }
}

extension FlowRequest {
  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.tableID = try reader.read(UInt8.self, "table")
    try reader.skip(3)
    self.outPort = PortNumber(try reader.read(UInt32.self, "output port"))
    self.outGroup = GroupNumber(try reader.read(UInt32.self, "output group"))
    try reader.skip(4)
    self.cookie = try reader.read(UInt64.self, "cookie")
    self.cookieMask = try reader.read(UInt64.self, "cookie mask")
    self.match = try Match(reading: &reader)
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    writer.write(UInt32(self.tableID) << 24)
    writer.write(self.outPort.rawValue)
    writer.write(self.outGroup.rawValue)
    writer.writeZeros(4)
    writer.write(self.cookie)
    writer.write(self.cookieMask)
    try self.match.write(to: &writer, version: version)
  }
}

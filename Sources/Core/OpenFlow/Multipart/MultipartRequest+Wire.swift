// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// ofp_multipart_request: type, flags, padding, and what the type has.
extension MultipartRequest {
  init(reading reader: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    let type = try reader.read(UInt16.self, "multipart type")
    let flags = try reader.read(UInt16.self, "multipart flags")
    try reader.skip(4)
    self.more = flags & MultipartType.moreFlag != 0
    self.body = try Body(type: type, reading: &reader, version: version)
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    writer.write(self.body.type)
    writer.write(self.more ? MultipartType.moreFlag : 0)
    writer.writeZeros(4)
    try self.body.write(to: &writer, version: version)
  }
}

extension MultipartRequest.Body {
  fileprivate init(
    type: UInt16, reading reader: inout WireReader, version: ProtocolVersion
  ) throws(OpenFlowDecodingError) {
    switch (type, version) {
    case (MultipartType.description, _): self = .description
    case (MultipartType.flows, _): self = .flows(try FlowRequest(reading: &reader))
    case (MultipartType.aggregate, _): self = .aggregate(try FlowRequest(reading: &reader))
    case (MultipartType.tableStatistics, _): self = .tableStatistics
    case (MultipartType.portStatistics, _): self = .portStatistics(PortNumber(try reader.readPaddedNumber("port")))
    case (MultipartType.queueStatistics, _): self = .queueStatistics(try QueueRequest(reading: &reader))
    case (MultipartType.groupStatistics, _):
      self = .groupStatistics(GroupNumber(try reader.readPaddedNumber("group")))
    case (MultipartType.groupDescriptions, .v1_3): self = .groupDescriptions()
    case (MultipartType.groupDescriptions, .v1_5):
      self = .groupDescriptions(GroupNumber(try reader.readPaddedNumber("group")))
    case (MultipartType.groupFeatures, _): self = .groupFeatures
    case (MultipartType.meterStatistics, _):
      self = .meterStatistics(MeterNumber(try reader.readPaddedNumber("meter")))
    case (MultipartType.meterConfigurations, _):
      self = .meterConfigurations(MeterNumber(try reader.readPaddedNumber("meter")))
    case (MultipartType.meterFeatures, _): self = .meterFeatures
    case (MultipartType.tableFeatures, _):
      self = .tableFeatures(try TableFeatures.list(reading: &reader, version: version))
    case (MultipartType.portDescriptions, .v1_3): self = .portDescriptions()
    case (MultipartType.portDescriptions, .v1_5):
      self = .portDescriptions(PortNumber(try reader.readPaddedNumber("port")))
    case (MultipartType.tableDescriptions, .v1_5): self = .tableDescriptions
    case (MultipartType.queueDescriptions, .v1_5): self = .queueDescriptions(try QueueRequest(reading: &reader))
    case (MultipartType.flowMonitor, .v1_5): self = .flowMonitor(try FlowMonitorRequest.list(reading: &reader))
    case (MultipartType.flowSummaries, .v1_5): self = .flowSummaries(try FlowRequest(reading: &reader))
    case (MultipartType.experimenter, _): self = .experimenter(try ExperimenterMessage(reading: &reader))
    default: self = .unknown(type: type, body: reader.readRest())
    }
  }

  fileprivate func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    switch self {
    case .description, .tableStatistics, .groupFeatures, .meterFeatures: break
    case .flows(let request), .aggregate(let request): try request.write(to: &writer, version: version)
    case .portStatistics(let port): writer.writePaddedNumber(port.rawValue)
    case .queueStatistics(let request): request.write(to: &writer)
    case .groupStatistics(let group): writer.writePaddedNumber(group.rawValue)
    case .groupDescriptions(let group):
      if version >= .v1_5 {
        writer.writePaddedNumber(group.rawValue)
      } else if group != .all {
        throw .unsupported(what: "description of a single group", version: version)
      }
    case .meterStatistics(let meter), .meterConfigurations(let meter): writer.writePaddedNumber(meter.rawValue)
    case .tableFeatures(let tables): try TableFeatures.write(tables, to: &writer, version: version)
    case .portDescriptions(let port):
      if version >= .v1_5 {
        writer.writePaddedNumber(port.rawValue)
      } else if port != .any {
        throw .unsupported(what: "description of a single port", version: version)
      }
    case .tableDescriptions: try MultipartType.checkNewer("TABLE_DESC", version)
    case .queueDescriptions(let request):
      try MultipartType.checkNewer("QUEUE_DESC", version)
      request.write(to: &writer)
    case .flowMonitor(let requests):
      try MultipartType.checkNewer("FLOW_MONITOR", version)
      for request in requests { try request.write(to: &writer, version: version) }
    case .flowSummaries(let request):
      try MultipartType.checkNewer("FLOW_STATS without instructions", version)
      try request.write(to: &writer, version: version)
    case .experimenter(let message): message.write(to: &writer)
    case .unknown(_, let bytes): writer.writeBytes(bytes)
    }
  }
}

extension WireReader {
  /// Reads a number and the four bytes of padding behind it.
  fileprivate mutating func readPaddedNumber(_ what: StaticString) throws(OpenFlowDecodingError) -> UInt32 {
    let number = try self.read(UInt32.self, what)
    try self.skip(4)
    return number
  }
}

extension WireWriter {
  /// Writes a number and four bytes of padding.
  fileprivate mutating func writePaddedNumber(_ number: UInt32) {
    self.write(number)
    self.writeZeros(4)
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

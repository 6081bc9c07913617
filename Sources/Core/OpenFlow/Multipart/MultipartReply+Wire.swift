// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// ofp_multipart_reply: type, flags, padding, and what the type has.
extension MultipartReply {
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

extension MultipartReply.Body {
  fileprivate init(
    type: UInt16, reading reader: inout WireReader, version: ProtocolVersion
  ) throws(OpenFlowDecodingError) {
    switch (type, version) {
    case (MultipartType.description, _): self = .description(try SwitchDescription(reading: &reader))
    case (MultipartType.flows, _): self = .flows(try FlowStatistics.list(reading: &reader, version: version))
    case (MultipartType.aggregate, _):
      self = .aggregate(try AggregateStatistics(reading: &reader, version: version))
    case (MultipartType.tableStatistics, _): self = .tableStatistics(try TableStatistics.list(reading: &reader))
    case (MultipartType.portStatistics, _):
      self = .portStatistics(try PortStatistics.list(reading: &reader, version: version))
    case (MultipartType.queueStatistics, _):
      self = .queueStatistics(try QueueStatistics.list(reading: &reader, version: version))
    case (MultipartType.groupStatistics, _): self = .groupStatistics(try GroupStatistics.list(reading: &reader))
    case (MultipartType.groupDescriptions, _):
      self = .groupDescriptions(try GroupDescription.list(reading: &reader, version: version))
    case (MultipartType.groupFeatures, _): self = .groupFeatures(try GroupFeatures(reading: &reader))
    case (MultipartType.meterStatistics, _): self = .meterStatistics(try MeterStatistics.list(reading: &reader))
    case (MultipartType.meterConfigurations, _):
      self = .meterConfigurations(try MeterConfiguration.list(reading: &reader))
    case (MultipartType.meterFeatures, _):
      self = .meterFeatures(try MeterFeatures(reading: &reader, version: version))
    case (MultipartType.tableFeatures, _):
      self = .tableFeatures(try TableFeatures.list(reading: &reader, version: version))
    case (MultipartType.portDescriptions, _):
      self = .portDescriptions(try PortDescription.list(reading: &reader, version: version))
    case (MultipartType.tableDescriptions, .v1_5):
      self = .tableDescriptions(try TableDescription.list(reading: &reader))
    case (MultipartType.queueDescriptions, .v1_5):
      self = .queueDescriptions(try QueueDescription.list(reading: &reader, version: version))
    case (MultipartType.flowMonitor, .v1_5):
      self = .flowMonitor(try FlowUpdate.list(reading: &reader, version: version))
    case (MultipartType.flowSummaries, .v1_5): self = .flowSummaries(try FlowSummary.list(reading: &reader))
    case (MultipartType.experimenter, _): self = .experimenter(try ExperimenterMessage(reading: &reader))
    default: self = .unknown(type: type, body: reader.readRest())
    }
  }

  fileprivate func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    switch self {
    case .description(let description): try description.write(to: &writer)
    case .flows(let flows): for flow in flows { try flow.write(to: &writer, version: version) }
    case .aggregate(let counters): try counters.write(to: &writer, version: version)
    case .tableStatistics(let tables): for table in tables { table.write(to: &writer) }
    case .portStatistics(let ports): for port in ports { try port.write(to: &writer, version: version) }
    case .queueStatistics(let queues): for queue in queues { try queue.write(to: &writer, version: version) }
    case .groupStatistics(let groups): for group in groups { try group.write(to: &writer) }
    case .groupDescriptions(let groups): for group in groups { try group.write(to: &writer, version: version) }
    case .groupFeatures(let features): try features.write(to: &writer)
    case .meterStatistics(let meters): for meter in meters { try meter.write(to: &writer) }
    case .meterConfigurations(let meters): for meter in meters { try meter.write(to: &writer) }
    case .meterFeatures(let features): try features.write(to: &writer, version: version)
    case .tableFeatures(let tables): try TableFeatures.write(tables, to: &writer, version: version)
    case .portDescriptions(let ports): for port in ports { try port.write(to: &writer, version: version) }
    case .tableDescriptions(let tables):
      try MultipartType.checkNewer("TABLE_DESC", version)
      for table in tables { try table.write(to: &writer) }
    case .queueDescriptions(let queues):
      try MultipartType.checkNewer("QUEUE_DESC", version)
      for queue in queues { try queue.write(to: &writer, version: version) }
    case .flowMonitor(let updates):
      try MultipartType.checkNewer("FLOW_MONITOR", version)
      for update in updates { try update.write(to: &writer, version: version) }
    case .flowSummaries(let flows):
      try MultipartType.checkNewer("FLOW_STATS without instructions", version)
      for flow in flows { try flow.write(to: &writer, version: version) }
    case .experimenter(let message): message.write(to: &writer)
    case .unknown(_, let bytes): writer.writeBytes(bytes)
    }
  }
}

extension MultipartType {
  /// Makes sure that `version` has what came after 1.3.
  static func checkNewer(_ name: String, _ version: ProtocolVersion) throws(OpenFlowEncodingError) {
    guard version >= .v1_5 else { throw .unsupported(what: "multipart message \(name)", version: version) }
  }
}

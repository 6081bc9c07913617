// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// ofp_multipart_reply: type, flags, padding, and what the type has.
extension MultipartReply {
  init(reading reader: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    let type = try reader.read(UInt16.self, "multipart type")
    let flags = try reader.read(UInt16.self, "multipart flags")
    try reader.skip(4)
    self.more = flags & MultipartType.moreFlag != 0
    switch type {
    case MultipartType.description: self.body = .description(try SwitchDescription(reading: &reader))
    case MultipartType.flows:
      self.body = .flows(try FlowStatistics.list(reading: &reader, version: version))
    case MultipartType.groupStatistics:
      self.body = .groupStatistics(try GroupStatistics.list(reading: &reader))
    case MultipartType.groupDescriptions:
      self.body = .groupDescriptions(try GroupDescription.list(reading: &reader, version: version))
    case MultipartType.groupFeatures: self.body = .groupFeatures(try GroupFeatures(reading: &reader))
    case MultipartType.tableFeatures:
      self.body = .tableFeatures(try TableFeatures.list(reading: &reader, version: version))
    case MultipartType.portDescriptions:
      var ports: [PortDescription] = []
      while reader.remaining > 0 { ports.append(try PortDescription(reading: &reader, version: version)) }
      self.body = .portDescriptions(ports)
    default: self.body = .unknown(type: type, body: reader.readRest())
    }
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    writer.write(self.type)
    writer.write(self.more ? MultipartType.moreFlag : 0)
    writer.writeZeros(4)
    switch self.body {
    case .description(let description): try description.write(to: &writer)
    case .flows(let flows): for flow in flows { try flow.write(to: &writer, version: version) }
    case .groupStatistics(let groups): for group in groups { try group.write(to: &writer) }
    case .groupDescriptions(let groups): for group in groups { try group.write(to: &writer, version: version) }
    case .groupFeatures(let features): try features.write(to: &writer)
    case .tableFeatures(let tables): try TableFeatures.write(tables, to: &writer, version: version)
    case .portDescriptions(let ports): for port in ports { try port.write(to: &writer, version: version) }
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

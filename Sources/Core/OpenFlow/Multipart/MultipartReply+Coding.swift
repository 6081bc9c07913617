// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The coded form is that of a request; the body is an object, or a list of them.
extension MultipartReply: Codable {
  /// Reads type, flags and body.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: FieldName.self)
    try container.expect(["type", "flags", "body"])
    self.more = try container.multipartMore()
    self.body = try Body(from: container)
  }

  /// Writes type, flags and body.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: FieldName.self)
    try container.putMultipartMore(self.more)
    try self.body.encode(to: &container)
  }
}

extension MultipartReply.Body {
  fileprivate func encode(to container: inout KeyedEncodingContainer<FieldName>) throws {
    let name = MultipartType.name(self.type)
    switch self {
    case .description(let description): try container.put(name, description)
    case .flows(let flows): try container.put(name, flows)
    case .aggregate(let counters): try container.put(name, counters)
    case .tableStatistics(let tables): try container.put(name, tables)
    case .portStatistics(let ports): try container.put(name, ports)
    case .queueStatistics(let queues): try container.put(name, queues)
    case .groupStatistics(let groups): try container.put(name, groups)
    case .groupDescriptions(let groups): try container.put(name, groups)
    case .groupFeatures(let features): try container.put(name, features)
    case .meterStatistics(let meters): try container.put(name, meters)
    case .meterConfigurations(let meters): try container.put(name, meters)
    case .meterFeatures(let features): try container.put(name, features)
    case .tableFeatures(let tables): try container.put(name, tables)
    case .portDescriptions(let ports): try container.put(name, ports)
    case .tableDescriptions(let tables): try container.put(name, tables)
    case .queueDescriptions(let queues): try container.put(name, queues)
    case .flowMonitor(let updates): try container.put(name, updates)
    case .flowSummaries(let flows): try container.put(name, flows)
    case .experimenter(let message): try container.put(name, message)
    case .unknown(let type, let body): try container.put(number: type, HexBytes(body))
    }
  }

  fileprivate init(from container: KeyedDecodingContainer<FieldName>) throws {
    guard let name = try container.typeName() else {
      self = .unknown(type: try container.typeNumber(), body: try container.body(as: HexBytes.self).value)
      return
    }
    switch MultipartType.number(name) {
    case MultipartType.description: self = .description(try container.body())
    case MultipartType.flows: self = .flows(try container.body())
    case MultipartType.aggregate: self = .aggregate(try container.body())
    case MultipartType.tableStatistics: self = .tableStatistics(try container.body())
    case MultipartType.portStatistics: self = .portStatistics(try container.body())
    case MultipartType.queueStatistics: self = .queueStatistics(try container.body())
    case MultipartType.groupStatistics: self = .groupStatistics(try container.body())
    case MultipartType.groupDescriptions: self = .groupDescriptions(try container.body())
    case MultipartType.groupFeatures: self = .groupFeatures(try container.body())
    case MultipartType.meterStatistics: self = .meterStatistics(try container.body())
    case MultipartType.meterConfigurations: self = .meterConfigurations(try container.body())
    case MultipartType.meterFeatures: self = .meterFeatures(try container.body())
    case MultipartType.tableFeatures: self = .tableFeatures(try container.body())
    case MultipartType.portDescriptions: self = .portDescriptions(try container.body())
    case MultipartType.tableDescriptions: self = .tableDescriptions(try container.body())
    case MultipartType.queueDescriptions: self = .queueDescriptions(try container.body())
    case MultipartType.flowMonitor: self = .flowMonitor(try container.body())
    case MultipartType.flowSummaries: self = .flowSummaries(try container.body())
    case MultipartType.experimenter: self = .experimenter(try container.body())
    default: throw container.unknownType(name, accepted: MultipartType.acceptedNames)
    }
  }
}

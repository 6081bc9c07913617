// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// In its coded form a multipart message has `type`, `flags` if more parts follow, and `body` if there is one. The
/// types are 1.5's names without OFPMP_, in lower case; 1.3's other names are read too.
extension MultipartRequest: Codable {
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

extension MultipartRequest.Body {
  fileprivate func encode(to container: inout KeyedEncodingContainer<FieldName>) throws {
    let name = MultipartType.name(self.type)
    switch self {
    case .description, .tableStatistics, .groupFeatures, .meterFeatures, .tableDescriptions: try container.put(name)
    case .flows(let request), .aggregate(let request), .flowSummaries(let request): try container.put(name, request)
    case .portStatistics(let port), .portDescriptions(let port): try container.put(name, "port_no", port)
    case .queueStatistics(let request), .queueDescriptions(let request): try container.put(name, request)
    case .groupStatistics(let group), .groupDescriptions(let group): try container.put(name, "group_id", group)
    case .meterStatistics(let meter), .meterConfigurations(let meter): try container.put(name, "meter_id", meter)
    case .tableFeatures(let tables): try container.put(name, tables)
    case .flowMonitor(let requests): try container.put(name, requests)
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
    case MultipartType.description: self = try container.noBody(.description)
    case MultipartType.flows: self = .flows(try container.body())
    case MultipartType.aggregate: self = .aggregate(try container.body())
    case MultipartType.tableStatistics: self = try container.noBody(.tableStatistics)
    case MultipartType.portStatistics: self = .portStatistics(try container.body("port_no"))
    case MultipartType.queueStatistics: self = .queueStatistics(try container.body())
    case MultipartType.groupStatistics: self = .groupStatistics(try container.body("group_id"))
    case MultipartType.groupDescriptions: self = .groupDescriptions(try container.body("group_id"))
    case MultipartType.groupFeatures: self = try container.noBody(.groupFeatures)
    case MultipartType.meterStatistics: self = .meterStatistics(try container.body("meter_id"))
    case MultipartType.meterConfigurations: self = .meterConfigurations(try container.body("meter_id"))
    case MultipartType.meterFeatures: self = try container.noBody(.meterFeatures)
    case MultipartType.tableFeatures: self = .tableFeatures(try container.body())
    case MultipartType.portDescriptions: self = .portDescriptions(try container.body("port_no"))
    case MultipartType.tableDescriptions: self = try container.noBody(.tableDescriptions)
    case MultipartType.queueDescriptions: self = .queueDescriptions(try container.body())
    case MultipartType.flowMonitor: self = .flowMonitor(try container.body())
    case MultipartType.flowSummaries: self = .flowSummaries(try container.body())
    case MultipartType.experimenter: self = .experimenter(try container.body())
    default: throw container.unknownType(name, accepted: MultipartType.acceptedNames)
    }
  }
}

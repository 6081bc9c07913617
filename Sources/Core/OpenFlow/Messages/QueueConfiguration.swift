// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The queues of a port (OpenFlow 1.3.5, 7.3.6). 1.5 asks by `MultipartRequest.Body.queueDescriptions` instead.
public struct QueueConfiguration: Sendable, Hashable {
  /// The port that was asked for, or `.any`.
  public var port: PortNumber
  /// Its queues.
  public var queues: [QueueDescription]

  /// A port's queues.
  public init(port: PortNumber, queues: [QueueDescription] = []) {
    self.port = port
    self.queues = queues
  }
}

/// How a queue is configured (OpenFlow 1.3.5, 7.2.2; 1.5.1, 7.3.5).
public struct QueueDescription: Sendable, Hashable {
  /// Its port.
  public var port: PortNumber
  /// Its number.
  public var queue: QueueNumber
  /// Its rates and whatever else the switch says.
  public var properties: [QueueProperty]

  /// A queue.
  public init(port: PortNumber, queue: QueueNumber, properties: [QueueProperty] = []) {
    self.port = port
    self.queue = queue
    self.properties = properties
  }
}

/// A property of a queue.
public enum QueueProperty: Sendable, Hashable {
  /// OFPQT_MIN_RATE: what it gets at least, in tenths of a percent of the port's rate; above 1000: no minimum.
  case minimumRate(UInt16)
  /// OFPQT_MAX_RATE: what it gets at most, in tenths of a percent of the port's rate; above 1000: no maximum.
  case maximumRate(UInt16)
  /// A property that this module does not read; `body` begins behind the padding that 1.3 has after the length.
  case unknown(RawProperty)
}

extension QueueConfiguration {
  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.init(port: PortNumber(try reader.read(UInt32.self, "port")))
    try reader.skip(4)
    self.queues = try QueueDescription.list(reading: &reader, version: .v1_3)
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    guard version == .v1_3 else { throw .unsupported(what: "QUEUE_GET_CONFIG_REPLY", version: version) }
    writer.write(self.port.rawValue)
    writer.writeZeros(4)
    for queue in self.queues { try queue.write(to: &writer, version: version) }
  }
}

extension QueueConfiguration: FieldCodable {
  static let defaults = QueueConfiguration(port: .any)
  static let fields: [CodedField<QueueConfiguration>] = [.required("port", \.port), .field("queues", \.queues)]
}

extension QueueDescription: FieldCodable {
  static let defaults = QueueDescription(port: .any, queue: .all)
  static let fields: [CodedField<QueueDescription>] = [
    .required("port_no", \.port), .required("queue_id", \.queue), .field("properties", \.properties),
  ]
}

extension QueueProperty: OneOf {
  static let cases: [CodedCase<QueueProperty>] = [
    .payload("min_rate", UInt16.self, wrap: { .minimumRate($0) }) {
      if case .minimumRate(let rate) = $0 { rate } else { nil }
    },
    .payload("max_rate", UInt16.self, wrap: { .maximumRate($0) }) {
      if case .maximumRate(let rate) = $0 { rate } else { nil }
    },
    .payload("unknown", RawProperty.self, wrap: { .unknown($0) }) {
      if case .unknown(let raw) = $0 { raw } else { nil }
    },
  ]
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Which queues are asked for (OpenFlow 1.3.5, 7.3.5.8; 1.5.1, 7.3.5).
public struct QueueRequest: Sendable, Hashable {
  /// The port, or `.any`.
  public var port: PortNumber
  /// The queue, or `.all`.
  public var queue: QueueNumber

  /// All queues of all ports, unless said otherwise.
  public init(port: PortNumber = .any, queue: QueueNumber = .all) {
    self.port = port
    self.queue = queue
  }
}

/// What a queue has counted (OpenFlow 1.3.5, 7.3.5.8; 1.5.1, 7.3.5).
public struct QueueStatistics: Sendable, Hashable {
  /// Its port.
  public var port: PortNumber
  /// Its number.
  public var queue: QueueNumber
  /// Bytes that it sent.
  public var byteCount: UInt64
  /// Packets that it sent.
  public var packetCount: UInt64
  /// Packets that it dropped because it was full.
  public var errorCount: UInt64
  /// How long it has been there, seconds.
  public var durationSeconds: UInt32
  /// Nanoseconds beyond `durationSeconds`.
  public var durationNanoseconds: UInt32
  /// Properties (1.5 only; must be empty in 1.3).
  public var properties: [RawProperty]

  /// A queue's counters.
  public init(
    port: PortNumber, queue: QueueNumber, byteCount: UInt64 = 0, packetCount: UInt64 = 0, errorCount: UInt64 = 0,
    durationSeconds: UInt32 = 0, durationNanoseconds: UInt32 = 0, properties: [RawProperty] = []
  ) {
    self.port = port
    self.queue = queue
    self.byteCount = byteCount
    self.packetCount = packetCount
    self.errorCount = errorCount
    self.durationSeconds = durationSeconds
    self.durationNanoseconds = durationNanoseconds
    self.properties = properties
  }
}

extension QueueRequest {
  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.port = PortNumber(try reader.read(UInt32.self, "port"))
    self.queue = QueueNumber(try reader.read(UInt32.self, "queue"))
  }

  func write(to writer: inout WireWriter) {
    writer.write(self.port.rawValue)
    writer.write(self.queue.rawValue)
  }
}

/// ofp_queue_stats; 1.5 has a length before it and properties behind it.
extension QueueStatistics {
  /// Reads queues until nothing is left.
  static func list(
    reading reader: inout WireReader, version: ProtocolVersion
  ) throws(OpenFlowDecodingError) -> [QueueStatistics] {
    switch version {
    case .v1_3:
      var queues: [QueueStatistics] = []
      while reader.remaining > 0 { queues.append(try QueueStatistics(reading: &reader)) }
      return queues
    case .v1_5:
      return try reader.readEntries(minimum: 48, "queue's statistics") { (body) throws(OpenFlowDecodingError) in
        try body.skip(6)
        var queue = try QueueStatistics(reading: &body)
        while var property = try WireProperty(reading: &body) { queue.properties.append(property.raw()) }
        return queue
      }
    }
  }

  private init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.init(
      port: PortNumber(try reader.read(UInt32.self, "port")),
      queue: QueueNumber(try reader.read(UInt32.self, "queue")),
      byteCount: try reader.read(UInt64.self, "byte count"), packetCount: try reader.read(UInt64.self, "packet count"),
      errorCount: try reader.read(UInt64.self, "error count"),
      durationSeconds: try reader.read(UInt32.self, "duration"),
      durationNanoseconds: try reader.read(UInt32.self, "duration"))
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    guard version >= .v1_5 || self.properties.isEmpty else {
      throw .unsupported(what: "properties of a queue's statistics", version: version)
    }
    let start = writer.count
    if version >= .v1_5 { writer.writeZeros(8) }
    writer.write(self.port.rawValue)
    writer.write(self.queue.rawValue)
    writer.write(self.byteCount)
    writer.write(self.packetCount)
    writer.write(self.errorCount)
    writer.write(self.durationSeconds)
    writer.write(self.durationNanoseconds)
    for property in self.properties { try WireProperty.write(to: &writer, property) }
    if version >= .v1_5 { try writer.patchLength(at: start, since: start, "queue's statistics") }
  }
}

extension QueueRequest: FieldCodable {
  static let defaults = QueueRequest()
  static let fields: [CodedField<QueueRequest>] = [.field("port_no", \.port), .field("queue_id", \.queue)]
}

extension QueueStatistics: FieldCodable {
  static let defaults = QueueStatistics(port: .any, queue: .all)
  static let fields: [CodedField<QueueStatistics>] = [
    .required("port_no", \.port), .required("queue_id", \.queue), .field("tx_bytes", \.byteCount),
    .field("tx_packets", \.packetCount), .field("tx_errors", \.errorCount), .field("duration_sec", \.durationSeconds),
    .field("duration_nsec", \.durationNanoseconds), .field("properties", \.properties),
  ]
}

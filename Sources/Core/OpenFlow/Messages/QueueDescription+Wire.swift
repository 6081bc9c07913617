// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// ofp_packet_queue in 1.3, ofp_queue_desc in 1.5. They differ in the order of the numbers and in the properties: in
/// 1.3 there are four bytes of padding between a property's length and its value, and the length counts all padding.
extension QueueDescription {
  private static let fixedLength = 16

  /// Reads queues until nothing is left.
  static func list(
    reading reader: inout WireReader, version: ProtocolVersion
  ) throws(OpenFlowDecodingError) -> [QueueDescription] {
    var queues: [QueueDescription] = []
    while reader.remaining > 0 { queues.append(try QueueDescription(reading: &reader, version: version)) }
    return queues
  }

  private init(reading reader: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    let offset = reader.offset
    let first = try reader.read(UInt32.self, "queue")
    let second = try reader.read(UInt32.self, "queue")
    let length = Int(try reader.read(UInt16.self, "length of a queue"))
    guard length >= Self.fixedLength, length % 8 == 0 else {
      throw .badLength(
        what: "queue", offset: offset, length: length, accepted: "a multiple of 8, at least \(Self.fixedLength)")
    }
    var body = try reader.slice(length - 10, "queue")
    try body.skip(6)
    switch version {
    case .v1_3: self.init(port: PortNumber(second), queue: QueueNumber(first))
    case .v1_5: self.init(port: PortNumber(first), queue: QueueNumber(second))
    }
    while var property = try WireProperty(reading: &body) {
      if version == .v1_3 { try property.body.skip(4) }
      self.properties.append(try QueueProperty(reading: &property))
    }
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    let start = writer.count
    switch version {
    case .v1_3:
      writer.write(self.queue.rawValue)
      writer.write(self.port.rawValue)
    case .v1_5:
      writer.write(self.port.rawValue)
      writer.write(self.queue.rawValue)
    }
    writer.writeZeros(8)
    for property in self.properties { try property.write(to: &writer, version: version) }
    try writer.patchLength(at: start + 8, since: start, "queue")
  }
}

extension QueueProperty {
  private enum Number {
    static let minimumRate: UInt16 = 1
    static let maximumRate: UInt16 = 2
  }

  fileprivate init(reading property: inout WireProperty) throws(OpenFlowDecodingError) {
    switch property.type {
    case Number.minimumRate: self = .minimumRate(try property.body.read(UInt16.self, "minimum rate"))
    case Number.maximumRate: self = .maximumRate(try property.body.read(UInt16.self, "maximum rate"))
    default: self = .unknown(property.raw())
    }
  }

  fileprivate func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    switch (self, version) {
    case (.minimumRate(let rate), .v1_3): Self.writeOlder(to: &writer, Number.minimumRate, rate)
    case (.maximumRate(let rate), .v1_3): Self.writeOlder(to: &writer, Number.maximumRate, rate)
    case (.unknown(let raw), .v1_3):
      guard raw.body.count % 8 == 0 else {
        throw .invalid(what: "queue property", problem: "has a body of \(raw.body.count) bytes, no multiple of 8")
      }
      try WireProperty.write(to: &writer, RawProperty(type: raw.type, body: [0, 0, 0, 0] + raw.body))
    case (.minimumRate(let rate), .v1_5): WireProperty.write(to: &writer, type: Number.minimumRate, rate)
    case (.maximumRate(let rate), .v1_5): WireProperty.write(to: &writer, type: Number.maximumRate, rate)
    case (.unknown(let raw), .v1_5): try WireProperty.write(to: &writer, raw)
    }
  }

  private static func writeOlder(to writer: inout WireWriter, _ type: UInt16, _ rate: UInt16) {
    writer.write(UInt32(type) << 16 | 16)
    writer.writeZeros(4)
    writer.write(rate)
    writer.writeZeros(6)
  }
}

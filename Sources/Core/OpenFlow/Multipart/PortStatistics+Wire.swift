// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// ofp_port_stats. 1.3 has the duration at the end and Ethernet's errors in fixed fields; in 1.5 those are a property.
extension PortStatistics {
  private static let ethernetProperty: UInt16 = 0

  /// Reads ports until nothing is left.
  static func list(
    reading reader: inout WireReader, version: ProtocolVersion
  ) throws(OpenFlowDecodingError) -> [PortStatistics] {
    switch version {
    case .v1_3:
      var ports: [PortStatistics] = []
      while reader.remaining > 0 { ports.append(try PortStatistics(readingOlder: &reader)) }
      return ports
    case .v1_5:
      return try reader.readEntries(minimum: 80, "port's statistics") { (body) throws(OpenFlowDecodingError) in
        try PortStatistics(readingNewer: &body)
      }
    }
  }

  private init(readingOlder reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.init(port: PortNumber(try reader.read(UInt32.self, "port number")), ethernet: nil)
    try reader.skip(4)
    try self.readTraffic(from: &reader)
    self.ethernet = try EthernetErrors(reading: &reader)
    self.durationSeconds = try reader.read(UInt32.self, "duration")
    self.durationNanoseconds = try reader.read(UInt32.self, "duration")
  }

  private init(readingNewer body: inout WireReader) throws(OpenFlowDecodingError) {
    try body.skip(2)
    self.init(port: PortNumber(try body.read(UInt32.self, "port number")), ethernet: nil)
    self.durationSeconds = try body.read(UInt32.self, "duration")
    self.durationNanoseconds = try body.read(UInt32.self, "duration")
    try self.readTraffic(from: &body)
    while var property = try WireProperty(reading: &body) {
      if property.type == Self.ethernetProperty, self.ethernet == nil {
        try property.body.skip(4)
        self.ethernet = try EthernetErrors(reading: &property.body)
      } else {
        self.otherProperties.append(property.raw())
      }
    }
  }

  private mutating func readTraffic(from reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.received.packets = try reader.read(UInt64.self, "received packets")
    self.sent.packets = try reader.read(UInt64.self, "sent packets")
    self.received.bytes = try reader.read(UInt64.self, "received bytes")
    self.sent.bytes = try reader.read(UInt64.self, "sent bytes")
    self.received.dropped = try reader.read(UInt64.self, "packets dropped at reception")
    self.sent.dropped = try reader.read(UInt64.self, "packets dropped at sending")
    self.received.errors = try reader.read(UInt64.self, "receive errors")
    self.sent.errors = try reader.read(UInt64.self, "send errors")
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    let start = writer.count
    switch version {
    case .v1_3:
      guard self.otherProperties.isEmpty else {
        throw .unsupported(what: "properties of a port's statistics", version: version)
      }
      writer.write(self.port.rawValue)
      writer.writeZeros(4)
      self.writeTraffic(to: &writer)
      (self.ethernet ?? .unsupported).write(to: &writer)
      writer.write(self.durationSeconds)
      writer.write(self.durationNanoseconds)
    case .v1_5:
      writer.writeZeros(4)
      writer.write(self.port.rawValue)
      writer.write(self.durationSeconds)
      writer.write(self.durationNanoseconds)
      self.writeTraffic(to: &writer)
      if let ethernet {
        writer.write(UInt32(Self.ethernetProperty) << 16 | 40)
        writer.writeZeros(4)
        ethernet.write(to: &writer)
      }
      for property in self.otherProperties { try WireProperty.write(to: &writer, property) }
      try writer.patchLength(at: start, since: start, "port's statistics")
    }
  }

  private func writeTraffic(to writer: inout WireWriter) {
    writer.write(self.received.packets)
    writer.write(self.sent.packets)
    writer.write(self.received.bytes)
    writer.write(self.sent.bytes)
    writer.write(self.received.dropped)
    writer.write(self.sent.dropped)
    writer.write(self.received.errors)
    writer.write(self.sent.errors)
  }
}

extension PortStatistics.EthernetErrors {
  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.frameErrors = try reader.read(UInt64.self, "frame errors")
    self.overruns = try reader.read(UInt64.self, "overruns")
    self.checksumErrors = try reader.read(UInt64.self, "checksum errors")
    self.collisions = try reader.read(UInt64.self, "collisions")
  }

  func write(to writer: inout WireWriter) {
    writer.write(self.frameErrors)
    writer.write(self.overruns)
    writer.write(self.checksumErrors)
    writer.write(self.collisions)
  }
}

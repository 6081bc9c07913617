// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What a meter has counted (OpenFlow 1.3.5, 7.3.5.12; 1.5.1, 7.3.5).
public struct MeterStatistics: Sendable, Hashable {
  /// The meter's number.
  public var meter: MeterNumber
  /// How many flows use it; 1.5 counts groups as well (`ref_count`).
  public var flowCount: UInt32
  /// Packets that it got.
  public var packetCount: UInt64
  /// Bytes in those packets.
  public var byteCount: UInt64
  /// How long it has been there, seconds.
  public var durationSeconds: UInt32
  /// Nanoseconds beyond `durationSeconds`.
  public var durationNanoseconds: UInt32
  /// Its bands' counters, in their order.
  public var bands: [BandCounters]

  /// A meter's counters.
  public init(
    meter: MeterNumber, flowCount: UInt32 = 0, packetCount: UInt64 = 0, byteCount: UInt64 = 0,
    durationSeconds: UInt32 = 0, durationNanoseconds: UInt32 = 0, bands: [BandCounters] = []
  ) {
    self.meter = meter
    self.flowCount = flowCount
    self.packetCount = packetCount
    self.byteCount = byteCount
    self.durationSeconds = durationSeconds
    self.durationNanoseconds = durationNanoseconds
    self.bands = bands
  }

  /// What a band has counted.
  public struct BandCounters: Sendable, Hashable {
    /// Packets that it applied to.
    public var packetCount: UInt64
    /// Bytes in those packets.
    public var byteCount: UInt64

    /// A band's counters.
    public init(packetCount: UInt64 = 0, byteCount: UInt64 = 0) {
      self.packetCount = packetCount
      self.byteCount = byteCount
    }
  }
}

/// ofp_meter_stats: here the length stands behind the number.
extension MeterStatistics {
  private static let fixedLength = 40

  /// Reads meters until nothing is left.
  static func list(reading reader: inout WireReader) throws(OpenFlowDecodingError) -> [MeterStatistics] {
    var meters: [MeterStatistics] = []
    while reader.remaining > 0 { meters.append(try MeterStatistics(reading: &reader)) }
    return meters
  }

  private init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    let offset = reader.offset
    self.init(meter: MeterNumber(try reader.read(UInt32.self, "meter")))
    let length = Int(try reader.read(UInt16.self, "length of a meter"))
    guard length >= Self.fixedLength else {
      throw .badLength(what: "meter", offset: offset, length: length, accepted: "\(Self.fixedLength) or more")
    }
    var body = try reader.slice(length - 6, "meter")
    try body.skip(6)
    self.flowCount = try body.read(UInt32.self, "flow count")
    self.packetCount = try body.read(UInt64.self, "packet count")
    self.byteCount = try body.read(UInt64.self, "byte count")
    self.durationSeconds = try body.read(UInt32.self, "duration")
    self.durationNanoseconds = try body.read(UInt32.self, "duration")
    while body.remaining > 0 {
      self.bands.append(
        BandCounters(
          packetCount: try body.read(UInt64.self, "band's packet count"),
          byteCount: try body.read(UInt64.self, "band's byte count")))
    }
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    let start = writer.count
    writer.write(self.meter.rawValue)
    writer.writeZeros(8)
    writer.write(self.flowCount)
    writer.write(self.packetCount)
    writer.write(self.byteCount)
    writer.write(self.durationSeconds)
    writer.write(self.durationNanoseconds)
    for band in self.bands {
      writer.write(band.packetCount)
      writer.write(band.byteCount)
    }
    try writer.patchLength(at: start + 4, since: start, "meter")
  }
}

extension MeterStatistics: FieldCodable {
  static let defaults = MeterStatistics(meter: 0)
  static let fields: [CodedField<MeterStatistics>] = [
    .required("meter_id", \.meter), .field("flow_count", \.flowCount), .field("packet_in_count", \.packetCount),
    .field("byte_in_count", \.byteCount), .field("duration_sec", \.durationSeconds),
    .field("duration_nsec", \.durationNanoseconds), .field("band_stats", \.bands),
  ]
}

extension MeterStatistics.BandCounters: FieldCodable {
  static let defaults = MeterStatistics.BandCounters()
  static let fields: [CodedField<MeterStatistics.BandCounters>] = [
    .field("packet_band_count", \.packetCount), .field("byte_band_count", \.byteCount),
  ]
}

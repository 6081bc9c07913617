// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A meter as the switch has it (OpenFlow 1.3.5, 7.3.5.13; 1.5.1, 7.3.5, as METER_DESC).
public struct MeterConfiguration: Sendable, Hashable {
  /// In what the bands' rates are measured.
  public var flags: MeterFlags
  /// Its number.
  public var meter: MeterNumber
  /// What is done above which rate.
  public var bands: [MeterBand]

  /// A meter.
  public init(meter: MeterNumber, flags: MeterFlags = [], bands: [MeterBand] = []) {
    self.flags = flags
    self.meter = meter
    self.bands = bands
  }
}

extension MeterConfiguration {
  /// Reads meters until nothing is left.
  static func list(reading reader: inout WireReader) throws(OpenFlowDecodingError) -> [MeterConfiguration] {
    try reader.readEntries(minimum: 8, "meter") { (body) throws(OpenFlowDecodingError) in
      let flags = MeterFlags(rawValue: try body.read(UInt16.self, "meter flags"))
      let meter = MeterNumber(try body.read(UInt32.self, "meter"))
      return MeterConfiguration(meter: meter, flags: flags, bands: try MeterBand.list(reading: &body))
    }
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    let start = writer.count
    writer.writeZeros(2)
    writer.write(self.flags.rawValue)
    writer.write(self.meter.rawValue)
    for band in self.bands { try band.write(to: &writer) }
    try writer.patchLength(at: start, since: start, "meter")
  }
}

extension MeterConfiguration: FieldCodable {
  static let defaults = MeterConfiguration(meter: 0)
  static let fields: [CodedField<MeterConfiguration>] = [
    .field("flags", \.flags), .required("meter_id", \.meter), .field("bands", \.bands),
  ]
}

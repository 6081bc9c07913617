// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Adds, changes or deletes a meter (OpenFlow 1.3.5, 7.3.4.4).
public struct MeterMod: Sendable, Hashable {
  /// What to do.
  public var command: Command
  /// In what the bands' rates are measured. For deleting: nothing.
  public var flags: MeterFlags
  /// Which meter; `.all` for deleting all.
  public var meter: MeterNumber
  /// What is done above which rate. For deleting: nothing.
  public var bands: [MeterBand]

  /// Adds a meter, unless another command is given.
  public init(command: Command = .add, meter: MeterNumber, flags: MeterFlags = [], bands: [MeterBand] = []) {
    self.command = command
    self.flags = flags
    self.meter = meter
    self.bands = bands
  }

  /// OFPMC_*
  public enum Command: UInt16, Sendable, Hashable, CaseIterable {
    /// OFPMC_ADD: refused if the meter exists.
    case add = 0
    /// OFPMC_MODIFY: refused unless the meter exists.
    case modify = 1
    /// OFPMC_DELETE: deletes the meter, and in 1.3 the flows that use it.
    case delete = 2
  }
}

/// OFPMF_*
public struct MeterFlags: OptionSet, Sendable, Hashable, Codable {
  /// The bits as they are on the wire.
  public let rawValue: UInt16
  /// Takes any bits.
  public init(rawValue: UInt16) { self.rawValue = rawValue }
  /// OFPMF_KBPS: rates are in kbit/s.
  public static let kilobitsPerSecond = MeterFlags(rawValue: 1 << 0)
  /// OFPMF_PKTPS: rates are in packets/s.
  public static let packetsPerSecond = MeterFlags(rawValue: 1 << 1)
  /// OFPMF_BURST: the burst sizes count.
  public static let burst = MeterFlags(rawValue: 1 << 2)
  /// OFPMF_STATS: the meter counts packets and bytes.
  public static let statistics = MeterFlags(rawValue: 1 << 3)
}

extension MeterMod {
  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    let offset = reader.offset
    let number = try reader.read(UInt16.self, "meter_mod command")
    guard let command = Command(rawValue: number) else {
      throw .badValue(what: "meter_mod command", offset: offset, value: UInt64(number), accepted: "0 to 2")
    }
    self.command = command
    self.flags = MeterFlags(rawValue: try reader.read(UInt16.self, "meter flags"))
    self.meter = MeterNumber(try reader.read(UInt32.self, "meter"))
    self.bands = try MeterBand.list(reading: &reader)
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    writer.write(self.command.rawValue)
    writer.write(self.flags.rawValue)
    writer.write(self.meter.rawValue)
    for band in self.bands { try band.write(to: &writer) }
  }
}

extension MeterMod: FieldCodable {
  static let defaults = MeterMod(meter: 0)
  static let fields: [CodedField<MeterMod>] = [
    .required("command", \.command), .field("flags", \.flags), .required("meter_id", \.meter),
    .field("bands", \.bands),
  ]
}

extension MeterMod.Command: NamedNumber {
  static let names = [(add, "add"), (modify, "modify"), (delete, "delete")]

  /// Reads a name or a number.
  public init(from decoder: any Decoder) throws { self = try Self.decodeNamed(from: decoder) }
  /// Writes the name if there is one, or else the number.
  public func encode(to encoder: any Encoder) throws { try self.encodeNamed(to: encoder) }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What meters a switch can do (OpenFlow 1.3.5, 7.3.5.14; 1.5.1, 7.3.5).
public struct MeterFeatures: Sendable, Hashable {
  /// How many meters it can have.
  public var maximumMeters: UInt32
  /// The bands that it has: bit n stands for the band type n.
  public var bandTypes: UInt32
  /// Which `MeterFlags` it takes.
  public var capabilities: UInt32
  /// How many bands a meter can have.
  public var maximumBands: UInt8
  /// The greatest colour value.
  public var maximumColor: UInt8
  /// OFPMFF_* (1.5): how meters can be used; nil if the switch says nothing of it, as Open vSwitch does. Must be nil
  /// in 1.3.
  public var features: UInt32?

  /// Describes what meters a switch can do.
  public init(
    maximumMeters: UInt32, bandTypes: UInt32, capabilities: UInt32, maximumBands: UInt8, maximumColor: UInt8,
    features: UInt32? = nil
  ) {
    self.maximumMeters = maximumMeters
    self.bandTypes = bandTypes
    self.capabilities = capabilities
    self.maximumBands = maximumBands
    self.maximumColor = maximumColor
    self.features = features
  }
}

extension MeterFeatures {
  init(reading reader: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    self.maximumMeters = try reader.read(UInt32.self, "maximum of meters")
    self.bandTypes = try reader.read(UInt32.self, "meter band types")
    self.capabilities = try reader.read(UInt32.self, "meter capabilities")
    self.maximumBands = try reader.read(UInt8.self, "maximum of bands")
    self.maximumColor = try reader.read(UInt8.self, "maximum colour")
    try reader.skip(2)
    guard version >= .v1_5, reader.remaining > 0 else { return }
    self.features = try reader.read(UInt32.self, "meter features")
    try reader.skip(4)
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    writer.write(self.maximumMeters)
    writer.write(self.bandTypes)
    writer.write(self.capabilities)
    writer.write(self.maximumBands)
    writer.write(self.maximumColor)
    writer.writeZeros(2)
    guard let features else { return }
    guard version >= .v1_5 else { throw .unsupported(what: "meter features beyond the capabilities", version: version) }
    writer.write(features)
    writer.writeZeros(4)
  }
}

extension MeterFeatures: FieldCodable {
  static let defaults = MeterFeatures(
    maximumMeters: 0, bandTypes: 0, capabilities: 0, maximumBands: 0, maximumColor: 0)
  static let fields: [CodedField<MeterFeatures>] = [
    .field("max_meter", \.maximumMeters), .field("band_types", \.bandTypes), .field("capabilities", \.capabilities),
    .field("max_bands", \.maximumBands), .field("max_color", \.maximumColor), .field("features", \.features),
  ]
}

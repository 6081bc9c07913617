// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Changes how a flow table behaves (OpenFlow 1.3.5, 7.3.3; 1.5.1, 7.3.4.1).
public struct TableMod: Sendable, Hashable {
  /// The table, or `TableNumber.all`.
  public var tableID: UInt8
  /// The whole new configuration. 1.3 has no bits that mean something.
  public var configuration: TableConfiguration
  /// Details of eviction and vacancy events; 1.3 has none.
  public var properties: [TableModProperty]

  /// Configures a table.
  public init(tableID: UInt8, configuration: TableConfiguration = [], properties: [TableModProperty] = []) {
    self.tableID = tableID
    self.configuration = configuration
    self.properties = properties
  }
}

/// OFPTC_*
public struct TableConfiguration: OptionSet, Sendable, Hashable, Codable {
  /// The bits as they are on the wire.
  public let rawValue: UInt32
  /// Takes any bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  /// OFPTC_EVICTION (1.5): the switch may remove flows to make room.
  public static let eviction = TableConfiguration(rawValue: 1 << 2)
  /// OFPTC_VACANCY_EVENTS (1.5): the switch tells when the table gets full, and when it is no longer.
  public static let vacancyEvents = TableConfiguration(rawValue: 1 << 3)
}

extension TableMod {
  init(reading reader: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    self.tableID = try reader.read(UInt8.self, "table")
    try reader.skip(3)
    self.configuration = TableConfiguration(rawValue: try reader.read(UInt32.self, "table configuration"))
    self.properties = version >= .v1_5 ? try TableModProperty.list(reading: &reader) : []
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    guard version >= .v1_5 || self.properties.isEmpty else {
      throw .unsupported(what: "properties of a table", version: version)
    }
    writer.write(UInt32(self.tableID) << 24)
    writer.write(self.configuration.rawValue)
    for property in self.properties { try property.write(to: &writer) }
  }
}

extension TableMod: FieldCodable {
  static let defaults = TableMod(tableID: 0)
  static let fields: [CodedField<TableMod>] = [
    .required("table_id", \.tableID, as: TableName.self), .field("config", \.configuration),
    .field("properties", \.properties),
  ]
}

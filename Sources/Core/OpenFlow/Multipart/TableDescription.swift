// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// How a flow table is configured (OpenFlow 1.5.1, 7.3.5). 1.3 cannot be asked.
public struct TableDescription: Sendable, Hashable {
  /// The table.
  public var tableID: UInt8
  /// What a TABLE_MOD set.
  public var configuration: TableConfiguration
  /// Details of eviction and vacancy events.
  public var properties: [TableModProperty]

  /// A table.
  public init(tableID: UInt8, configuration: TableConfiguration = [], properties: [TableModProperty] = []) {
    self.tableID = tableID
    self.configuration = configuration
    self.properties = properties
  }
}

extension TableDescription {
  /// Reads tables until nothing is left.
  static func list(reading reader: inout WireReader) throws(OpenFlowDecodingError) -> [TableDescription] {
    try reader.readEntries(minimum: 8, "table") { (body) throws(OpenFlowDecodingError) in
      let id = try body.read(UInt8.self, "table")
      try body.skip(1)
      return TableDescription(
        tableID: id, configuration: TableConfiguration(rawValue: try body.read(UInt32.self, "table configuration")),
        properties: try TableModProperty.list(reading: &body))
    }
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    let start = writer.count
    writer.writeZeros(2)
    writer.write(self.tableID)
    writer.writeZeros(1)
    writer.write(self.configuration.rawValue)
    for property in self.properties { try property.write(to: &writer) }
    try writer.patchLength(at: start, since: start, "table")
  }
}

extension TableDescription: FieldCodable {
  static let defaults = TableDescription(tableID: 0)
  static let fields: [CodedField<TableDescription>] = [
    .required("table_id", \.tableID, as: TableName.self), .field("config", \.configuration),
    .field("properties", \.properties),
  ]
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What a flow table has counted (OpenFlow 1.3.5, 7.3.5.4; 1.5.1, 7.3.5).
public struct TableStatistics: Sendable, Hashable {
  /// The table.
  public var tableID: UInt8
  /// How many flows it has.
  public var activeCount: UInt32
  /// Packets that came to it.
  public var lookupCount: UInt64
  /// Packets for which it had a flow.
  public var matchedCount: UInt64

  /// A table's counters.
  public init(tableID: UInt8, activeCount: UInt32 = 0, lookupCount: UInt64 = 0, matchedCount: UInt64 = 0) {
    self.tableID = tableID
    self.activeCount = activeCount
    self.lookupCount = lookupCount
    self.matchedCount = matchedCount
  }
}

extension TableStatistics {
  /// Reads tables until nothing is left.
  static func list(reading reader: inout WireReader) throws(OpenFlowDecodingError) -> [TableStatistics] {
    var tables: [TableStatistics] = []
    while reader.remaining > 0 {
      let id = try reader.read(UInt8.self, "table")
      try reader.skip(3)
      tables.append(
        TableStatistics(
          tableID: id, activeCount: try reader.read(UInt32.self, "number of flows"),
          lookupCount: try reader.read(UInt64.self, "lookup count"),
          matchedCount: try reader.read(UInt64.self, "matched count")))
    }
    return tables
  }

  func write(to writer: inout WireWriter) {
    writer.write(UInt32(self.tableID) << 24)
    writer.write(self.activeCount)
    writer.write(self.lookupCount)
    writer.write(self.matchedCount)
  }
}

extension TableStatistics: FieldCodable {
  static let defaults = TableStatistics(tableID: 0)
  static let fields: [CodedField<TableStatistics>] = [
    .required("table_id", \.tableID, as: TableName.self), .field("active_count", \.activeCount),
    .field("lookup_count", \.lookupCount), .field("matched_count", \.matchedCount),
  ]
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A table's state changed (OpenFlow 1.5.1, 7.4.5). 1.3 has no such message.
public struct TableStatus: Sendable, Hashable {
  /// What happened.
  public var reason: Reason
  /// The table as it is now.
  public var table: TableDescription

  /// A change of a table.
  public init(reason: Reason, table: TableDescription) {
    self.reason = reason
    self.table = table
  }

  /// OFPTR_*
  public struct Reason: RawRepresentable, Sendable, Hashable {
    /// The number on the wire.
    public let rawValue: UInt8
    /// Takes any number.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// OFPTR_VACANCY_DOWN: the table gets full.
    public static let vacancyDown = Reason(rawValue: 3)
    /// OFPTR_VACANCY_UP: the table has room again.
    public static let vacancyUp = Reason(rawValue: 4)
  }
}

extension TableStatus {
  init(reading reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.reason = Reason(rawValue: try reader.read(UInt8.self, "reason"))
    try reader.skip(7)
    let offset = reader.offset
    let tables = try TableDescription.list(reading: &reader)
    guard tables.count == 1 else {
      throw .badLength(what: "list of tables", offset: offset, length: tables.count, accepted: "one table")
    }
    self.table = tables[0]
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    guard version >= .v1_5 else { throw .unsupported(what: "TABLE_STATUS", version: version) }
    writer.write(self.reason.rawValue)
    writer.writeZeros(7)
    try self.table.write(to: &writer)
  }
}

extension TableStatus: FieldCodable {
  static let defaults = TableStatus(reason: .vacancyDown, table: TableDescription(tableID: 0))
  static let fields: [CodedField<TableStatus>] = [.required("reason", \.reason), .required("table", \.table)]
}

extension TableStatus.Reason: NamedNumber {
  static let names = [(vacancyDown, "vacancy_down"), (vacancyUp, "vacancy_up")]

  /// Reads a name or a number.
  public init(from decoder: any Decoder) throws { self = try Self.decodeNamed(from: decoder) }
  /// Writes the name if there is one, or else the number.
  public func encode(to encoder: any Encoder) throws { try self.encodeNamed(to: encoder) }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// ofp_table_features. 1.3 has padding where 1.5 has the command and the features.
extension TableFeatures {
  private static let fixedLength = 64
  private static let nameWidth = 32

  /// Reads tables until nothing is left.
  static func list(
    reading reader: inout WireReader, version: ProtocolVersion
  ) throws(OpenFlowDecodingError) -> [TableFeatures] {
    var tables: [TableFeatures] = []
    while reader.remaining > 0 {
      let offset = reader.offset
      let length = Int(try reader.read(UInt16.self, "length of table features"))
      guard length >= fixedLength else {
        throw .badLength(
          what: "table features", offset: offset, length: length, accepted: "\(fixedLength) or more")
      }
      var body = try reader.slice(length - 2, "table features")
      tables.append(try TableFeatures(reading: &body, version: version))
    }
    return tables
  }

  private init(reading body: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    self.init(tableID: try body.read(UInt8.self, "table"))
    let command = try body.read(UInt8.self, "table features command")
    let features = try body.read(UInt32.self, "table features")
    if version >= .v1_5 {
      self.command = command
      self.features = features
    }
    self.name = try body.readText(width: Self.nameWidth, "table name")
    self.metadataMatch = try body.read(UInt64.self, "metadata to match")
    self.metadataWrite = try body.read(UInt64.self, "metadata to write")
    self.configuration = try body.read(UInt32.self, "table configuration")
    self.maximumEntries = try body.read(UInt32.self, "maximum of entries")
    while var property = try WireProperty(reading: &body) {
      self.properties.append(try TableProperty(reading: &property))
    }
  }

  static func write(
    _ tables: [TableFeatures], to writer: inout WireWriter, version: ProtocolVersion
  ) throws(OpenFlowEncodingError) {
    for table in tables { try table.write(to: &writer, version: version) }
  }

  private func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    guard version >= .v1_5 || (self.command == 0 && self.features == 0) else {
      throw .unsupported(what: "command and features of a table", version: version)
    }
    let start = writer.count
    writer.writeZeros(2)
    writer.write(self.tableID)
    writer.write(self.command)
    writer.write(self.features)
    try writer.writeText(self.name, width: Self.nameWidth, "table name")
    writer.write(self.metadataMatch)
    writer.write(self.metadataWrite)
    writer.write(self.configuration)
    writer.write(self.maximumEntries)
    for property in self.properties { try property.write(to: &writer) }
    try writer.patchLength(at: start, since: start, "table features")
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A match's fields alone, without the type, length and padding that a match on the wire has.
extension Match {
  /// More fields than any switch has; the time to read them grows with their square.
  private static let maximumMetadataFields = 256

  init(readingFieldsOf reader: inout WireReader) throws(OpenFlowDecodingError) {
    self.init()
    while reader.remaining > 0 {
      let offset = reader.offset
      let entry = try MatchEntry(reading: &reader)
      // Over 1.5 Open vSwitch says registers in pairs.
      for part in entry.field.registers.map({ entry.parts($0) }) ?? [entry] {
        guard self[part.field] == nil, self.entries.count < Self.maximumMetadataFields else {
          throw .badField(
            oxmClass: part.field.oxmClass, number: part.field.number, offset: offset,
            problem: "(\(part.field)) stands there twice, or is one of more than \(Self.maximumMetadataFields)")
        }
        self.insert(part)
      }
    }
  }

  func writeFields(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    for entry in self.entries { try entry.write(to: &writer, version: version) }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// OFPTFPT_* (OpenFlow 1.3.5, 7.3.5.5.2; 1.5.1, 7.3.5.18.2): which list a property holds.
extension TableProperty {
  private enum List { case instructions, tables, actions, fields, raw }

  private static func list(of type: UInt16) -> List {
    switch type {
    case 0, 1: .instructions
    case 2, 3, 16: .tables
    case 4, 5, 6, 7: .actions
    case 8, 10, 12, 13, 14, 15, 18, 19, 20, 21: .fields
    default: .raw
    }
  }

  init(reading property: inout WireProperty) throws(OpenFlowDecodingError) {
    self.type = property.type
    switch Self.list(of: property.type) {
    case .instructions: self.content = .instructions(try Self.ids(reading: &property.body))
    case .actions: self.content = .actions(try Self.ids(reading: &property.body))
    case .tables: self.content = .tables(property.body.readRest())
    case .fields:
      var fields: [FieldFeature] = []
      while property.body.remaining > 0 { fields.append(try FieldFeature(reading: &property.body)) }
      self.content = .fields(fields)
    case .raw: self.content = .raw(property.body.readRest())
    }
  }

  /// Type and length of each instruction or action, and the experimenter's id where there is one; the length is that
  /// of this entry.
  private static func ids(reading body: inout WireReader) throws(OpenFlowDecodingError) -> [FeatureID] {
    var ids: [FeatureID] = []
    while body.remaining > 0 {
      let offset = body.offset
      let type = try body.read(UInt16.self, "feature's type")
      let length = try body.read(UInt16.self, "feature's length")
      guard type == 0xffff else {
        // 4 by the specification; some switches say how long the action itself would be.
        ids.append(FeatureID(type: type))
        continue
      }
      guard length >= 8 else {
        throw .badLength(what: "experimenter's feature", offset: offset, length: Int(length), accepted: "8 or more")
      }
      ids.append(FeatureID(type: type, experimenter: try body.read(UInt32.self, "feature's experimenter")))
      try body.skip(Int(length) - 8)
    }
    return ids
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    let start = writer.count
    writer.write(UInt32(self.type) << 16)
    switch self.content {
    case .instructions(let ids), .actions(let ids):
      for id in ids {
        guard (id.type == 0xffff) == (id.experimenter != nil) else {
          throw .invalid(what: "feature \(id.type)", problem: "must have an experimenter if, and only if, it is 65535")
        }
        writer.write(UInt32(id.type) << 16 | (id.experimenter == nil ? 4 : 8))
        if let experimenter = id.experimenter { writer.write(experimenter) }
      }
    case .tables(let tables): writer.writeBytes(tables)
    case .fields(let fields): for field in fields { try field.write(to: &writer) }
    case .raw(let bytes): writer.writeBytes(bytes)
    }
    try writer.patchLength(at: start + 2, since: start, "table property")
    writer.writePadding(since: start)
  }
}

extension TableProperty.FieldFeature {
  private static let maskFlag: UInt32 = 0x100

  init(reading body: inout WireReader) throws(OpenFlowDecodingError) {
    let word = try body.read(UInt32.self, "table's field")
    self.header = word & ~Self.maskFlag
    self.maskable = word & Self.maskFlag != 0
    self.experimenter =
      word >> 16 == UInt32(OXMClass.experimenter) ? try body.read(UInt32.self, "field's experimenter") : nil
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    guard (self.header >> 16 == UInt32(OXMClass.experimenter)) == (self.experimenter != nil) else {
      throw .invalid(
        what: "field 0x\(String(self.header, radix: 16))",
        problem: "must have an experimenter if, and only if, its class is 0xffff")
    }
    writer.write(self.header | (self.maskable ? Self.maskFlag : 0))
    if let experimenter { writer.write(experimenter) }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension TableFeatures: FieldCodable {
  static let defaults = TableFeatures(tableID: 0)
  static let fields: [CodedField<TableFeatures>] = [
    .required("table_id", \.tableID, as: TableName.self), .field("command", \.command),
    .field("features", \.features), .field("name", \.name),
    .field("metadata_match", \.metadataMatch, as: HexNumber.self),
    .field("metadata_write", \.metadataWrite, as: HexNumber.self), .field("config", \.configuration),
    .field("max_entries", \.maximumEntries), .field("properties", \.properties),
  ]
}

/// A property is an object: its type, and the list under the name that the specification has for it.
extension TableProperty: Codable {
  /// OFPTFPT_*
  private struct CodedType: NamedNumber {
    var number: UInt16
    static let names = [
      "instructions", "instructions_miss", "next_tables", "next_tables_miss", "write_actions", "write_actions_miss",
      "apply_actions", "apply_actions_miss", "match", nil, "wildcards", nil, "write_setfield", "write_setfield_miss",
      "apply_setfield", "apply_setfield_miss", "table_sync_from", nil, "write_copyfield", "write_copyfield_miss",
      "apply_copyfield", "apply_copyfield_miss", "packet_types",
    ].enumerated().compactMap { index, name in name.map { (CodedType(number: UInt16(index)), $0) } }
  }

  private enum ListName {
    static let instructions = FieldName("instruction_ids")
    static let tables = FieldName("next_table_ids")
    static let actions = FieldName("action_ids")
    static let fields = FieldName("oxm_ids")
    static let raw = FieldName("body")
    static let all = [instructions, tables, actions, fields, raw]
  }

  /// Reads the type and the one list that is there.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: FieldName.self)
    let names = ListName.all.map(\.stringValue)
    try container.expect(["type"] + names)
    self.type = try container.decodeRequired(CodedType.self, "type").number
    let lists = ListName.all.filter { container.contains($0) }
    guard lists.count == 1, let list = lists.first else {
      throw container.corrupted("must have exactly one of the fields \(names.joined(separator: ", "))")
    }
    switch list.stringValue {
    case ListName.instructions.stringValue:
      self.content = .instructions(try container.decode([FeatureID].self, forKey: list))
    case ListName.tables.stringValue: self.content = .tables(try container.decode([UInt8].self, forKey: list))
    case ListName.actions.stringValue:
      self.content = .actions(try container.decode([FeatureID].self, forKey: list))
    case ListName.fields.stringValue:
      self.content = .fields(try container.decode([FieldFeature].self, forKey: list))
    default: self.content = .raw(try container.decode(HexBytes.self, forKey: list).value)
    }
  }

  /// Writes the type and the list.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: FieldName.self)
    try container.encode(CodedType(number: self.type), forKey: FieldName("type"))
    switch self.content {
    case .instructions(let ids): try container.encode(ids, forKey: ListName.instructions)
    case .tables(let tables): try container.encode(tables, forKey: ListName.tables)
    case .actions(let ids): try container.encode(ids, forKey: ListName.actions)
    case .fields(let fields): try container.encode(fields, forKey: ListName.fields)
    case .raw(let bytes): try container.encode(HexBytes(bytes), forKey: ListName.raw)
    }
  }
}

extension TableProperty.FeatureID: FieldCodable {
  static let defaults = TableProperty.FeatureID(type: 0)
  static let fields: [CodedField<TableProperty.FeatureID>] = [
    .required("type", \.type), .field("experimenter", \.experimenter, as: HexNumber.self),
  ]
}

extension TableProperty.FieldFeature: FieldCodable {
  static let defaults = TableProperty.FieldFeature(header: 0, maskable: false)
  static let fields: [CodedField<TableProperty.FieldFeature>] = [
    .required("header", \.header, as: HexNumber.self), .field("hasmask", \.maskable),
    .field("experimenter", \.experimenter, as: HexNumber.self),
  ]
}

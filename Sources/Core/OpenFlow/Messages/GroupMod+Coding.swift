// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension GroupMod: FieldCodable {
  static let defaults = GroupMod(kind: .all, group: 0)
  static let fields: [CodedField<GroupMod>] = [
    .required("command", \.command), .required("type", \.kind), .required("group_id", \.group),
    .field("command_bucket_id", \.commandBucketID), .field("buckets", \.buckets),
    .field("properties", \.properties),
  ]
}

extension GroupMod.Command: NamedNumber {
  static let names = [
    (add, "add"), (modify, "modify"), (delete, "delete"), (insertBucket, "insert_bucket"),
    (removeBucket, "remove_bucket"), (addOrModify, "add_or_mod"),
  ]

  /// Reads a name or a number.
  public init(from decoder: any Decoder) throws { self = try Self.decodeNamed(from: decoder) }
  /// Writes the name if there is one, or else the number.
  public func encode(to encoder: any Encoder) throws { try self.encodeNamed(to: encoder) }
}

extension GroupKind: NamedNumber {
  static let names = [(all, "all"), (select, "select"), (indirect, "indirect"), (fastFailover, "ff")]

  /// Reads a name or a number.
  public init(from decoder: any Decoder) throws { self = try Self.decodeNamed(from: decoder) }
  /// Writes the name if there is one, or else the number.
  public func encode(to encoder: any Encoder) throws { try self.encodeNamed(to: encoder) }
}

extension Bucket: FieldCodable {
  static let defaults = Bucket()
  static let fields: [CodedField<Bucket>] = [
    .field("weight", \.weight), .field("watch_port", \.watchPort), .field("watch_group", \.watchGroup),
    .field("bucket_id", \.id), .field("actions", \.actions), .field("properties", \.otherProperties),
  ]
}

extension GroupProperty: OneOf {
  static let cases: [CodedCase<GroupProperty>] = [
    .payload("selection_method", SelectionMethod.self, wrap: { .selectionMethod($0) }) {
      if case .selectionMethod(let method) = $0 { method } else { nil }
    },
    .payload("unknown", RawProperty.self, wrap: { .unknown($0) }) {
      if case .unknown(let raw) = $0 { raw } else { nil }
    },
  ]
}

extension SelectionMethod: FieldCodable {
  static let defaults = SelectionMethod(name: "")
  static let fields: [CodedField<SelectionMethod>] = [
    .required("selection_method", \.name),
    .field("selection_method_param", \.parameter, as: HexNumber.self), .field("fields", \.codedFields),
  ]

  /// The fields; setting them sorts them.
  private var codedFields: [Field] {
    get { self.fields }
    set { self = SelectionMethod(name: self.name, parameter: self.parameter, fields: newValue) }
  }
}

/// A field is an object: the field, and its mask if only some of its bits count.
extension SelectionMethod.Field: Codable {
  /// Reads the field, and the mask if it is there.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: FieldName.self)
    try container.expect(["field", "mask"])
    self.init(
      try container.decodeRequired(MatchField.self, "field"),
      mask: try container.decodeIfPresent(HexNumber<UInt128>.self, forKey: FieldName("mask"))?.value)
  }

  /// Writes the field, and the mask if it leaves bits out.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: FieldName.self)
    try container.encode(self.field, forKey: FieldName("field"))
    if self.mask != self.field.fullMask {
      try container.encode(HexNumber(self.mask), forKey: FieldName("mask"))
    }
  }
}

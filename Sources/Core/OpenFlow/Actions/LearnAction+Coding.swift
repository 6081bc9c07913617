// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension LearnAction: FieldCodable {
  static let defaults = LearnAction(tableID: 0, specifications: [])
  static let fields: [CodedField<LearnAction>] = [
    .required("table_id", \.tableID), .field("priority", \.priority), .field("cookie", \.cookie, as: HexNumber.self),
    .field("idle_timeout", \.idleTimeout), .field("hard_timeout", \.hardTimeout),
    .field("fin_idle_timeout", \.finIdleTimeout), .field("fin_hard_timeout", \.finHardTimeout),
    .field("flags", \.flags), .field("limit", \.limit), .field("result_dst", \.result),
    .field("specs", \.specifications),
  ]
}

/// In its coded form a specification says its destination, and its source or a value:
/// `{"match":"eth_dst[]","src":"eth_src[]"}`, `{"load":"reg0[0..15]","value":"002a"}`, `{"output":"in_port[]"}`.
extension LearnAction.Specification: Codable {
  private static let names = ["match", "load", "output", "src", "value"].map { FieldName($0) }

  /// Reads the object.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: FieldName.self)
    try container.expect(Self.names.map(\.stringValue))
    let match = try container.decodeIfPresent(FieldSlice.self, forKey: FieldName("match"))
    let load = try container.decodeIfPresent(FieldSlice.self, forKey: FieldName("load"))
    let output = try container.decodeIfPresent(FieldSlice.self, forKey: FieldName("output"))
    let field = try container.decodeIfPresent(FieldSlice.self, forKey: FieldName("src"))
    let value = try container.decodeIfPresent(HexBytes.self, forKey: FieldName("value"))
    switch (match, load, output, field.map { .field($0) } ?? value.map { LearnAction.Source.value($0.value) }) {
    case (let slice?, nil, nil, let source?) where field == nil || value == nil: self.init(source, .match(slice))
    case (nil, let slice?, nil, let source?) where field == nil || value == nil: self.init(source, .load(slice))
    case (nil, nil, let slice?, nil): self.init(.field(slice), .output)
    default:
      throw container.corrupted(
        "must have either output, or one of match and load together with one of src and value")
    }
  }

  /// Writes the object.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: FieldName.self)
    switch self.destination {
    case .match(let slice): try container.encode(slice, forKey: FieldName("match"))
    case .load(let slice): try container.encode(slice, forKey: FieldName("load"))
    case .output:
      if case .field(let slice) = self.source { try container.encode(slice, forKey: FieldName("output")) }
      return
    }
    switch self.source {
    case .field(let slice): try container.encode(slice, forKey: FieldName("src"))
    case .value(let bytes): try container.encode(HexBytes(bytes), forKey: FieldName("value"))
    }
  }
}

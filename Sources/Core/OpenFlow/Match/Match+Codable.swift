// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// In JSON a match is an object with a field's name for each key, in the match's order:
/// `{"in_port":1,"eth_type":"0x0800","ipv4_dst":"10.0.0.0/255.255.255.0"}`.
extension Match: Codable {
  /// Reads the object; names may be the specification's or those of `ovs-ofctl`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: FieldName.self)
    self.init()
    for key in container.allKeys {
      let entry = try MatchEntry(from: container, key: key)
      guard self[entry.field] == nil else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container, debugDescription: "the field \(entry.field) is there twice")
      }
      self.insert(entry)
    }
  }

  /// Writes the object.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: FieldName.self)
    for entry in self.entries { try entry.encode(to: &container) }
  }
}

/// In JSON an entry is an object with the field's name as its only key: `{"ipv4_dst":"10.0.0.1"}`.
extension MatchEntry: Codable {
  /// Reads the object.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: FieldName.self)
    guard let key = container.allKeys.first, container.allKeys.count == 1 else {
      throw container.corrupted("has \(container.allKeys.count) fields, but an entry has one, as in {\"tcp_dst\":80}")
    }
    try self.init(from: container, key: key)
  }

  /// Writes the object.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: FieldName.self)
    try self.encode(to: &container)
  }

  fileprivate init(from container: KeyedDecodingContainer<FieldName>, key: FieldName) throws {
    let text: String
    if let number = try? container.decode(UInt64.self, forKey: key) {
      text = "\(number)"
    } else {
      text = try container.decode(String.self, forKey: key)
    }
    let digits = text.prefix { $0 != "/" }.utf8.count
    guard
      let field = MatchField.named(key.stringValue)
        ?? FieldIdentity(key.stringValue)?.field(byteCount: digits / 2)
    else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: container,
        debugDescription: "there is no field '\(key.stringValue)'; known are names such as eth_type, ipv4_dst, and "
          + "field(class=0x8000,number=99) for one without a name")
    }
    guard let entry = MatchEntry(field, text: text) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: container,
        debugDescription: "'\(text)' is no value of \(field), which takes \(field.format.accepted), of "
          + "\(field.bitCount) bits\(field.maskable ? "" : " and without a mask")")
    }
    self = entry
  }

  fileprivate func encode(to container: inout KeyedEncodingContainer<FieldName>) throws {
    let key = FieldName(self.field.description)
    switch self.field.format {
    case .decimal where self.mask == nil && !self.field.isWide:
      try container.encode(UInt64(truncatingIfNeeded: self.value), forKey: key)
    case .port: try container.encode(PortNumber(UInt32(truncatingIfNeeded: self.value)), forKey: key)
    default: try container.encode(self.valueText, forKey: key)
    }
  }
}

/// In JSON a field is its name, with its width where the name does not tell it: `"ipv4_dst"`, `"tun_metadata0(8)"`.
extension MatchField: Codable {
  /// Reads the name.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let field = MatchField(nameWithWidth: text) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "there is no field '\(text)'; known are names such as eth_type, tun_metadata0(8) with a "
          + "width in bytes, and field(class=0x8000,number=99,length=4)")
    }
    self = field
  }

  /// Writes the name.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(self.nameWithWidth)
  }
}

/// In JSON a slice is a text: `"reg0[8..23]"`, `"eth_src[]"`.
extension FieldSlice: Codable {
  /// Reads the text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let slice = FieldSlice(text) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "'\(text)' names no bits of a field; that is FIELD[] for all, FIELD[BIT], or "
          + "FIELD[FIRST..LAST] with bits that it has")
    }
    self = slice
  }

  /// Writes the text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(self.description)
  }
}

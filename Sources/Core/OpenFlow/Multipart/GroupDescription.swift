// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A group as the switch has it (OpenFlow 1.3.5, 7.3.5.10; 1.5.1, 7.3.5.9).
public struct GroupDescription: Sendable, Hashable {
  /// How it chooses among its buckets.
  public var kind: GroupKind
  /// Its number.
  public var group: GroupNumber
  /// Its buckets.
  public var buckets: [Bucket]
  /// Its properties; none in 1.3.
  public var properties: [GroupProperty]

  /// A group.
  public init(kind: GroupKind, group: GroupNumber, buckets: [Bucket], properties: [GroupProperty] = []) {
    self.kind = kind
    self.group = group
    self.buckets = buckets
    self.properties = properties
  }
}

/// ofp_group_desc; 1.5 says how long the buckets are, because properties follow them.
extension GroupDescription {
  /// Reads groups until nothing is left.
  static func list(
    reading reader: inout WireReader, version: ProtocolVersion
  ) throws(OpenFlowDecodingError) -> [GroupDescription] {
    var groups: [GroupDescription] = []
    while reader.remaining > 0 {
      let offset = reader.offset
      let length = Int(try reader.read(UInt16.self, "length of a group"))
      guard length >= 8 else {
        throw .badLength(what: "group", offset: offset, length: length, accepted: "8 or more")
      }
      var body = try reader.slice(length - 2, "group")
      groups.append(try GroupDescription(reading: &body, version: version))
    }
    return groups
  }

  private init(reading body: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    self.kind = GroupKind(rawValue: try body.read(UInt8.self, "group type"))
    try body.skip(1)
    self.group = GroupNumber(try body.read(UInt32.self, "group"))
    switch version {
    case .v1_3:
      self.buckets = try Bucket.list(reading: &body, kind: self.kind, version: version)
      self.properties = []
    case .v1_5:
      let length = Int(try body.read(UInt16.self, "length of buckets"))
      try body.skip(6)
      var list = try body.slice(length, "buckets")
      self.buckets = try Bucket.list(reading: &list, kind: self.kind, version: version)
      self.properties = try GroupProperty.list(reading: &body)
    }
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    let start = writer.count
    writer.writeZeros(2)
    writer.write(self.kind.rawValue)
    writer.writeZeros(1)
    writer.write(self.group.rawValue)
    switch version {
    case .v1_3:
      guard self.properties.isEmpty else { throw .unsupported(what: "properties of a group", version: version) }
      try Bucket.write(self.buckets, to: &writer, kind: self.kind, version: version)
    case .v1_5:
      let lengthIndex = writer.count
      writer.writeZeros(8)
      let bucketsStart = writer.count
      try Bucket.write(self.buckets, to: &writer, kind: self.kind, version: version)
      try writer.patchLength(at: lengthIndex, since: bucketsStart, "buckets of a group")
      try GroupProperty.write(self.properties, to: &writer, version: version)
    }
    try writer.patchLength(at: start, since: start, "group")
  }
}

extension GroupDescription: FieldCodable {
  static let defaults = GroupDescription(kind: .all, group: 0, buckets: [])
  static let fields: [CodedField<GroupDescription>] = [
    .required("type", \.kind), .required("group_id", \.group), .field("buckets", \.buckets),
    .field("properties", \.properties),
  ]
}

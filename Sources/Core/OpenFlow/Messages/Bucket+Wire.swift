// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// ofp_bucket. In 1.5 weight and watched port and group are properties, which are left out if they say nothing; only
/// a select group's weight is always said.
extension Bucket {
  private enum PropertyType {
    static let weight: UInt16 = 0
    static let watchPort: UInt16 = 1
    static let watchGroup: UInt16 = 2
  }

  /// Reads buckets until nothing is left.
  static func list(
    reading reader: inout WireReader, kind: GroupKind, version: ProtocolVersion
  ) throws(OpenFlowDecodingError) -> [Bucket] {
    var buckets: [Bucket] = []
    while reader.remaining > 0 {
      let offset = reader.offset
      let length = Int(try reader.read(UInt16.self, "bucket length"))
      guard length >= 8, length % 8 == 0 else {
        throw .badLength(what: "bucket", offset: offset, length: length, accepted: "a multiple of 8, at least 8")
      }
      var body = try reader.slice(length - 2, "bucket")
      switch version {
      case .v1_3: buckets.append(try Bucket(readingOlder: &body, version: version))
      case .v1_5:
        var bucket = try Bucket(readingNewer: &body, kind: kind, version: version)
        if bucket.id == UInt32(buckets.count) { bucket.id = nil }
        buckets.append(bucket)
      }
    }
    return buckets
  }

  private init(readingOlder body: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    self.init(
      weight: try body.read(UInt16.self, "weight"),
      watchPort: PortNumber(try body.read(UInt32.self, "watched port")),
      watchGroup: GroupNumber(try body.read(UInt32.self, "watched group")))
    try body.skip(4)
    self.actions = try Action.list(reading: &body, version: version)
  }

  private init(
    readingNewer body: inout WireReader, kind: GroupKind, version: ProtocolVersion
  ) throws(OpenFlowDecodingError) {
    let actionsLength = Int(try body.read(UInt16.self, "length of a bucket's actions"))
    let id = try body.read(UInt32.self, "bucket id")
    var actions = try body.slice(actionsLength, "bucket's actions")
    self.init(
      weight: Self.defaultWeight(kind), actions: try Action.list(reading: &actions, version: version), id: id)
    while var property = try WireProperty(reading: &body) {
      switch property.type {
      case PropertyType.weight: self.weight = try property.body.read(UInt16.self, "weight")
      case PropertyType.watchPort:
        self.watchPort = PortNumber(try property.body.read(UInt32.self, "watched port"))
      case PropertyType.watchGroup:
        self.watchGroup = GroupNumber(try property.body.read(UInt32.self, "watched group"))
      default: self.otherProperties.append(property.raw())
      }
    }
  }

  static func write(
    _ buckets: [Bucket], to writer: inout WireWriter, kind: GroupKind, version: ProtocolVersion
  ) throws(OpenFlowEncodingError) {
    for (index, bucket) in buckets.enumerated() {
      switch version {
      case .v1_3: try bucket.writeOlder(to: &writer, version: version)
      case .v1_5: try bucket.writeNewer(to: &writer, index: UInt32(index), kind: kind, version: version)
      }
    }
  }

  private func writeOlder(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    guard self.id == nil else { throw .unsupported(what: "bucket id", version: version) }
    guard self.otherProperties.isEmpty else {
      throw .unsupported(what: "properties of a bucket", version: version)
    }
    let start = writer.count
    writer.writeZeros(2)
    writer.write(self.weight)
    writer.write(self.watchPort.rawValue)
    writer.write(self.watchGroup.rawValue)
    writer.writeZeros(4)
    try Action.write(self.actions, to: &writer, version: version)
    try writer.patchLength(at: start, since: start, "bucket")
  }

  private func writeNewer(
    to writer: inout WireWriter, index: UInt32, kind: GroupKind, version: ProtocolVersion
  ) throws(OpenFlowEncodingError) {
    let start = writer.count
    writer.writeZeros(4)
    writer.write(self.id ?? index)
    let actionsStart = writer.count
    try Action.write(self.actions, to: &writer, version: version)
    try writer.patchLength(at: start + 2, since: actionsStart, "bucket's actions")
    if self.weight != 0 || kind == .select {
      WireProperty.write(to: &writer, type: PropertyType.weight, self.weight)
    }
    if self.watchPort != .any {
      WireProperty.write(to: &writer, type: PropertyType.watchPort, self.watchPort.rawValue)
    }
    if self.watchGroup != .any {
      WireProperty.write(to: &writer, type: PropertyType.watchGroup, self.watchGroup.rawValue)
    }
    for property in self.otherProperties { try WireProperty.write(to: &writer, property) }
    try writer.patchLength(at: start, since: start, "bucket")
  }

  /// What a bucket without the property has (OpenFlow 1.5.1, 7.3.4.3).
  private static func defaultWeight(_ kind: GroupKind) -> UInt16 { kind == .select ? 1 : 0 }
}

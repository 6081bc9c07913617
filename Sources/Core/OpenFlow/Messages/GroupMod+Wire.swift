// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// ofp_group_mod; 1.5 says how long the buckets are, because properties follow them.
extension GroupMod {
  init(reading reader: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    let offset = reader.offset
    let number = try reader.read(UInt16.self, "group_mod command")
    guard let command = Command(rawValue: number) else {
      throw .badValue(
        what: "group_mod command", offset: offset, value: UInt64(number), accepted: "0, 1, 2, 3, 5 or 32768")
    }
    let kind = GroupKind(rawValue: try reader.read(UInt8.self, "group type"))
    try reader.skip(1)
    let group = GroupNumber(try reader.read(UInt32.self, "group"))
    switch version {
    case .v1_3:
      let buckets = try Bucket.list(reading: &reader, kind: kind, version: version)
      self.init(command: command, kind: kind, group: group, buckets: buckets)
    case .v1_5:
      let length = Int(try reader.read(UInt16.self, "length of buckets"))
      try reader.skip(2)
      let commandBucketID = try reader.read(UInt32.self, "command's bucket id")
      var list = try reader.slice(length, "buckets")
      let buckets = try Bucket.list(reading: &list, kind: kind, version: version)
      let properties = try GroupProperty.list(reading: &reader)
      self.init(
        command: command, kind: kind, group: group, buckets: buckets, commandBucketID: commandBucketID,
        properties: properties)
    }
  }

  func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    writer.write(self.command.rawValue)
    writer.write(self.kind.rawValue)
    writer.writeZeros(1)
    writer.write(self.group.rawValue)
    switch version {
    case .v1_3:
      try self.checkForOlderVersion(version)
      try Bucket.write(self.buckets, to: &writer, kind: self.kind, version: version)
    case .v1_5:
      let lengthIndex = writer.count
      writer.writeZeros(4)
      writer.write(self.commandBucketID)
      let start = writer.count
      try Bucket.write(self.buckets, to: &writer, kind: self.kind, version: version)
      try writer.patchLength(at: lengthIndex, since: start, "buckets of a group")
      try GroupProperty.write(self.properties, to: &writer, version: version)
    }
  }

  private func checkForOlderVersion(_ version: ProtocolVersion) throws(OpenFlowEncodingError) {
    if self.command == .insertBucket || self.command == .removeBucket {
      throw .unsupported(what: "inserting and removing of single buckets", version: version)
    }
    guard self.commandBucketID == Bucket.allBuckets else { throw .unsupported(what: "bucket id", version: version) }
    guard self.properties.isEmpty else { throw .unsupported(what: "properties of a group", version: version) }
  }
}

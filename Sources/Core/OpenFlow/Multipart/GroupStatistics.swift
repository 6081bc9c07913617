// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What a group has counted (OpenFlow 1.3.5, 7.3.5.9).
public struct GroupStatistics: Sendable, Hashable {
  /// The group's number.
  public var group: GroupNumber
  /// How many flows and groups refer to it.
  public var referenceCount: UInt32
  /// Packets that it got.
  public var packetCount: UInt64
  /// Bytes in those packets.
  public var byteCount: UInt64
  /// How long it has been there, seconds.
  public var durationSeconds: UInt32
  /// Nanoseconds beyond `durationSeconds`.
  public var durationNanoseconds: UInt32
  /// Its buckets' counters, in their order.
  public var buckets: [BucketCounters]

  /// A group's counters.
  public init(
    group: GroupNumber, referenceCount: UInt32 = 0, packetCount: UInt64 = 0, byteCount: UInt64 = 0,
    durationSeconds: UInt32 = 0, durationNanoseconds: UInt32 = 0, buckets: [BucketCounters] = []
  ) {
    self.group = group
    self.referenceCount = referenceCount
    self.packetCount = packetCount
    self.byteCount = byteCount
    self.durationSeconds = durationSeconds
    self.durationNanoseconds = durationNanoseconds
    self.buckets = buckets
  }

  /// What a bucket has counted.
  public struct BucketCounters: Sendable, Hashable {
    /// Packets that it got.
    public var packetCount: UInt64
    /// Bytes in those packets.
    public var byteCount: UInt64

    /// A bucket's counters.
    public init(packetCount: UInt64 = 0, byteCount: UInt64 = 0) {
      self.packetCount = packetCount
      self.byteCount = byteCount
    }
  }
}

extension GroupStatistics {
  /// Reads groups until nothing is left.
  static func list(reading reader: inout WireReader) throws(OpenFlowDecodingError) -> [GroupStatistics] {
    var groups: [GroupStatistics] = []
    while reader.remaining > 0 {
      let offset = reader.offset
      let length = Int(try reader.read(UInt16.self, "length of a group"))
      guard length >= 40 else {
        throw .badLength(what: "group", offset: offset, length: length, accepted: "40 or more")
      }
      var body = try reader.slice(length - 2, "group")
      groups.append(try GroupStatistics(reading: &body))
    }
    return groups
  }

  private init(reading body: inout WireReader) throws(OpenFlowDecodingError) {
    try body.skip(2)
    self.group = GroupNumber(try body.read(UInt32.self, "group"))
    self.referenceCount = try body.read(UInt32.self, "reference count")
    try body.skip(4)
    self.packetCount = try body.read(UInt64.self, "packet count")
    self.byteCount = try body.read(UInt64.self, "byte count")
    self.durationSeconds = try body.read(UInt32.self, "duration")
    self.durationNanoseconds = try body.read(UInt32.self, "duration")
    self.buckets = []
    while body.remaining > 0 {
      self.buckets.append(
        BucketCounters(
          packetCount: try body.read(UInt64.self, "bucket's packet count"),
          byteCount: try body.read(UInt64.self, "bucket's byte count")))
    }
  }

  func write(to writer: inout WireWriter) throws(OpenFlowEncodingError) {
    let start = writer.count
    writer.writeZeros(4)
    writer.write(self.group.rawValue)
    writer.write(self.referenceCount)
    writer.writeZeros(4)
    writer.write(self.packetCount)
    writer.write(self.byteCount)
    writer.write(self.durationSeconds)
    writer.write(self.durationNanoseconds)
    for bucket in self.buckets {
      writer.write(bucket.packetCount)
      writer.write(bucket.byteCount)
    }
    try writer.patchLength(at: start, since: start, "group")
  }
}

extension GroupStatistics: FieldCodable {
  static let defaults = GroupStatistics(group: 0)
  static let fields: [CodedField<GroupStatistics>] = [
    .required("group_id", \.group), .field("ref_count", \.referenceCount), .field("packet_count", \.packetCount),
    .field("byte_count", \.byteCount), .field("duration_sec", \.durationSeconds),
    .field("duration_nsec", \.durationNanoseconds), .field("bucket_stats", \.buckets),
  ]
}

extension GroupStatistics.BucketCounters: FieldCodable {
  static let defaults = GroupStatistics.BucketCounters()
  static let fields: [CodedField<GroupStatistics.BucketCounters>] = [
    .field("packet_count", \.packetCount), .field("byte_count", \.byteCount),
  ]
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Adds, changes or deletes a group (OpenFlow 1.3.5, 7.3.4.2; 1.5.1, 7.3.4.3).
public struct GroupMod: Sendable, Hashable {
  /// What to do.
  public var command: Command
  /// How the group chooses among its buckets.
  public var kind: GroupKind
  /// Which group; `.all` for deleting all.
  public var group: GroupNumber
  /// For `insertBucket` and `removeBucket` (1.5): after which, or which bucket; a bucket's id or a reserved one.
  public var commandBucketID: UInt32
  /// The buckets; an empty list drops what comes, or, for deleting, is required.
  public var buckets: [Bucket]
  /// How a select group chooses (1.5 only; must be empty in 1.3).
  public var properties: [GroupProperty]

  /// Adds a group, unless another command is given.
  public init(
    command: Command = .add, kind: GroupKind, group: GroupNumber, buckets: [Bucket] = [],
    commandBucketID: UInt32 = Bucket.allBuckets, properties: [GroupProperty] = []
  ) {
    self.command = command
    self.kind = kind
    self.group = group
    self.commandBucketID = commandBucketID
    self.buckets = buckets
    self.properties = properties
  }

  /// OFPGC_*
  public enum Command: UInt16, Sendable, Hashable, CaseIterable {
    /// OFPGC_ADD: refused if the group exists.
    case add = 0
    /// OFPGC_MODIFY: refused unless the group exists.
    case modify = 1
    /// OFPGC_DELETE: deletes the group and the flows that use it.
    case delete = 2
    /// OFPGC_INSERT_BUCKET (1.5 only)
    case insertBucket = 3
    /// OFPGC_REMOVE_BUCKET (1.5 only)
    case removeBucket = 5
    /// OFPGC_ADD_OR_MOD of Open vSwitch: adds the group, or changes it if it exists.
    case addOrModify = 0x8000
  }
}

/// OFPGT_*: how a group chooses among its buckets. 128 … 255 are experimenters'.
public struct GroupKind: RawRepresentable, Sendable, Hashable, CaseIterable, CustomStringConvertible {
  /// The number on the wire.
  public let rawValue: UInt8
  /// Takes any number.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// OFPGT_ALL: all of them.
  public static let all = GroupKind(rawValue: 0)
  /// OFPGT_SELECT: one, by weight.
  public static let select = GroupKind(rawValue: 1)
  /// OFPGT_INDIRECT: its only one.
  public static let indirect = GroupKind(rawValue: 2)
  /// OFPGT_FF: the first that is live.
  public static let fastFailover = GroupKind(rawValue: 3)

  /// The kinds that the specification has, in the order of their numbers.
  public static let allCases: [GroupKind] = [.all, .select, .indirect, .fastFailover]

  /// The specification's name in lower case, or the number.
  public var description: String { self.name ?? "\(self.rawValue)" }
}

/// One bucket of a group: what is done with a packet that gets there.
///
/// The value is the same for both versions, so buckets read back over one can be compared with those sent over the
/// other.
public struct Bucket: Sendable, Hashable {
  /// The share of a select group's packets; 0 in other groups.
  public var weight: UInt16
  /// The bucket is live only if this port is; `.any`: no condition.
  public var watchPort: PortNumber
  /// The bucket is live only if this group is; `.any`: no condition.
  public var watchGroup: GroupNumber
  /// An action set: the order in which they are done is the specification's, not the list's.
  public var actions: [Action]
  /// The bucket's id in OpenFlow 1.5. Nil: its index in the list, which is what is sent; an id that is read and equals
  /// the index is read as nil. OpenFlow 1.3 has no ids: there it must be nil.
  public var id: UInt32?
  /// Properties of OpenFlow 1.5 that this module does not read (experimenter). 1.3 has none.
  public var otherProperties: [RawProperty]

  /// A bucket.
  public init(
    weight: UInt16 = 0, watchPort: PortNumber = .any, watchGroup: GroupNumber = .any, actions: [Action] = [],
    id: UInt32? = nil, otherProperties: [RawProperty] = []
  ) {
    self.weight = weight
    self.watchPort = watchPort
    self.watchGroup = watchGroup
    self.actions = actions
    self.id = id
    self.otherProperties = otherProperties
  }

  /// OFPG_BUCKET_FIRST: before or at the first bucket.
  public static let firstBucket: UInt32 = 0xffff_fffd
  /// OFPG_BUCKET_LAST: after or at the last bucket.
  public static let lastBucket: UInt32 = 0xffff_fffe
  /// OFPG_BUCKET_ALL: all buckets, or none in particular.
  public static let allBuckets: UInt32 = 0xffff_ffff
}

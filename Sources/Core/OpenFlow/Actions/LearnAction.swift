// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Adds or changes a flow for each packet, made of the packet's own fields (ovs-actions(7), "learn").
public struct LearnAction: Sendable, Hashable {
  /// The table of the learned flows. 0 … 254
  public var tableID: UInt8
  /// Their priority.
  public var priority: UInt16
  /// Their cookie.
  public var cookie: UInt64
  /// Seconds without a packet after which one goes; 0: never.
  public var idleTimeout: UInt16
  /// Seconds after which one goes; 0: never.
  public var hardTimeout: UInt16
  /// The idle timeout once the flow has seen a FIN or RST; 0: as it was.
  public var finIdleTimeout: UInt16
  /// The hard timeout once the flow has seen a FIN or RST; 0: as it was.
  public var finHardTimeout: UInt16
  /// How they are added.
  public var flags: Flags
  /// How many there may be; 0: as many as the table holds.
  public var limit: UInt32
  /// One bit that tells later actions whether the flow was added, or was there; nil: none.
  public var result: FieldSlice?
  /// What they match and do.
  public var specifications: [Specification]

  /// Learns flows in a table.
  public init(
    tableID: UInt8, priority: UInt16 = 0x8000, cookie: UInt64 = 0, idleTimeout: UInt16 = 0, hardTimeout: UInt16 = 0,
    finIdleTimeout: UInt16 = 0, finHardTimeout: UInt16 = 0, flags: Flags = [], limit: UInt32 = 0,
    result: FieldSlice? = nil, specifications: [Specification]
  ) {
    self.tableID = tableID
    self.priority = priority
    self.cookie = cookie
    self.idleTimeout = idleTimeout
    self.hardTimeout = hardTimeout
    self.finIdleTimeout = finIdleTimeout
    self.finHardTimeout = finHardTimeout
    self.flags = flags
    self.limit = limit
    self.result = result
    self.specifications = specifications
  }

  /// NX_LEARN_F_*, but for the one that says that there is a `result`.
  public struct Flags: OptionSet, Sendable, Hashable {
    /// The bits as they are on the wire.
    public let rawValue: UInt16
    /// Takes any bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// Tell when a learned flow goes.
    public static let sendFlowRemoved = Flags(rawValue: 1 << 0)
    /// Delete what was learned when the flow that learns goes.
    public static let deleteLearned = Flags(rawValue: 1 << 1)
  }

  /// One condition or action of the learned flow.
  public struct Specification: Sendable, Hashable {
    /// Where the bits come from.
    public var source: Source
    /// What the learned flow does with them.
    public var destination: Destination

    /// Uses the bits of `source` for `destination`; both must have the same number.
    public init(_ source: Source, _ destination: Destination) {
      self.source = source
      self.destination = destination
    }

    /// Matches what a field of this packet is, in the same or another field.
    public static func match(_ field: MatchField, from source: MatchField? = nil) -> Specification {
      Specification(.field(FieldSlice(source ?? field)), .match(FieldSlice(field)))
    }

    /// Matches a constant in all of a field; a mask is not taken into account.
    public static func match(_ entry: MatchEntry) -> Specification {
      Specification(.value(entry.bytes), .match(FieldSlice(entry.field)))
    }

    /// Writes a constant in all of a field; a mask is not taken into account.
    public static func load(_ entry: MatchEntry) -> Specification {
      Specification(.value(entry.bytes), .load(FieldSlice(entry.field)))
    }

    /// Sends packets out of the port that these bits of this packet name.
    public static func output(_ port: FieldSlice) -> Specification { Specification(.field(port), .output) }
  }

  /// Where the bits of a learned flow come from.
  public enum Source: Sendable, Hashable {
    /// From the packet.
    case field(FieldSlice)
    /// From here: a number in as many bytes as the destination's bits take, highest first.
    case value([UInt8])
  }

  /// What a learned flow does with bits.
  public enum Destination: Sendable, Hashable {
    /// It matches them.
    case match(FieldSlice)
    /// It writes them.
    case load(FieldSlice)
    /// It sends packets out of the port that they name; the bits must come from the packet.
    case output
  }
}

extension LearnAction.Flags: Codable {}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Open vSwitch's connection tracking action (NXAST_CT, ovs-actions(7)).
public struct ConntrackAction: Sendable, Hashable {
  /// Enters the connection in the tracker's table; without it the connection is only looked up.
  public var commit: Bool
  /// Replaces an entry that was made in the opposite direction; needs `commit`.
  public var force: Bool
  /// The zone in which to look.
  public var zone: Zone
  /// The table where a copy of the packet goes on, with its connection's state; nil: no such copy.
  public var table: UInt8?
  /// The port of the protocol whose helper shall follow related connections: 21 FTP, 69 TFTP, 0 none.
  public var algorithm: UInt16
  /// What is done when the connection is committed: `nat`, and `setField` of mark and label.
  public var actions: [Action]

  /// Looks a packet's connection up, or commits it.
  public init(
    commit: Bool = false, force: Bool = false, zone: Zone = .number(0), table: UInt8? = nil, algorithm: UInt16 = 0,
    actions: [Action] = []
  ) {
    self.commit = commit
    self.force = force
    self.zone = zone
    self.table = table
    self.algorithm = algorithm
    self.actions = actions
  }

  /// A zone: connections in different zones do not know of each other.
  public enum Zone: Sendable, Hashable, ExpressibleByIntegerLiteral {
    /// This one.
    case number(UInt16)
    /// The one whose number is in these 16 bits of the packet's metadata.
    case field(FieldSlice)

    /// The zone with this number.
    public init(integerLiteral value: UInt16) { self = .number(value) }
  }
}

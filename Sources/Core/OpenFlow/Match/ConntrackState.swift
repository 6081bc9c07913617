// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// What connection tracking knows about a packet: the bits of the field `ct_state` (ovs-fields(7)).
public struct ConntrackState: OptionSet, Sendable, Hashable {
  /// The bits as they are on the wire.
  public let rawValue: UInt32
  /// Takes any bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// `new`: would begin a connection that is not committed yet.
  public static let new = ConntrackState(rawValue: 1 << 0)
  /// `est`: belongs to a committed connection.
  public static let established = ConntrackState(rawValue: 1 << 1)
  /// `rel`: related to a connection, such as an ICMP error.
  public static let related = ConntrackState(rawValue: 1 << 2)
  /// `rpl`: goes against the direction of the connection's first packet.
  public static let reply = ConntrackState(rawValue: 1 << 3)
  /// `inv`: could not be identified.
  public static let invalid = ConntrackState(rawValue: 1 << 4)
  /// `trk`: has been through the connection tracker.
  public static let tracked = ConntrackState(rawValue: 1 << 5)
  /// `snat`: its source was translated.
  public static let sourceNAT = ConntrackState(rawValue: 1 << 6)
  /// `dnat`: its destination was translated.
  public static let destinationNAT = ConntrackState(rawValue: 1 << 7)
}

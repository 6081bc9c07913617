// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Asks a switch for something that may need several messages (OpenFlow 1.3.5, 7.3.5).
public struct MultipartRequest: Sendable, Hashable {
  /// Whether more parts of this request follow.
  public var more: Bool
  /// What is asked.
  public var body: Body

  /// A request in one part, unless said otherwise.
  public init(_ body: Body, more: Bool = false) {
    self.more = more
    self.body = body
  }

  /// OFPMP_*
  public enum Body: Sendable, Hashable {
    /// OFPMP_DESC: who made the switch.
    case description
    /// OFPMP_FLOW in 1.3, OFPMP_FLOW_DESC in 1.5: flows with their counters.
    case flows(FlowRequest)
    /// OFPMP_GROUP: the counters of one group, or of `.all`.
    case groupStatistics(GroupNumber)
    /// OFPMP_GROUP_DESC: the buckets of all groups. A single group can be asked for in 1.5 only.
    case groupDescriptions(GroupNumber = .all)
    /// OFPMP_GROUP_FEATURES: what groups the switch can do.
    case groupFeatures
    /// OFPMP_TABLE_FEATURES: what its tables can do (an empty list asks, any other sets).
    case tableFeatures([TableFeatures] = [])
    /// OFPMP_PORT_DESC: all ports. A single port can be asked for in 1.5 only.
    case portDescriptions(PortNumber = .any)
    /// A type that this module does not read.
    case unknown(type: UInt16, body: [UInt8])
  }
}

/// Which flows are asked for (OpenFlow 1.3.5, 7.3.5.2; 1.5.1, 7.3.5.2).
public struct FlowRequest: Sendable, Hashable {
  /// The table, or `TableNumber.all`.
  public var tableID: UInt8
  /// Only flows that output to this port; `.any`: all.
  public var outPort: PortNumber
  /// Only flows that use this group; `.any`: all.
  public var outGroup: GroupNumber
  /// Only flows whose cookie has these bits in `cookieMask`.
  public var cookie: UInt64
  /// The bits of the cookie that count; 0: none.
  public var cookieMask: UInt64
  /// Only flows that this match covers.
  public var match: Match

  /// All flows, unless conditions are given.
  public init(
    tableID: UInt8 = TableNumber.all, outPort: PortNumber = .any, outGroup: GroupNumber = .any, cookie: UInt64 = 0,
    cookieMask: UInt64 = 0, match: Match = .any
  ) {
    self.tableID = tableID
    self.outPort = outPort
    self.outGroup = outGroup
    self.cookie = cookie
    self.cookieMask = cookieMask
    self.match = match
  }
}

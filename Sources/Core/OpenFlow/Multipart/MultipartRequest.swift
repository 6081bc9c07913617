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

  /// OFPMP_*. The names are 1.5's where 1.3 has others.
  public enum Body: Sendable, Hashable {
    /// OFPMP_DESC: who made the switch.
    case description
    /// OFPMP_FLOW in 1.3, OFPMP_FLOW_DESC in 1.5: flows with their counters.
    case flows(FlowRequest)
    /// OFPMP_AGGREGATE_STATS: how many flows there are, and what they have counted together.
    case aggregate(FlowRequest)
    /// OFPMP_TABLE_STATS: the counters of all tables.
    case tableStatistics
    /// OFPMP_PORT_STATS: the counters of one port, or of `.any`.
    case portStatistics(PortNumber = .any)
    /// OFPMP_QUEUE_STATS: the counters of queues.
    case queueStatistics(QueueRequest = QueueRequest())
    /// OFPMP_GROUP_STATS: the counters of one group, or of `.all`.
    case groupStatistics(GroupNumber)
    /// OFPMP_GROUP_DESC: the buckets of all groups. A single group can be asked for in 1.5 only.
    case groupDescriptions(GroupNumber = .all)
    /// OFPMP_GROUP_FEATURES: what groups the switch can do.
    case groupFeatures
    /// OFPMP_METER_STATS: the counters of one meter, or of `.all`.
    case meterStatistics(MeterNumber = .all)
    /// OFPMP_METER_DESC, in 1.3 OFPMP_METER_CONFIG: the bands of one meter, or of `.all`.
    case meterConfigurations(MeterNumber = .all)
    /// OFPMP_METER_FEATURES: what meters the switch can do.
    case meterFeatures
    /// OFPMP_TABLE_FEATURES: what its tables can do (an empty list asks, any other sets).
    case tableFeatures([TableFeatures] = [])
    /// OFPMP_PORT_DESC: all ports. A single port can be asked for in 1.5 only.
    case portDescriptions(PortNumber = .any)
    /// OFPMP_TABLE_DESC (1.5 only): how all tables are configured.
    case tableDescriptions
    /// OFPMP_QUEUE_DESC (1.5 only): how queues are configured.
    case queueDescriptions(QueueRequest = QueueRequest())
    /// OFPMP_FLOW_MONITOR (1.5 only): tell of changes of flows.
    case flowMonitor([FlowMonitorRequest])
    /// OFPMP_FLOW_STATS (1.5 only; Open vSwitch does not have it): flows with their counters, without instructions.
    case flowSummaries(FlowRequest)
    /// OFPMP_EXPERIMENTER: an extension's.
    case experimenter(ExperimenterMessage)
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

extension FlowRequest: FieldCodable {
  static let defaults = FlowRequest()
  static let fields: [CodedField<FlowRequest>] = [
    .field("table_id", \.tableID, as: TableName.self), .field("out_port", \.outPort),
    .field("out_group", \.outGroup), .field("cookie", \.cookie, as: HexNumber.self),
    .field("cookie_mask", \.cookieMask, as: HexNumber.self), .field("match", \.match),
  ]
}

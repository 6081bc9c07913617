// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// One part of a switch's answer to a `MultipartRequest` (OpenFlow 1.3.5, 7.3.5).
public struct MultipartReply: Sendable, Hashable {
  /// Whether more parts of this answer follow.
  public var more: Bool
  /// What this part says.
  public var body: Body

  /// The only or last part, unless said otherwise.
  public init(_ body: Body, more: Bool = false) {
    self.more = more
    self.body = body
  }

  /// OFPMP_*; the names are those of the requests.
  public enum Body: Sendable, Hashable {
    /// OFPMP_DESC
    case description(SwitchDescription)
    /// OFPMP_FLOW in 1.3, OFPMP_FLOW_DESC in 1.5
    case flows([FlowStatistics])
    /// OFPMP_AGGREGATE_STATS
    case aggregate(AggregateStatistics)
    /// OFPMP_TABLE_STATS
    case tableStatistics([TableStatistics])
    /// OFPMP_PORT_STATS
    case portStatistics([PortStatistics])
    /// OFPMP_QUEUE_STATS
    case queueStatistics([QueueStatistics])
    /// OFPMP_GROUP_STATS
    case groupStatistics([GroupStatistics])
    /// OFPMP_GROUP_DESC
    case groupDescriptions([GroupDescription])
    /// OFPMP_GROUP_FEATURES
    case groupFeatures(GroupFeatures)
    /// OFPMP_METER_STATS
    case meterStatistics([MeterStatistics])
    /// OFPMP_METER_DESC, in 1.3 OFPMP_METER_CONFIG
    case meterConfigurations([MeterConfiguration])
    /// OFPMP_METER_FEATURES
    case meterFeatures(MeterFeatures)
    /// OFPMP_TABLE_FEATURES
    case tableFeatures([TableFeatures])
    /// OFPMP_PORT_DESC
    case portDescriptions([PortDescription])
    /// OFPMP_TABLE_DESC (1.5 only)
    case tableDescriptions([TableDescription])
    /// OFPMP_QUEUE_DESC (1.5 only)
    case queueDescriptions([QueueDescription])
    /// OFPMP_FLOW_MONITOR (1.5 only), also sent without having been asked for
    case flowMonitor([FlowUpdate])
    /// OFPMP_FLOW_STATS (1.5 only)
    case flowSummaries([FlowSummary])
    /// OFPMP_EXPERIMENTER
    case experimenter(ExperimenterMessage)
    /// A type that this module does not read
    case unknown(type: UInt16, body: [UInt8])
  }
}

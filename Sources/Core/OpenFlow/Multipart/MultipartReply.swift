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
    /// OFPMP_GROUP
    case groupStatistics([GroupStatistics])
    /// OFPMP_GROUP_DESC
    case groupDescriptions([GroupDescription])
    /// OFPMP_GROUP_FEATURES
    case groupFeatures(GroupFeatures)
    /// OFPMP_TABLE_FEATURES
    case tableFeatures([TableFeatures])
    /// OFPMP_PORT_DESC
    case portDescriptions([PortDescription])
    /// A type that this module does not read
    case unknown(type: UInt16, body: [UInt8])
  }
}

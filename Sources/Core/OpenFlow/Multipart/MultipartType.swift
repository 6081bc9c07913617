// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// OFPMP_*: the numbers that stand for what is asked (OpenFlow 1.3.5, 7.3.5; 1.5.1, 7.3.5). 0 to 13 are the same in
/// 1.3 and 1.5, which calls some by other names; 14 to 17 came after 1.3.
enum MultipartType {
  static let description: UInt16 = 0
  static let flows: UInt16 = 1
  static let aggregate: UInt16 = 2
  static let tableStatistics: UInt16 = 3
  static let portStatistics: UInt16 = 4
  static let queueStatistics: UInt16 = 5
  static let groupStatistics: UInt16 = 6
  static let groupDescriptions: UInt16 = 7
  static let groupFeatures: UInt16 = 8
  static let meterStatistics: UInt16 = 9
  static let meterConfigurations: UInt16 = 10
  static let meterFeatures: UInt16 = 11
  static let tableFeatures: UInt16 = 12
  static let portDescriptions: UInt16 = 13
  static let tableDescriptions: UInt16 = 14
  static let queueDescriptions: UInt16 = 15
  static let flowMonitor: UInt16 = 16
  static let flowSummaries: UInt16 = 17
  static let experimenter: UInt16 = 0xffff

  /// OFPMPF_REQ_MORE and OFPMPF_REPLY_MORE
  static let moreFlag: UInt16 = 1
}

extension MultipartRequest.Body {
  /// The number that stands for this request.
  var type: UInt16 {
    switch self {
    case .description: MultipartType.description
    case .flows: MultipartType.flows
    case .aggregate: MultipartType.aggregate
    case .tableStatistics: MultipartType.tableStatistics
    case .portStatistics: MultipartType.portStatistics
    case .queueStatistics: MultipartType.queueStatistics
    case .groupStatistics: MultipartType.groupStatistics
    case .groupDescriptions: MultipartType.groupDescriptions
    case .groupFeatures: MultipartType.groupFeatures
    case .meterStatistics: MultipartType.meterStatistics
    case .meterConfigurations: MultipartType.meterConfigurations
    case .meterFeatures: MultipartType.meterFeatures
    case .tableFeatures: MultipartType.tableFeatures
    case .portDescriptions: MultipartType.portDescriptions
    case .tableDescriptions: MultipartType.tableDescriptions
    case .queueDescriptions: MultipartType.queueDescriptions
    case .flowMonitor: MultipartType.flowMonitor
    case .flowSummaries: MultipartType.flowSummaries
    case .experimenter: MultipartType.experimenter
    case .unknown(let type, _): type
    }
  }
}

extension MultipartReply.Body {
  /// The number that stands for this answer.
  var type: UInt16 {
    switch self {
    case .description: MultipartType.description
    case .flows: MultipartType.flows
    case .aggregate: MultipartType.aggregate
    case .tableStatistics: MultipartType.tableStatistics
    case .portStatistics: MultipartType.portStatistics
    case .queueStatistics: MultipartType.queueStatistics
    case .groupStatistics: MultipartType.groupStatistics
    case .groupDescriptions: MultipartType.groupDescriptions
    case .groupFeatures: MultipartType.groupFeatures
    case .meterStatistics: MultipartType.meterStatistics
    case .meterConfigurations: MultipartType.meterConfigurations
    case .meterFeatures: MultipartType.meterFeatures
    case .tableFeatures: MultipartType.tableFeatures
    case .portDescriptions: MultipartType.portDescriptions
    case .tableDescriptions: MultipartType.tableDescriptions
    case .queueDescriptions: MultipartType.queueDescriptions
    case .flowMonitor: MultipartType.flowMonitor
    case .flowSummaries: MultipartType.flowSummaries
    case .experimenter: MultipartType.experimenter
    case .unknown(let type, _): type
    }
  }
}

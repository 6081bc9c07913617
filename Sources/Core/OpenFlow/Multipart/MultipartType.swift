// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// OFPMP_*: the numbers that stand for what is asked (OpenFlow 1.3.5, 7.3.5), the same in 1.3 and 1.5 as far as they
/// are here. In 1.5 number 1 is called FLOW_DESC.
enum MultipartType {
  static let description: UInt16 = 0
  static let flows: UInt16 = 1
  static let groupStatistics: UInt16 = 6
  static let groupDescriptions: UInt16 = 7
  static let groupFeatures: UInt16 = 8
  static let tableFeatures: UInt16 = 12
  static let portDescriptions: UInt16 = 13

  /// OFPMPF_REQ_MORE and OFPMPF_REPLY_MORE
  static let moreFlag: UInt16 = 1
}

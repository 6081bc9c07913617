// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// OFPAT_*: the numbers that stand for actions (OpenFlow 1.3.5, 7.2.5).
enum ActionType {
  static let output: UInt16 = 0
  static let pushVLAN: UInt16 = 17
  static let popVLAN: UInt16 = 18
  static let setQueue: UInt16 = 21
  static let group: UInt16 = 22
  static let setTTL: UInt16 = 23
  static let decrementTTL: UInt16 = 24
  static let setField: UInt16 = 25
  /// 1.5 only
  static let copyField: UInt16 = 28
  static let experimenter: UInt16 = 0xffff
}

/// NXAST_*: the numbers of Nicira's actions.
enum NiciraActionType {
  static let move: UInt16 = 6
  static let load: UInt16 = 7
  static let loadField: UInt16 = 33
  static let conntrack: UInt16 = 35
  static let nat: UInt16 = 36
}

/// Numbers of the Open Networking Foundation's actions.
enum ONFActionType {
  /// The form in which Open vSwitch returns over 1.3 a copy that came over 1.5 (ONF EXT-320).
  static let copyField: UInt16 = 3200
}

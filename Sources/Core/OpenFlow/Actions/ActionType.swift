// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// OFPAT_*: the numbers that stand for actions (OpenFlow 1.3.5, 7.2.5; 1.5.1, 7.2.6).
enum ActionType {
  static let output: UInt16 = 0
  static let copyTTLOut: UInt16 = 11
  static let copyTTLIn: UInt16 = 12
  static let setMPLSTTL: UInt16 = 15
  static let decrementMPLSTTL: UInt16 = 16
  static let pushVLAN: UInt16 = 17
  static let popVLAN: UInt16 = 18
  static let pushMPLS: UInt16 = 19
  static let popMPLS: UInt16 = 20
  static let setQueue: UInt16 = 21
  static let group: UInt16 = 22
  static let setTTL: UInt16 = 23
  static let decrementTTL: UInt16 = 24
  static let setField: UInt16 = 25
  static let pushPBB: UInt16 = 26
  static let popPBB: UInt16 = 27
  /// 1.5 only
  static let copyField: UInt16 = 28
  /// 1.5 only
  static let meter: UInt16 = 29
  static let experimenter: UInt16 = 0xffff
}

/// NXAST_*: the numbers of Nicira's actions (ovs-actions(7)).
enum NiciraActionType {
  static let resubmit: UInt16 = 1
  static let setTunnel: UInt16 = 2
  static let popQueue: UInt16 = 5
  static let move: UInt16 = 6
  static let load: UInt16 = 7
  static let note: UInt16 = 8
  static let setTunnel64: UInt16 = 9
  static let multipath: UInt16 = 10
  static let bundle: UInt16 = 12
  static let bundleLoad: UInt16 = 13
  static let resubmitTable: UInt16 = 14
  static let outputField: UInt16 = 15
  static let learn: UInt16 = 16
  static let exit: UInt16 = 17
  static let finTimeout: UInt16 = 19
  static let controller: UInt16 = 20
  static let decrementTTLTelling: UInt16 = 21
  static let writeMetadata: UInt16 = 22
  static let pushField: UInt16 = 27
  static let popField: UInt16 = 28
  static let sample: UInt16 = 29
  static let outputField2: UInt16 = 32
  static let loadField: UInt16 = 33
  static let conjunction: UInt16 = 34
  static let conntrack: UInt16 = 35
  static let nat: UInt16 = 36
  static let controller2: UInt16 = 37
  static let sample2: UInt16 = 38
  static let outputTruncated: UInt16 = 39
  static let sample3: UInt16 = 41
  static let clone: UInt16 = 42
  static let clearConntrack: UInt16 = 43
  static let resubmitTableConntrack: UInt16 = 44
  static let learn2: UInt16 = 45
  static let decrementNSHTTL: UInt16 = 48
  static let checkPacketLarger: UInt16 = 49
  static let deleteField: UInt16 = 50
}

/// Numbers of the Open Networking Foundation's actions.
enum ONFActionType {
  /// The form in which Open vSwitch returns over 1.3 a copy that came over 1.5 (ONF EXT-320).
  static let copyField: UInt16 = 3200
}

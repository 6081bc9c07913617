// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// OFPT_*: the numbers that stand for messages in the header (OpenFlow 1.3.5, 7.1), the same in 1.3 and 1.5. Those from
/// 30 on came after 1.3; 22 and 23 went.
enum MessageType {
  static let hello: UInt8 = 0
  static let error: UInt8 = 1
  static let echoRequest: UInt8 = 2
  static let echoReply: UInt8 = 3
  static let experimenter: UInt8 = 4
  static let featuresRequest: UInt8 = 5
  static let featuresReply: UInt8 = 6
  static let getConfigRequest: UInt8 = 7
  static let getConfigReply: UInt8 = 8
  static let setConfig: UInt8 = 9
  static let packetIn: UInt8 = 10
  static let flowRemoved: UInt8 = 11
  static let portStatus: UInt8 = 12
  static let packetOut: UInt8 = 13
  static let flowMod: UInt8 = 14
  static let groupMod: UInt8 = 15
  static let portMod: UInt8 = 16
  static let tableMod: UInt8 = 17
  static let multipartRequest: UInt8 = 18
  static let multipartReply: UInt8 = 19
  static let barrierRequest: UInt8 = 20
  static let barrierReply: UInt8 = 21
  static let queueGetConfigRequest: UInt8 = 22
  static let queueGetConfigReply: UInt8 = 23
  static let roleRequest: UInt8 = 24
  static let roleReply: UInt8 = 25
  static let getAsyncRequest: UInt8 = 26
  static let getAsyncReply: UInt8 = 27
  static let setAsync: UInt8 = 28
  static let meterMod: UInt8 = 29
  static let roleStatus: UInt8 = 30
  static let tableStatus: UInt8 = 31
  static let requestForward: UInt8 = 32
  static let bundleControl: UInt8 = 33
  static let bundleAddMessage: UInt8 = 34
}

extension MessageBody {
  /// The number that stands for this message in the header.
  func type(_ version: ProtocolVersion) -> UInt8 {
    if self.isONFExtension(version) { return MessageType.experimenter }
    return switch self {
    case .hello: MessageType.hello
    case .error: MessageType.error
    case .echoRequest: MessageType.echoRequest
    case .echoReply: MessageType.echoReply
    case .experimenter, .conntrackFlush, .setPacketInFormat, .niciraPacketIn, .niciraResume: MessageType.experimenter
    case .featuresRequest: MessageType.featuresRequest
    case .featuresReply: MessageType.featuresReply
    case .getConfigRequest: MessageType.getConfigRequest
    case .getConfigReply: MessageType.getConfigReply
    case .setConfig: MessageType.setConfig
    case .packetIn: MessageType.packetIn
    case .flowRemoved: MessageType.flowRemoved
    case .portStatus: MessageType.portStatus
    case .packetOut: MessageType.packetOut
    case .flowMod: MessageType.flowMod
    case .groupMod: MessageType.groupMod
    case .portMod: MessageType.portMod
    case .tableMod: MessageType.tableMod
    case .multipartRequest: MessageType.multipartRequest
    case .multipartReply: MessageType.multipartReply
    case .barrierRequest: MessageType.barrierRequest
    case .barrierReply: MessageType.barrierReply
    case .queueGetConfigRequest: MessageType.queueGetConfigRequest
    case .queueGetConfigReply: MessageType.queueGetConfigReply
    case .roleRequest: MessageType.roleRequest
    case .roleReply: MessageType.roleReply
    case .getAsyncRequest: MessageType.getAsyncRequest
    case .getAsyncReply: MessageType.getAsyncReply
    case .setAsync: MessageType.setAsync
    case .meterMod: MessageType.meterMod
    case .roleStatus: MessageType.roleStatus
    case .tableStatus: MessageType.tableStatus
    case .requestForward: MessageType.requestForward
    case .bundleControl: MessageType.bundleControl
    case .bundleAddMessage: MessageType.bundleAddMessage
    case .unknown(let type, _): type
    }
  }
  /// Whether a message stands within this one.
  var enclosesMessage: Bool {
    switch self {
    case .requestForward, .bundleAddMessage: true
    default: false
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// One OpenFlow message.
public struct Message: Sendable, Hashable {
  /// Pairs a reply with its request.
  public var xid: UInt32
  /// What it says.
  public var body: MessageBody

  /// A message with the transaction id `xid`.
  public init(xid: UInt32, _ body: MessageBody) {
    self.xid = xid
    self.body = body
  }
}

/// What a message says. A message that this module does not read is carried as `unknown`, never lost.
///
/// What is long and rare, or holds a message itself, is `indirect`, so that all others are small to pass on.
public enum MessageBody: Sendable, Hashable {
  /// OFPT_HELLO
  case hello(Hello)
  /// OFPT_ERROR
  case error(ErrorMessage)
  /// OFPT_ECHO_REQUEST, with data that the reply must repeat
  case echoRequest([UInt8])
  /// OFPT_ECHO_REPLY
  case echoReply([UInt8])
  /// OFPT_EXPERIMENTER, other than those that have a case of their own
  case experimenter(ExperimenterMessage)
  /// OFPT_FEATURES_REQUEST
  case featuresRequest
  /// OFPT_FEATURES_REPLY
  case featuresReply(FeaturesReply)
  /// OFPT_GET_CONFIG_REQUEST
  case getConfigRequest
  /// OFPT_GET_CONFIG_REPLY
  case getConfigReply(SwitchConfiguration)
  /// OFPT_SET_CONFIG
  case setConfig(SwitchConfiguration)
  /// OFPT_PACKET_IN
  case packetIn(PacketIn)
  /// OFPT_FLOW_REMOVED
  case flowRemoved(FlowRemoved)
  /// OFPT_PORT_STATUS
  case portStatus(PortStatus)
  /// OFPT_PACKET_OUT
  case packetOut(PacketOut)
  /// OFPT_FLOW_MOD
  case flowMod(FlowMod)
  /// OFPT_GROUP_MOD
  case groupMod(GroupMod)
  /// OFPT_PORT_MOD
  case portMod(PortMod)
  /// OFPT_TABLE_MOD
  case tableMod(TableMod)
  /// OFPT_MULTIPART_REQUEST
  case multipartRequest(MultipartRequest)
  /// OFPT_MULTIPART_REPLY
  case multipartReply(MultipartReply)
  /// OFPT_BARRIER_REQUEST
  case barrierRequest
  /// OFPT_BARRIER_REPLY
  case barrierReply
  /// OFPT_QUEUE_GET_CONFIG_REQUEST (1.3 only): the queues of one port, or of `.any`
  case queueGetConfigRequest(PortNumber)
  /// OFPT_QUEUE_GET_CONFIG_REPLY (1.3 only)
  case queueGetConfigReply(QueueConfiguration)
  /// OFPT_ROLE_REQUEST
  case roleRequest(RoleMessage)
  /// OFPT_ROLE_REPLY
  case roleReply(RoleMessage)
  /// OFPT_GET_ASYNC_REQUEST
  case getAsyncRequest
  /// OFPT_GET_ASYNC_REPLY
  indirect case getAsyncReply(AsyncConfiguration)
  /// OFPT_SET_ASYNC
  indirect case setAsync(AsyncConfiguration)
  /// OFPT_METER_MOD
  case meterMod(MeterMod)
  /// OFPT_ROLE_STATUS in 1.5, ONF extension 191 in 1.3
  case roleStatus(RoleStatus)
  /// OFPT_TABLE_STATUS (1.5 only)
  case tableStatus(TableStatus)
  /// OFPT_REQUESTFORWARD in 1.5, ONF extension 235 in 1.3
  indirect case requestForward(RequestForward)
  /// OFPT_BUNDLE_CONTROL in 1.5, ONF extension 230 in 1.3
  case bundleControl(BundleControl)
  /// OFPT_BUNDLE_ADD_MESSAGE in 1.5, ONF extension 230 in 1.3
  indirect case bundleAddMessage(BundleAddMessage)
  /// NXT_CT_FLUSH, an experimenter message of Open vSwitch 3.1 and later
  case conntrackFlush(ConntrackFlush)
  /// NXT_SET_PACKET_IN_FORMAT, an experimenter message of Open vSwitch
  case setPacketInFormat(PacketInFormat)
  /// NXT_PACKET_IN2, an experimenter message of Open vSwitch
  case niciraPacketIn(NiciraPacketIn)
  /// NXT_RESUME, an experimenter message of Open vSwitch
  case niciraResume(NiciraPacketIn)
  /// A message type that this module does not read, with all that follows the header
  case unknown(type: UInt8, payload: [UInt8])
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

public import NIOCore

extension Message {
  /// Reads one message.
  ///
  /// - Parameters:
  ///   - frame: exactly one message, header and all (see `OpenFlowFrame`).
  ///   - version: the version of the connection. HELLO and ERROR are read whatever version they carry, since they
  ///     come before there is agreement.
  public static func decode(
    from frame: ByteBuffer, version: ProtocolVersion
  ) throws(OpenFlowDecodingError) -> Message {
    let result = frame.withUnsafeReadableBytes { bytes in
      Result { () throws(OpenFlowDecodingError) -> Message in
        var reader = WireReader(bytes)
        return try Message(reading: &reader, version: version, isEnclosed: false)
      }
    }
    return try result.get()
  }

  /// Reads a message that stands within another one, as far as its own length says.
  ///
  /// - Parameter isEnclosed: the other one stands within a third, which is an error: so no input can make this
  ///   function call itself more than once.
  init(
    readingEnclosedIn reader: inout WireReader, version: ProtocolVersion, isEnclosed: Bool
  ) throws(OpenFlowDecodingError) {
    let offset = reader.offset
    guard !isEnclosed else {
      throw .badValue(
        what: "type of the enclosed message", offset: offset, value: UInt64(MessageType.bundleAddMessage),
        accepted: "one that holds no message itself")
    }
    var header = reader
    try header.skip(2, "header of the enclosed message")
    let length = Int(try header.read(UInt16.self, "length of the enclosed message"))
    guard length >= OpenFlowFrame.headerLength else {
      throw .badLength(
        what: "enclosed message", offset: offset + 2, length: length, accepted: "\(OpenFlowFrame.headerLength) or more")
    }
    var message = try reader.slice(length, "enclosed message")
    try self.init(reading: &message, version: version, isEnclosed: true)
  }

  private init(
    reading reader: inout WireReader, version: ProtocolVersion, isEnclosed: Bool
  ) throws(OpenFlowDecodingError) {
    let (available, offset) = (reader.remaining, reader.offset)
    let headerVersion = try reader.read(UInt8.self, "message version")
    let type = try reader.read(UInt8.self, "message type")
    let length = Int(try reader.read(UInt16.self, "message length"))
    self.xid = try reader.read(UInt32.self, "transaction id")
    guard length == available else {
      throw .badLength(
        what: "message", offset: offset + 2, length: length, accepted: "that of the frame, \(available)")
    }
    switch type {
    case MessageType.hello where !isEnclosed:
      self.body = .hello(try Hello(reading: &reader, headerVersion: headerVersion))
    case MessageType.error: self.body = .error(try ErrorMessage(reading: &reader))
    default:
      guard headerVersion == version.rawValue else {
        throw .badVersion(found: headerVersion, expected: version)
      }
      self.body = try MessageBody(
        type: type, reading: &reader, version: version, xid: self.xid, isEnclosed: isEnclosed)
      try reader.expectEnd("message")
    }
  }
}

extension MessageBody {
  fileprivate init(
    type: UInt8, reading reader: inout WireReader, version: ProtocolVersion, xid: UInt32, isEnclosed: Bool
  ) throws(OpenFlowDecodingError) {
    switch (type, version) {
    case (MessageType.echoRequest, _): self = .echoRequest(reader.readRest())
    case (MessageType.echoReply, _): self = .echoReply(reader.readRest())
    case (MessageType.experimenter, _):
      self = try .experimenter(reading: &reader, version: version, xid: xid, isEnclosed: isEnclosed)
    case (MessageType.featuresRequest, _): self = .featuresRequest
    case (MessageType.featuresReply, _): self = .featuresReply(try FeaturesReply(reading: &reader))
    case (MessageType.getConfigRequest, _): self = .getConfigRequest
    case (MessageType.getConfigReply, _): self = .getConfigReply(try SwitchConfiguration(reading: &reader))
    case (MessageType.setConfig, _): self = .setConfig(try SwitchConfiguration(reading: &reader))
    case (MessageType.packetIn, _): self = .packetIn(try PacketIn(reading: &reader, version: version))
    case (MessageType.flowRemoved, _): self = .flowRemoved(try FlowRemoved(reading: &reader, version: version))
    case (MessageType.portStatus, _): self = .portStatus(try PortStatus(reading: &reader, version: version))
    case (MessageType.packetOut, _): self = .packetOut(try PacketOut(reading: &reader, version: version))
    case (MessageType.flowMod, _): self = .flowMod(try FlowMod(reading: &reader, version: version))
    case (MessageType.groupMod, _): self = .groupMod(try GroupMod(reading: &reader, version: version))
    case (MessageType.portMod, _): self = .portMod(try PortMod(reading: &reader, version: version))
    case (MessageType.tableMod, _): self = .tableMod(try TableMod(reading: &reader, version: version))
    case (MessageType.multipartRequest, _):
      self = .multipartRequest(try MultipartRequest(reading: &reader, version: version))
    case (MessageType.multipartReply, _):
      self = .multipartReply(try MultipartReply(reading: &reader, version: version))
    case (MessageType.barrierRequest, _): self = .barrierRequest
    case (MessageType.barrierReply, _): self = .barrierReply
    case (MessageType.queueGetConfigRequest, .v1_3):
      self = .queueGetConfigRequest(PortNumber(try reader.read(UInt32.self, "port")))
      try reader.skip(4)
    case (MessageType.queueGetConfigReply, .v1_3):
      self = .queueGetConfigReply(try QueueConfiguration(reading: &reader))
    case (MessageType.roleRequest, _): self = .roleRequest(try RoleMessage(reading: &reader, version: version))
    case (MessageType.roleReply, _): self = .roleReply(try RoleMessage(reading: &reader, version: version))
    case (MessageType.getAsyncRequest, _): self = .getAsyncRequest
    case (MessageType.getAsyncReply, _):
      self = .getAsyncReply(try AsyncConfiguration(reading: &reader, version: version))
    case (MessageType.setAsync, _): self = .setAsync(try AsyncConfiguration(reading: &reader, version: version))
    case (MessageType.meterMod, _): self = .meterMod(try MeterMod(reading: &reader))
    case (MessageType.roleStatus, .v1_5): self = .roleStatus(try RoleStatus(reading: &reader))
    case (MessageType.tableStatus, .v1_5): self = .tableStatus(try TableStatus(reading: &reader))
    case (MessageType.requestForward, .v1_5):
      self = .requestForward(try RequestForward(reading: &reader, version: version, isEnclosed: isEnclosed))
    case (MessageType.bundleControl, .v1_5): self = .bundleControl(try BundleControl(reading: &reader))
    case (MessageType.bundleAddMessage, .v1_5):
      self = .bundleAddMessage(
        try BundleAddMessage(reading: &reader, version: version, xid: xid, isEnclosed: isEnclosed))
    default: self = .unknown(type: type, payload: reader.readRest())
    }
  }
}

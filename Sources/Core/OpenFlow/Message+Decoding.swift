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
        return try Message(reading: &reader, version: version)
      }
    }
    return try result.get()
  }

  private init(reading reader: inout WireReader, version: ProtocolVersion) throws(OpenFlowDecodingError) {
    let available = reader.remaining
    let headerVersion = try reader.read(UInt8.self, "message version")
    let type = try reader.read(UInt8.self, "message type")
    let length = Int(try reader.read(UInt16.self, "message length"))
    self.xid = try reader.read(UInt32.self, "transaction id")
    guard length == available else {
      throw .badLength(what: "message", offset: 2, length: length, accepted: "that of the frame, \(available)")
    }
    switch type {
    case MessageType.hello: self.body = .hello(try Hello(reading: &reader, headerVersion: headerVersion))
    case MessageType.error: self.body = .error(try ErrorMessage(reading: &reader))
    default:
      guard headerVersion == version.rawValue else {
        throw .badVersion(found: headerVersion, expected: version)
      }
      self.body = try MessageBody(type: type, reading: &reader, version: version)
      try reader.expectEnd("message")
    }
  }
}

extension MessageBody {
  fileprivate init(
    type: UInt8, reading reader: inout WireReader, version: ProtocolVersion
  ) throws(OpenFlowDecodingError) {
    switch type {
    case MessageType.echoRequest: self = .echoRequest(reader.readRest())
    case MessageType.echoReply: self = .echoReply(reader.readRest())
    case MessageType.experimenter: self = try .experimenter(reading: &reader)
    case MessageType.featuresRequest: self = .featuresRequest
    case MessageType.featuresReply: self = .featuresReply(try FeaturesReply(reading: &reader))
    case MessageType.getConfigRequest: self = .getConfigRequest
    case MessageType.getConfigReply: self = .getConfigReply(try SwitchConfiguration(reading: &reader))
    case MessageType.setConfig: self = .setConfig(try SwitchConfiguration(reading: &reader))
    case MessageType.packetIn: self = .packetIn(try PacketIn(reading: &reader, version: version))
    case MessageType.flowRemoved: self = .flowRemoved(try FlowRemoved(reading: &reader, version: version))
    case MessageType.portStatus: self = .portStatus(try PortStatus(reading: &reader, version: version))
    case MessageType.packetOut: self = .packetOut(try PacketOut(reading: &reader, version: version))
    case MessageType.flowMod: self = .flowMod(try FlowMod(reading: &reader, version: version))
    case MessageType.groupMod: self = .groupMod(try GroupMod(reading: &reader, version: version))
    case MessageType.multipartRequest:
      self = .multipartRequest(try MultipartRequest(reading: &reader, version: version))
    case MessageType.multipartReply: self = .multipartReply(try MultipartReply(reading: &reader, version: version))
    case MessageType.barrierRequest: self = .barrierRequest
    case MessageType.barrierReply: self = .barrierReply
    case MessageType.roleRequest: self = .roleRequest(try RoleMessage(reading: &reader, version: version))
    case MessageType.roleReply: self = .roleReply(try RoleMessage(reading: &reader, version: version))
    default: self = .unknown(type: type, payload: reader.readRest())
    }
  }
}

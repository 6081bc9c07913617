// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

public import NIOCore

extension Message {
  /// Writes the message at the end of `buffer`.
  ///
  /// - Parameters:
  ///   - buffer: what it is appended to.
  ///   - version: the version of the connection. A HELLO carries the version that it says itself.
  /// - Throws: `OpenFlowEncodingError` if the message cannot be said; `buffer` is then as it was.
  public func encode(
    into buffer: inout ByteBuffer, version: ProtocolVersion
  ) throws(OpenFlowEncodingError) {
    // Most messages are shorter than this, and so small an allocation is on the stack. A longer one is only counted
    // the first time, and written the second.
    let attempt = try self.encode(into: &buffer, version: version, capacity: 1024)
    if attempt > 1024 { _ = try self.encode(into: &buffer, version: version, capacity: attempt) }
  }

  /// Writes the message if it is no longer than `capacity`; returns its length in any case.
  private func encode(
    into buffer: inout ByteBuffer, version: ProtocolVersion, capacity: Int
  ) throws(OpenFlowEncodingError) -> Int {
    let result = withUnsafeTemporaryAllocation(byteCount: capacity, alignment: 8) { bytes in
      var writer = WireWriter(bytes)
      return Result { () throws(OpenFlowEncodingError) -> Int in
        try self.write(to: &writer, version: version)
        if writer.count <= capacity {
          buffer.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[..<writer.count]))
        }
        return writer.count
      }
    }
    return try result.get()
  }

  private func write(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    let start = writer.count
    let headerVersion = if case .hello(let hello) = self.body { hello.headerVersion } else { version.rawValue }
    writer.write(headerVersion)
    writer.write(self.body.type(version))
    writer.writeZeros(2)
    writer.write(self.xid)
    try self.body.write(to: &writer, version: version, xid: self.xid)
    try writer.patchLength(at: start + 2, since: start, "message")
  }

  /// Writes the message within another one.
  func writeEnclosed(to writer: inout WireWriter, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    if case .hello = self.body {
      throw .invalid(what: "enclosed message", problem: "is a HELLO, which stands at a connection's beginning only")
    }
    guard !self.body.enclosesMessage else {
      throw .invalid(what: "enclosed message", problem: "holds a message itself")
    }
    try self.write(to: &writer, version: version)
  }
}

extension MessageBody {
  fileprivate func write(
    to writer: inout WireWriter, version: ProtocolVersion, xid: UInt32
  ) throws(OpenFlowEncodingError) {
    if self.isONFExtension(version) { self.writeONFHeader(to: &writer) }
    switch self {
    case .hello(let hello): try hello.write(to: &writer)
    case .error(let error): error.write(to: &writer)
    case .echoRequest(let data), .echoReply(let data): writer.writeBytes(data)
    case .experimenter(let message): message.write(to: &writer)
    case .featuresRequest, .getConfigRequest, .barrierRequest, .barrierReply, .getAsyncRequest: break
    case .featuresReply(let reply): reply.write(to: &writer)
    case .getConfigReply(let configuration), .setConfig(let configuration): configuration.write(to: &writer)
    case .packetIn(let packet): try packet.write(to: &writer, version: version)
    case .flowRemoved(let removed): try removed.write(to: &writer, version: version)
    case .portStatus(let status): try status.write(to: &writer, version: version)
    case .packetOut(let packet): try packet.write(to: &writer, version: version)
    case .flowMod(let mod): try mod.write(to: &writer, version: version)
    case .groupMod(let mod): try mod.write(to: &writer, version: version)
    case .portMod(let mod): try mod.write(to: &writer, version: version)
    case .tableMod(let mod): try mod.write(to: &writer, version: version)
    case .multipartRequest(let request): try request.write(to: &writer, version: version)
    case .multipartReply(let reply): try reply.write(to: &writer, version: version)
    case .queueGetConfigRequest(let port): try Self.writeQueueRequest(port, to: &writer, version: version)
    case .queueGetConfigReply(let configuration): try configuration.write(to: &writer, version: version)
    case .roleRequest(let role), .roleReply(let role): try role.write(to: &writer, version: version)
    case .getAsyncReply(let async), .setAsync(let async): try async.write(to: &writer, version: version)
    case .meterMod(let mod): try mod.write(to: &writer)
    case .roleStatus(let status): try status.write(to: &writer)
    case .tableStatus(let status): try status.write(to: &writer, version: version)
    case .requestForward(let forward): try forward.write(to: &writer, version: version)
    case .bundleControl(let control): try control.write(to: &writer)
    case .bundleAddMessage(let add): try add.write(to: &writer, version: version, xid: xid)
    case .conntrackFlush(let flush): try flush.write(to: &writer)
    case .setPacketInFormat(let format): format.write(to: &writer)
    case .niciraPacketIn(let packet):
      ExperimenterMessage.writeHeader(to: &writer, nicira: .packetIn2)
      try packet.write(to: &writer, version: version)
    case .niciraResume(let packet):
      ExperimenterMessage.writeHeader(to: &writer, nicira: .resume)
      try packet.write(to: &writer, version: version)
    case .unknown(_, let payload): writer.writeBytes(payload)
    }
  }

  private static func writeQueueRequest(
    _ port: PortNumber, to writer: inout WireWriter, version: ProtocolVersion
  ) throws(OpenFlowEncodingError) {
    guard version == .v1_3 else { throw .unsupported(what: "QUEUE_GET_CONFIG_REQUEST", version: version) }
    writer.write(port.rawValue)
    writer.writeZeros(4)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

public import NIOCore

extension Message {
  /// Writes the message at the end of `buffer`.
  ///
  /// - Parameter version: the version of the connection. A HELLO carries the version that it says itself.
  /// - Throws: `OpenFlowEncodingError` if the message cannot be said; `buffer` is then as it was.
  public func encode(
    into buffer: inout ByteBuffer, version: ProtocolVersion
  ) throws(OpenFlowEncodingError) {
    let start = buffer.writerIndex
    do {
      let headerVersion = if case .hello(let hello) = self.body { hello.headerVersion } else { version.rawValue }
      buffer.writeInteger(UInt32(headerVersion) << 24 | UInt32(self.body.type) << 16)
      buffer.writeInteger(self.xid)
      try self.body.write(to: &buffer, version: version)
      try buffer.patchLength(at: start + 2, since: start, "message")
    } catch {
      buffer.moveWriterIndex(to: start)
      throw error
    }
  }
}

extension MessageBody {
  fileprivate func write(to buffer: inout ByteBuffer, version: ProtocolVersion) throws(OpenFlowEncodingError) {
    switch self {
    case .hello(let hello): try hello.write(to: &buffer)
    case .error(let error): error.write(to: &buffer)
    case .echoRequest(let data), .echoReply(let data): buffer.writeBytes(data)
    case .experimenter(let message): message.write(to: &buffer)
    case .featuresRequest, .getConfigRequest, .barrierRequest, .barrierReply: break
    case .featuresReply(let reply): reply.write(to: &buffer)
    case .getConfigReply(let configuration), .setConfig(let configuration): configuration.write(to: &buffer)
    case .packetIn(let packet): try packet.write(to: &buffer, version: version)
    case .flowRemoved(let removed): try removed.write(to: &buffer, version: version)
    case .portStatus(let status): try status.write(to: &buffer, version: version)
    case .packetOut(let packet): try packet.write(to: &buffer, version: version)
    case .flowMod(let mod): try mod.write(to: &buffer, version: version)
    case .groupMod(let mod): try mod.write(to: &buffer, version: version)
    case .multipartRequest(let request): try request.write(to: &buffer, version: version)
    case .multipartReply(let reply): try reply.write(to: &buffer, version: version)
    case .roleRequest(let role), .roleReply(let role): try role.write(to: &buffer, version: version)
    case .conntrackFlush(let flush): try flush.write(to: &buffer)
    case .unknown(_, let payload): buffer.writeBytes(payload)
    }
  }
}

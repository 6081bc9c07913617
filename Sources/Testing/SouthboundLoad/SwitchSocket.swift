// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
package import OpenFlow
import OpenFlowNIO

/// A connection of a measurement's own to a switch on this machine, beside the one that its controller has.
package struct SwitchSocket: ~Copyable {
  private var replies: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
  private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  private let version: ProtocolVersion

  package enum Failure: Error, CustomStringConvertible {
    case refused(String)
    case closed

    package var description: String {
      switch self {
      case .refused(let reason): "the switch refused a message: \(reason)"
      case .closed: "the switch closed the connection"
      }
    }
  }

  /// - Parameter path: of a bridge's socket, as `/run/openvswitch/br0.mgmt`.
  package static func with<Result: Sendable>(
    _ path: String, version: ProtocolVersion, _ body: @Sendable (inout SwitchSocket) async throws -> Result
  ) async throws -> Result {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(FrameReader()) }
      }
      .connect(unixDomainSocketPath: path) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      var socket = SwitchSocket(replies: inbound.makeAsyncIterator(), outbound: outbound, version: version)
      try await socket.send([.hello(Hello(offering: [version]))])
      _ = try await socket.next { if case .hello = $0 { true } else { false } }
      return try await body(&socket)
    }
  }

  /// Sends messages in one write.
  package func send(_ bodies: [MessageBody]) async throws {
    var buffer = ByteBuffer()
    for (index, body) in bodies.enumerated() {
      try Message(xid: UInt32(index + 1), body).encode(into: &buffer, version: self.version)
    }
    try await self.outbound.write(buffer)
  }

  /// Sends messages in one write and waits until the switch has done them.
  package mutating func perform(_ bodies: [MessageBody]) async throws {
    try await self.send(bodies + [.barrierRequest])
    _ = try await self.next { $0 == .barrierReply }
  }

  /// The groups of the switch.
  package mutating func groups() async throws -> [GroupDescription] {
    try await self.send([.multipartRequest(MultipartRequest(.groupDescriptions()))])
    var groups: [GroupDescription] = []
    while true {
      let body = try await self.next { if case .multipartReply = $0 { true } else { false } }
      guard case .multipartReply(let reply) = body, case .groupDescriptions(let part) = reply.body else { continue }
      groups += part
      if !reply.more { return groups }
    }
  }

  private mutating func next(where isAnswer: (MessageBody) -> Bool) async throws -> MessageBody {
    while let frame = try await self.replies.next(isolation: #isolation) {
      let body = try Message.decode(from: frame, version: self.version).body
      if isAnswer(body) { return body }
      if case .error(let error) = body { throw Failure.refused("\(error)") }
    }
    throw Failure.closed
  }
}

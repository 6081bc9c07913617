// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import NIOCore
import NIOPosix

#if canImport(Glibc)
  import Glibc
#endif

/// A listening socket on loopback that does one thing with each connection.
struct RawServer {
  enum Behaviour: Sendable {
    /// Sends these bytes when the first bytes arrive, and closes.
    case answer(String)
    /// Sends these bytes and keeps the connection open.
    case stall(String)
    /// Sends the same bytes again and again.
    case flood(String)
    /// Closes without a word.
    case close
    /// Resets the connection.
    case reset
  }

  let endpoint: SocketEndpoint
  private let channel: any Channel

  static func with(
    _ behaviour: Behaviour, on eventLoop: any EventLoop, _ body: (RawServer) async throws -> Void
  ) async throws {
    let channel = try await ServerBootstrap(group: eventLoop)
      .childChannelInitializer { child in
        child.eventLoop.makeCompletedFuture {
          // With a linger time of zero, closing sends a reset.
          if case .reset = behaviour {
            (child as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in }
          }
          try child.pipeline.syncOperations.addHandler(RawHandler(behaviour))
        }
      }
      .bind(host: "127.0.0.1", port: 0)
      .get()
    let port = UInt16(channel.localAddress?.port ?? 0)
    try await body(RawServer(endpoint: SocketEndpoint(IPv4Address("127.0.0.1")!, port), channel: channel))
    try await channel.close()
  }
}

private final class RawHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let behaviour: RawServer.Behaviour

  init(_ behaviour: RawServer.Behaviour) {
    self.behaviour = behaviour
  }

  func channelActive(context: ChannelHandlerContext) {
    switch self.behaviour {
    case .close, .reset: context.close(promise: nil)
    case .answer, .stall, .flood: break
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch self.behaviour {
    case .answer(let text):
      context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
      context.close(promise: nil)
    case .stall(let text):
      context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    case .flood(let text):
      self.write(text, 1_000, context)
    case .close, .reset:
      break
    }
  }

  private func write(_ text: String, _ times: Int, _ context: ChannelHandlerContext) {
    for _ in 0..<times { context.write(self.wrapOutboundOut(ByteBuffer(string: text)), promise: nil) }
    context.flush()
  }
}

@available(*, unavailable)
extension RawHandler: Sendable {}

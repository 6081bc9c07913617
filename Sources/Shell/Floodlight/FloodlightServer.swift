// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import Logging
package import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Listens for scripts that were written for Floodlight.
package struct FloodlightServer: Sendable {
  private let service: FloodlightService
  private let endpoint: SocketEndpoint
  private let group: any EventLoopGroup
  private let logger: Logger

  /// - Parameters:
  ///   - token: what requests must bring as `Authorization: Bearer`; nil: nothing.
  ///   - started: when the controller was: milliseconds since 1970.
  ///   - memory: bytes that the process has, and those of them that are free.
  ///   - now: milliseconds since 1970.
  package init(
    surface: any FloodlightSurface, at endpoint: SocketEndpoint, token: String?, version: String, started: Int64,
    memory: @escaping @Sendable () -> (total: UInt64, free: UInt64), now: @escaping @Sendable () -> Int64,
    eventLoopGroup: any EventLoopGroup, logger: Logger
  ) {
    self.endpoint = endpoint
    self.group = eventLoopGroup
    self.logger = logger
    self.service = FloodlightService(surface: surface, token: token, started: started) {
      let memory = memory()
      return FloodlightService.ProcessFacts(total: memory.total, free: memory.free, now: now(), version: version)
    }
  }

  /// Serves until cancelled.
  ///
  /// - Throws: if the address cannot be had.
  package func run(onListening: @Sendable (SocketEndpoint) -> Void = { _ in }) async throws {
    let service = self.service
    let count = ConnectionCount(limit: Self.connections)
    let server = try await ServerBootstrap(group: self.group)
      .serverChannelOption(.backlog, value: 256)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.closeFuture.whenComplete { _ in count.giveBack() }
        guard count.take() else { return channel.close() }
        return channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline(
            withPipeliningAssistance: false, withErrorHandling: false)
          try channel.pipeline.syncOperations.addHandler(
            IdleStateHandler(readTimeout: .seconds(Self.idleSeconds), writeTimeout: nil))
          try channel.pipeline.syncOperations.addHandler(IdleHandler())
          try channel.pipeline.syncOperations.addHandler(FloodlightConnection(service: service))
        }
      }
      .bind(host: self.endpoint.address.description, port: Int(self.endpoint.port)).get()
    let port = server.localAddress?.port.flatMap { UInt16(exactly: $0) } ?? self.endpoint.port
    let bound = SocketEndpoint(self.endpoint.address, port)
    self.logger.info("listening for Floodlight's API on \(bound)")
    onListening(bound)
    try await withTaskCancellationHandler {
      try await server.closeFuture.get()
    } onCancel: {
      server.close(promise: nil)
    }
  }

  private static let connections = 256
  private static let idleSeconds: Int64 = 60
}

/// More than so many clients are turned away.
private final class ConnectionCount: Sendable {
  private let count = Mutex(0)
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  /// - Returns: false if there are as many as may be; it is to be given back all the same.
  func take() -> Bool {
    self.count.withLock { count in
      count += 1
      return count <= self.limit
    }
  }

  func giveBack() { self.count.withLock { $0 -= 1 } }
}

/// Closes a connection on which nothing comes.
private final class IdleHandler: ChannelInboundHandler {
  typealias InboundIn = Any

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent {
      context.close(promise: nil)
    } else {
      context.fireUserInboundEventTriggered(event)
    }
  }
}

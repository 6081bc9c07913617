// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// One address, what answers there, and its limits.
struct HTTPListener: Service {
  private let name: NorthboundServer.Listener
  private let endpoint: SocketEndpoint
  private let application: Application<RouterResponder<BasicRequestContext>>
  private let isListening: Flag

  init(
    _ name: NorthboundServer.Listener, at endpoint: SocketEndpoint, router: Router<BasicRequestContext>,
    limits: HTTPLimits, eventLoopGroup: any EventLoopGroup, logger: Logger,
    onListening: @escaping @Sendable (NorthboundServer.Listener, SocketEndpoint) async -> Void
  ) {
    let isListening = Flag()
    var frameworkLogger = logger
    frameworkLogger.logLevel = max(logger.logLevel, .warning)

    self.name = name
    self.endpoint = endpoint
    self.isListening = isListening
    self.application = Application(
      router: router,
      server: .http1(configuration: limits.channel),
      configuration: ApplicationConfiguration(
        address: .hostname(endpoint.address.description, port: Int(endpoint.port)),
        availableConnectionsDelegate: .maximum(limits.connections, logger: frameworkLogger)),
      onServerRunning: { channel in
        isListening.set()
        let port = channel.localAddress?.port.flatMap { UInt16(exactly: $0) } ?? endpoint.port
        let bound = SocketEndpoint(endpoint.address, port)
        logger.info("listening for \(name.inWords.rawValue) on \(bound)")
        await onListening(name, bound)
      },
      eventLoopGroupProvider: .shared(eventLoopGroup),
      logger: frameworkLogger)
  }

  func run() async throws {
    do {
      try await self.application.run()
    } catch {
      // Only what happens before the first connection is about the address.
      if self.isListening.isSet || error is CancellationError { throw error }
      throw ListenError(listener: self.name.inWords, endpoint: self.endpoint, cause: error)
    }
  }
}

extension NorthboundServer.Listener {
  var inWords: ListenError.Listener {
    switch self {
    case .api: .api
    case .agents: .agents
    }
  }
}

/// Goes up once.
private final class Flag: Sendable {
  private let value = Atomic(false)

  var isSet: Bool { self.value.load(ordering: .acquiring) }
  func set() { self.value.store(true, ordering: .releasing) }
}

extension HTTPLimits {
  var channel: HTTP1Channel.Configuration {
    let (stalled, bodySize) = (TimeAmount.seconds(self.stalledWriteSeconds), self.bodySize)
    return HTTP1Channel.Configuration(
      additionalChannelHandlers: [
        IdleStateHandler(writeTimeout: stalled), StalledClientHandler(), BodyLimitHandler(limit: bodySize),
      ],
      idleTimeout: .seconds(self.idleSeconds),
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: self.headerFieldSize, maxHeaderListSize: self.headerListSize,
        maxHeaderFieldCount: self.headerFieldCount))
  }
}

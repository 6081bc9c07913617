// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Logging
import NIOCore
import NIOPosix
import Northbound
import ServiceLifecycle

/// Both listeners on loopback, on ports that the system chose.
struct RunningServer: Sendable {
  var api: SocketEndpoint
  var agents: SocketEndpoint

  var url: String { "http://\(self.api)" }

  /// Runs `body` against a real server and shuts it down gracefully afterwards.
  static func with(
    _ surface: FixedSurface, keepAlive: Duration = .seconds(15),
    _ body: @Sendable @escaping (RunningServer) async throws -> Void
  ) async throws {
    let (endpoints, continuation) = AsyncStream.makeStream(of: (NorthboundServer.Listener, SocketEndpoint).self)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let anyPort = SocketEndpoint("127.0.0.1:0")!
    let server = NorthboundServer(
      surface: surface, api: anyPort, agents: anyPort, eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
      logger: logger, keepAlive: keepAlive, onListening: { continuation.yield(($0, $1)) })
    let services = ServiceGroup(configuration: .init(services: [server], logger: logger))

    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await services.run() }
      var (api, agents) = (anyPort, anyPort)
      for await (listener, endpoint) in endpoints.prefix(2) {
        switch listener {
        case .api: api = endpoint
        case .agents: agents = endpoint
        }
      }
      try await body(RunningServer(api: api, agents: agents))
      await services.triggerGracefulShutdown()
      try await group.waitForAll()
    }
  }
}

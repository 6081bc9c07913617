// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import Logging
package import NIOCore
import ServiceLifecycle

/// The controller's two HTTP listeners: the API for operators, and the one from which agents fetch what they must
/// know. They listen on different addresses, because the API belongs on loopback and the agents are elsewhere.
package struct NorthboundServer: Service {
  package enum Listener: Sendable {
    case api
    case agents
  }

  private let listeners: [HTTPListener]

  /// - Parameters:
  ///   - api: where operators connect; port 0 lets the system choose.
  ///   - agents: where agents connect; port 0 lets the system choose.
  ///   - keepAlive: after this long without an event, a stream of events says that it lives.
  ///   - onListening: told each listener's real endpoint once it accepts connections.
  package init(
    surface: some ControlSurface, api: SocketEndpoint, agents: SocketEndpoint, eventLoopGroup: any EventLoopGroup,
    logger: Logger, keepAlive: Duration = .seconds(15),
    onListening: @escaping @Sendable (Listener, SocketEndpoint) async -> Void = { _, _ in }
  ) {
    self.listeners = [
      HTTPListener(
        .api, at: api, router: apiRouter(for: surface, keepAlive: keepAlive), limits: .api,
        eventLoopGroup: eventLoopGroup,
        logger: logger, onListening: onListening),
      HTTPListener(
        .agents, at: agents, router: agentRouter(for: surface), limits: .agents, eventLoopGroup: eventLoopGroup,
        logger: logger, onListening: onListening),
    ]
  }

  /// Serves until the task is cancelled or asked to shut down gracefully. Then requests have ``grace`` to end.
  ///
  /// - Throws: ``ListenError`` if an address cannot be had.
  package func run() async throws {
    try await withThrowingTaskGroup(of: End.self) { group in
      for listener in self.listeners {
        group.addTask {
          try await listener.run()
          return .ofListener
        }
      }
      group.addTask {
        try await gracefulShutdown()
        try await Task.sleep(for: Self.grace)
        return .ofGrace
      }
      // The first to fail ends the others.
      var running = self.listeners.count
      while running > 0, try await group.next() == .ofListener { running -= 1 }
      group.cancelAll()
    }
  }

  /// A client that takes nothing of its answer must not hold up the controller's restart.
  private static let grace = Duration.seconds(2)

  private enum End { case ofListener, ofGrace }
}

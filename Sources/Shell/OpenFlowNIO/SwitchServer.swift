// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import Logging
package import NIOCore
import NIOPosix
import NIOSSL

/// Accepts switches, over plain TCP or TLS or both, and takes commands for them by their datapath ids.
///
/// Everything happens on one event loop: reports come on it, and commands are given on it.
package struct SwitchServer: Sendable {
  private let registry: NIOLoopBound<SwitchRegistry>

  /// - Parameter onReport: called on the event loop for every report of every switch. Not while `perform` is called:
  ///   what a command leads to is reported after it has returned.
  package static func make(
    on eventLoop: any EventLoop, timing: ConnectionTiming = ConnectionTiming(),
    limits: ConnectionLimits = ConnectionLimits(), logger: Logger,
    onReport: @escaping @Sendable (DatapathID, SwitchReport) -> Void
  ) async throws -> SwitchServer {
    try await eventLoop.submit {
      SwitchServer(
        registry: NIOLoopBound(
          SwitchRegistry(eventLoop: eventLoop, timing: timing, limits: limits, logger: logger, onReport: onReport),
          eventLoop: eventLoop))
    }.get()
  }

  /// Listens on one more endpoint.
  ///
  /// - Parameter tls: who we are and whom we trust; nil: plain TCP, on which anybody is whoever it says.
  /// - Returns: the listening channel. Closing it accepts no more switches; the connected ones stay.
  /// - Throws: what the system says if the address cannot be bound.
  package func listen(on endpoint: SocketEndpoint, tls: TLSIdentity? = nil) async throws -> any Channel {
    let registry = self.registry
    return try await ServerBootstrap(group: registry.eventLoop)
      .serverChannelOption(.backlog, value: 4096)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      // One read a turn: a switch that floods us waits for the others.
      .childChannelOption(.maxMessagesPerRead, value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try Self.initialize(channel, registry.value, tls) }
      }
      .bind(host: "\(endpoint.address)", port: Int(endpoint.port)).get()
  }

  private static func initialize(_ channel: any Channel, _ registry: SwitchRegistry, _ tls: TLSIdentity?) throws {
    let limits = registry.limits
    try channel.syncOptions?.setOption(
      .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 2048, maximum: limits.bytesPerTurn)
    )
    try channel.syncOptions?.setOption(
      .writeBufferWaterMark, value: .init(low: limits.congestedAt / 4, high: limits.congestedAt))
    let pipeline = channel.pipeline.syncOperations
    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls.context)) }
    let peer = channel.remoteAddress.map { "\($0.ipAddress ?? "?"):\($0.port ?? 0)" } ?? "?"
    try pipeline.addHandler(SwitchHandler(peer: peer, isEncrypted: tls != nil, registry: registry))
  }

  /// Has a switch do something; nothing happens if it is not connected. On the event loop.
  package func perform(_ command: SwitchCommand, on datapath: DatapathID) {
    self.registry.value.perform(command, on: datapath)
  }

  /// What `body` has switches do leaves in one write to each. On the event loop.
  package func together(_ body: () -> Void) { self.registry.value.together(body) }

  /// The connected switches, in the order of their datapath ids. On the event loop.
  package var statuses: [SwitchStatus] { self.registry.value.statuses }

  /// Ends all connections. On the event loop.
  package func closeAll(reason: String) { self.registry.value.closeAll(reason: reason) }
}

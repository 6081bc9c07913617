// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
package import Logging
package import NIOCore
import NIOPosix

/// Accepts switches.
package enum SwitchListener {
  /// Unsent bytes at which a switch is given up: enough for the program of 100,000 services.
  static let maximumUnsent = 64 << 20

  /// Binds `endpoint` on one event loop, which carries the connections too.
  ///
  /// - Parameter onReport: called on the event loop for every report of every connection, with the channel that
  ///   takes `SwitchCommand`s for it and the switch's address.
  /// - Throws: what the system says if the address cannot be bound.
  package static func listen(
    on endpoint: SocketEndpoint, eventLoop: any EventLoop, timing: ConnectionTiming = ConnectionTiming(),
    logger: Logger, onReport: @escaping @Sendable (SwitchReport, any Channel) -> Void
  ) async throws -> any Channel {
    let bootstrap = ServerBootstrap(group: eventLoop)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(
        .writeBufferWaterMark, value: ChannelOptions.Types.WriteBufferWaterMark(low: 1 << 20, high: Self.maximumUnsent)
      )
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          var logger = logger
          logger[metadataKey: "peer"] = "\(channel.remoteAddress.map { "\($0)" } ?? "?")"
          let handler = SwitchHandler(timing: timing, logger: logger) { onReport($0, channel) }
          try channel.pipeline.syncOperations.addHandlers(ByteToMessageHandler(FrameDecoder()), handler)
        }
      }
    return try await bootstrap.bind(host: "\(endpoint.address)", port: Int(endpoint.port)).get()
  }
}

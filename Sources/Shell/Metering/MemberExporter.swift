// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import FoundationEssentials
import Glibc
package import NIOCore
import NIOHTTP1
import NIOPosix

/// Tells over HTTP how busy a member's processors are, as a node_exporter would: `GET /metrics`.
package struct MemberExporter: Sendable {
  private let channel: any Channel

  /// - Throws: what the system says if the address cannot be bound.
  package static func listen(on endpoint: SocketEndpoint, _ group: any EventLoopGroup) async throws -> MemberExporter {
    let channel = try await ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 64)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(IdleStateHandler(allTimeout: .seconds(10)))
          try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: true)
          try channel.pipeline.syncOperations.addHandler(MetricsHandler())
        }
      }
      .bind(host: "\(endpoint.address)", port: Int(endpoint.port)).get()
    return MemberExporter(channel: channel)
  }

  package func close() async { try? await self.channel.close() }
}

/// Answers one request and ends the connection.
private final class MetricsHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private var isFound = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch self.unwrapInboundIn(data) {
    case .head(let head): self.isFound = head.method == .GET && head.uri.prefix { $0 != "?" } == "/metrics"
    case .body: break
    case .end: self.answer(context)
    }
  }

  private func answer(_ context: ChannelHandlerContext) {
    let text = self.isFound ? (try? String(contentsOf: URL(fileURLWithPath: "/proc/stat"), encoding: .utf8)) : nil
    let body = text.map { ProcessorReport.metrics(procStat: $0, ticks: sysconf(Int32(_SC_CLK_TCK))) } ?? ""
    var head = HTTPResponseHead(version: .http1_1, status: text != nil ? .ok : .notFound)
    head.headers = [
      "Content-Type": "text/plain; version=0.0.4", "Content-Length": "\(body.utf8.count)", "Connection": "close",
    ]
    context.write(self.wrapOutboundOut(.head(head)), promise: nil)
    context.write(
      self.wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(string: body)))), promise: nil)
    context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
    context.close(promise: nil)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

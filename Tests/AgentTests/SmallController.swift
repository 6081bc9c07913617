// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import AgentLink
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceModel

/// As much of a controller as an agent meets: it counts heartbeats, answers them, and gives the assignment. On
/// loopback, UDP and TCP on the same port.
actor SmallController {
  private let eventLoop: any EventLoop
  private let key: RegionKey
  private var receiver: HeartbeatReceiver
  private var assignment: Assignment
  private let revision: UInt64
  private var socket: DatagramSocket?
  private var server: (any Channel)?
  private(set) var fetches = 0
  private var waiting: [(matches: @Sendable (Heartbeat) -> Bool, continuation: CheckedContinuation<Heartbeat, Never>)] =
    []

  nonisolated var unownedExecutor: UnownedSerialExecutor { self.eventLoop.executor.asUnownedSerialExecutor() }

  init(_ assignment: Assignment, key: RegionKey, session: UInt64, on eventLoop: any EventLoop) throws {
    self.eventLoop = eventLoop
    self.key = key
    self.assignment = assignment
    self.revision = try assignment.revision()
    self.receiver = HeartbeatReceiver(session: session)
    self.receiver.listen(to: [assignment.region: key.heartbeatKey])
  }

  func start(port: UInt16 = 0) async throws -> SocketEndpoint {
    let server = try await ServerBootstrap(group: self.eventLoop)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { child in
        child.eventLoop.makeCompletedFuture {
          try child.pipeline.syncOperations.configureHTTPServerPipeline()
          try child.pipeline.syncOperations.addHandler(AssignmentHandler(self))
        }
      }
      .bind(host: "127.0.0.1", port: Int(port))
      .get()
    let endpoint = SocketEndpoint(IPv4Address("127.0.0.1")!, UInt16(server.localAddress?.port ?? 0))
    self.server = server
    self.socket = try await DatagramSocket.bind(to: endpoint, on: self.eventLoop) { datagram, source in
      self.assumeIsolated { $0.received(datagram, from: source) }
    }
    return endpoint
  }

  func stop() async throws {
    await self.socket?.close()
    try await self.server?.close()
  }

  /// The next heartbeat that counts and is such a one.
  func heartbeat(where matches: @escaping @Sendable (Heartbeat) -> Bool) async -> Heartbeat {
    await withCheckedContinuation { self.waiting.append((matches, $0)) }
  }

  func rejected(for reason: HeartbeatError.Reason) -> UInt64 { self.receiver.rejected(for: reason) }

  private func received(_ datagram: ByteBuffer, from source: SocketEndpoint) {
    let verdict = self.receiver.receive(datagram, at: Instant(nanoseconds: Int64(NIODeadline.now().uptimeNanoseconds)))
    { _ in self.revision }
    if let reply = verdict.reply, let bytes = try? reply.encoded(key: self.key.heartbeatKey) {
      self.socket?.send(bytes, to: source)
      self.socket?.flush()
    }
    guard case .success(let heartbeat) = verdict.heartbeat else { return }
    let ready = self.waiting.filter { $0.matches(heartbeat) }
    self.waiting.removeAll { $0.matches(heartbeat) }
    for entry in ready { entry.continuation.resume(returning: heartbeat) }
  }

  /// Nil: not found.
  fileprivate func answer(to uri: String) -> [UInt8]? {
    let path = "/v1/agents/\(self.assignment.region)/assignment?nonce="
    guard uri.hasPrefix(path), let nonce = FetchNonce(hex: String(uri.dropFirst(path.count))) else { return nil }
    self.fetches += 1
    return try? AssignmentSeal.seal(self.assignment, key: self.key.assignmentKey, nonce: nonce)
  }
}

private final class AssignmentHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let controller: SmallController

  init(_ controller: SmallController) {
    self.controller = controller
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(let head) = self.unwrapInboundIn(data) else { return }
    let body = self.controller.assumeIsolated { $0.answer(to: head.uri) }
    let status: HTTPResponseStatus = body == nil ? .notFound : .ok
    let headers: HTTPHeaders = ["content-length": "\(body?.count ?? 0)", "connection": "close"]
    context.write(
      self.wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
    if let body { context.write(self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil) }
    context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
  }
}

@available(*, unavailable)
extension AssignmentHandler: Sendable {}

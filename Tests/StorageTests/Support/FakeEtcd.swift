// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Synchronization

/// Answers as it is told, to try what a real etcd hardly does.
final class FakeEtcd: Sendable {
  enum Reply: Sendable {
    case answer(status: Int = 200, String)
    /// The beginning of an answer that does not end.
    case stream(String)
    case nothing
    case close
  }

  private let channel: any Channel
  let requests: RequestLog

  /// What was asked, in its order.
  final class RequestLog: Sendable {
    private let paths = Mutex<[String]>([])

    var all: [String] { self.paths.withLock { $0 } }

    /// - Returns: how many there were with this path before.
    func add(_ path: String) -> Int {
      self.paths.withLock { paths in
        defer { paths.append(path) }
        return paths.count { $0 == path }
      }
    }
  }

  var endpoint: String { "http://127.0.0.1:\(self.channel.localAddress?.port ?? 0)" }

  /// - Parameter reply: to the request with this path, of which there were so many before.
  static func with<Value>(
    _ reply: @escaping @Sendable (_ path: String, _ index: Int) -> Reply, _ body: (FakeEtcd) async throws -> Value
  ) async throws -> Value {
    let requests = RequestLog()
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Connection(requests: requests, reply: reply))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    do {
      let value = try await body(FakeEtcd(channel: channel, requests: requests))
      try await channel.close()
      return value
    } catch {
      try await channel.close()
      throw error
    }
  }

  private init(channel: any Channel, requests: RequestLog) {
    self.channel = channel
    self.requests = requests
  }

  private final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let requests: RequestLog
    private let reply: @Sendable (String, Int) -> Reply
    private var received = ""

    init(requests: RequestLog, reply: @escaping @Sendable (String, Int) -> Reply) {
      self.requests = requests
      self.reply = reply
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      self.received += String(buffer: self.unwrapInboundIn(data))
      guard let head = self.received.firstRange(of: "\r\n\r\n") else { return }
      let lines = self.received[..<head.lowerBound].lowercased().split(separator: "\r\n")
      let length = lines.first { $0.hasPrefix("content-length: ") }.flatMap { Int($0.dropFirst(16)) } ?? 0
      guard self.received[head.upperBound...].utf8.count >= length else { return }
      let path = self.received.split(separator: " ").dropFirst().first.map(String.init) ?? ""
      self.received = ""
      switch self.reply(path, self.requests.add(path)) {
      case .answer(let status, let text):
        self.write("HTTP/1.1 \(status) X\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)", context)
      case .stream(let text):
        let chunk = "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n"
        self.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(chunk)", context)
      case .nothing: break
      case .close: context.close(promise: nil)
      }
    }

    private func write(_ text: String, _ context: ChannelHandlerContext) {
      context.writeAndFlush(NIOAny(ByteBuffer(string: text)), promise: nil)
    }
  }
}

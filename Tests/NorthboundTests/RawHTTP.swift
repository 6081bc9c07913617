// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import NIOCore
import NIOPosix

/// A connection on which a test writes what it likes, and reads what comes.
struct RawConnection {
  let inbound: NIOAsyncChannelInboundStream<ByteBuffer>
  let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

  func send(_ text: String) async throws {
    try await self.outbound.write(ByteBuffer(string: text))
  }

  /// Everything until the server closes the connection.
  func readToEnd() async throws -> String {
    try await self.read { _ in false }
  }

  /// Everything until `isEnough`, or the server closes the connection.
  func read(until isEnough: (String) -> Bool) async throws -> String {
    var text = ""
    do {
      for try await bytes in self.inbound {
        text += String(buffer: bytes)
        if isEnough(text) { break }
      }
    } catch is IOError {
      // Reset: the server closed with something of ours unread.
    }
    return text
  }

  static func with<Result: Sendable>(
    _ endpoint: SocketEndpoint, _ body: (RawConnection) async throws -> Result
  ) async throws -> Result {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.socketOption(.so_rcvbuf), value: 4096)
      .connect(host: endpoint.address.description, port: Int(endpoint.port)) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      try await body(RawConnection(inbound: inbound, outbound: outbound))
    }
  }
}

/// What came back, in parts.
struct RawAnswer: Sendable {
  var status: Int
  /// Names in lower case.
  var headers: [String: String]
  var body: String

  init(_ text: String) {
    let (head, body) = text.cut(at: "\r\n\r\n")
    let lines = head.split(separator: "\r\n")
    self.status = lines.first.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
    self.headers = [:]
    for line in lines.dropFirst() {
      let (name, value) = String(line).cut(at: ": ")
      self.headers[name.lowercased()] = value
    }
    self.body = body
  }

  /// One request on a connection of its own.
  static func to(
    _ request: String, at endpoint: SocketEndpoint, headers: [String] = [], body: String = ""
  ) async throws -> RawAnswer {
    let lines = ["\(request) HTTP/1.1", "Host: \(endpoint)", "Connection: close"] + headers
    let text = try await RawConnection.with(endpoint) { connection in
      try await connection.send((lines + ["", body]).joined(separator: "\r\n"))
      return try await connection.readToEnd()
    }
    return RawAnswer(text)
  }
}

extension String {
  /// Before and after the first `separator`; all and nothing if there is none.
  func cut(at separator: String) -> (String, String) {
    guard let range = self.firstRange(of: separator) else { return (self, "") }
    return (String(self[..<range.lowerBound]), String(self[range.upperBound...]))
  }
}

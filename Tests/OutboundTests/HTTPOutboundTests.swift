// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Outbound
import Testing

/// Against servers that misbehave.
@Suite(.timeLimit(.minutes(1))) struct HTTPOutboundTests {
  @Test func nobodyListens() async throws {
    // A port that was free a moment ago.
    let port = try await Server.with(answer: "") { $0 }
    try await HTTPOutbound.withClient { client in
      await #expect(throws: HTTPOutboundError.cannotConnect("connection refused")) {
        _ = try await client.get("http://127.0.0.1:\(port)/")
      }
    }
  }

  @Test(arguments: ["", "nonsense", "ftp://127.0.0.1/", "http://"])
  func noURL(url: String) async throws {
    try await HTTPOutbound.withClient { client in
      let error = await #expect(throws: HTTPOutboundError.self) { _ = try await client.get(url) }
      guard case .badURL? = error else { return #expect(Bool(false), "\(String(describing: error))") }
    }
  }

  @Test func noAnswer() async throws {
    try await Server.with(answer: nil) { port in
      try await HTTPOutbound.withClient { client in
        await #expect(throws: HTTPOutboundError.timedOut) {
          _ = try await client.get("http://127.0.0.1:\(port)/", timeLimit: .milliseconds(50))
        }
      }
    }
  }

  @Test(arguments: [
    "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n",
  ])
  func tooMuchOfAnAnswer(answer: String) async throws {
    try await Server.with(answer: answer) { port in
      try await HTTPOutbound.withClient { client in
        let whole = try await client.get("http://127.0.0.1:\(port)/", bodyLimit: 11)
        #expect(whole.status == 200)
        #expect(whole.body == Array("hello world".utf8))
        await #expect(throws: HTTPOutboundError.tooLarge(10)) {
          _ = try await client.get("http://127.0.0.1:\(port)/", bodyLimit: 10)
        }
      }
    }
  }

  @Test func linesAreReadAsTheyCome() async throws {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    try await Server.with(answer: head + "5\r\none\nt\r\n5\r\nwo\n12\r\n3\r\n345\r\n") { port in
      try await HTTPOutbound.withClient { client in
        let stream = try await client.lines("http://127.0.0.1:\(port)/", body: [0x7b, 0x7d], lineLimit: 4)
        var lines = stream.makeAsyncIterator()
        #expect(try await lines.next() == Array("one".utf8))
        #expect(try await lines.next() == Array("two".utf8))
        await #expect(throws: HTTPOutboundError.tooLarge(4)) { _ = try await lines.next() }
      }
    }
  }

  @Test func whatIsNoStreamOfLines() async throws {
    try await Server.with(answer: "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno") { port in
      try await HTTPOutbound.withClient { client in
        let answer = HTTPAnswer(status: 403, contentType: nil, body: Array("no".utf8))
        await #expect(throws: HTTPOutboundError.refused(answer)) {
          _ = try await client.lines("http://127.0.0.1:\(port)/", body: [0x7b, 0x7d])
        }
      }
    }
  }

  @Test func badTLSFiles() async throws {
    await #expect(throws: HTTPOutboundError.badTLSFile("/no/ca", problem: "cannot be read: there is no such file")) {
      try await HTTPOutbound.withClient(tls: ClientTLSFiles(trustedAuthorities: "/no/ca")) { _ in }
    }
    let certificates = "holds no certificate in PEM form (BEGIN CERTIFICATE)"
    await #expect(
      throws: HTTPOutboundError.badTLSFile("/dev/null", problem: "cannot be read: it is not a regular file")
    ) {
      try await HTTPOutbound.withClient(tls: ClientTLSFiles(trustedAuthorities: "/dev/null")) { _ in }
    }
    await #expect(throws: HTTPOutboundError.badTLSFile("/etc/hostname", problem: certificates)) {
      try await HTTPOutbound.withClient(tls: ClientTLSFiles(trustedAuthorities: "/etc/hostname")) { _ in }
    }
  }

  @Test func redirectsAreNotFollowed() async throws {
    let answer = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    try await Server.with(answer: answer) { port in
      try await HTTPOutbound.withClient { client in
        let answer = try await client.get("http://127.0.0.1:\(port)/")
        #expect(answer.status == 302)
      }
    }
  }

  @Test func halfAnAnswer() async throws {
    try await Server.with(answer: "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello", closes: true) { port in
      try await HTTPOutbound.withClient { client in
        await #expect(throws: HTTPOutboundError.self) { _ = try await client.get("http://127.0.0.1:\(port)/") }
      }
    }
  }

  @Test func noHTTP() async throws {
    try await Server.with(answer: "220 mail.example.org ESMTP\r\n") { port in
      try await HTTPOutbound.withClient { client in
        await #expect(throws: HTTPOutboundError.self) { _ = try await client.get("http://127.0.0.1:\(port)/") }
      }
    }
  }
}

/// Writes the same bytes to everybody who sends something.
private enum Server {
  @discardableResult
  static func with<Result: Sendable>(
    answer: String?, closes: Bool = false, _ body: (Int) async throws -> Result
  ) async throws -> Result {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Answer(text: answer, closes: closes))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    do {
      let result = try await body(channel.localAddress?.port ?? 0)
      try await channel.close()
      return result
    } catch {
      try await channel.close()
      throw error
    }
  }

  private final class Answer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    let text: String?
    let closes: Bool

    init(text: String?, closes: Bool) {
      self.text = text
      self.closes = closes
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      // A request's body may come for itself, and is answered with its head.
      let isHead = self.unwrapInboundIn(data).readableBytesView.firstRange(of: Array("\r\n\r\n".utf8)) != nil
      guard isHead, let text = self.text else { return }
      context.writeAndFlush(NIOAny(ByteBuffer(string: text)), promise: nil)
      if self.closes { context.close(promise: nil) }
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import NIOCore
import NIOPosix
import Probing
import ServiceModel
import Testing

@Suite(.timeLimit(.minutes(1))) struct ProbeTests {
  let loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next()
  let http = HTTPProbe(path: "/", status: 200...299)

  func run(
    _ probe: some HealthProbe, _ endpoint: SocketEndpoint, timeout: Duration = .seconds(5)
  ) async throws -> ProbeOutcome {
    try await probe.run(endpoint, timeout: timeout, on: self.loop).get()
  }

  func outcome(of behaviour: RawServer.Behaviour, timeout: Duration = .seconds(5)) async throws -> ProbeOutcome {
    var outcome: ProbeOutcome?
    try await RawServer.with(behaviour, on: self.loop) { server in
      outcome = try await self.run(self.http, server.endpoint, timeout: timeout)
    }
    return try #require(outcome)
  }

  /// A port that was free a moment ago.
  func closedEndpoint() async throws -> SocketEndpoint {
    var endpoint: SocketEndpoint?
    try await RawServer.with(.close, on: self.loop) { endpoint = $0.endpoint }
    return try #require(endpoint)
  }

  @Test(arguments: [EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL])
  func whatThisMachineLacksIsNoFailureOfTheMember(errno: CInt) {
    guard case .notMade = ProbeOutcome(IOError(errnoCode: errno, reason: "socket")) else {
      Issue.record("\(errno) counts against the member")
      return
    }
  }

  @Test func nobodyListens() async throws {
    let endpoint = try await self.closedEndpoint()
    #expect(try await self.run(self.http, endpoint) == .failure(.refused))
    #expect(try await self.run(TCPConnectProbe(), endpoint) == .failure(.refused))
  }

  @Test func aConnectionIsEnoughForTCP() async throws {
    try await RawServer.with(.stall(""), on: self.loop) { server in
      let outcome = try await self.run(TCPConnectProbe(), server.endpoint)
      #expect(outcome == .success)
    }
  }

  @Test func answersAreJudgedByTheirStatus() async throws {
    #expect(try await self.outcome(of: .answer("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) == .success)
    #expect(
      try await self.outcome(of: .answer("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n")) == .failure(.status))
    #expect(try await self.outcome(of: .answer("HTTP/1.0 204 No\r\n\r\n")) == .success)
    #expect(
      try await self.outcome(of: .answer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")) == .success)
  }

  @Test func theBodyIsNotWaitedFor() async throws {
    #expect(try await self.outcome(of: .stall("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")) == .success)
  }

  @Test func silenceIsATimeout() async throws {
    let limit: Duration = .milliseconds(150)
    let begin = ContinuousClock.now
    #expect(try await self.outcome(of: .stall(""), timeout: limit) == .failure(.timeout))
    #expect(try await self.outcome(of: .stall("HTTP/1.1 20"), timeout: limit) == .failure(.timeout))
    #expect(ContinuousClock.now - begin >= limit * 2)
  }

  @Test func connectionsThatEndEarly() async throws {
    #expect(try await self.outcome(of: .close) == .failure(.closed))
    #expect(try await self.outcome(of: .answer("HTTP/1.1 20")) == .failure(.closed))
    let reset = try await self.outcome(of: .reset)
    #expect(reset == .failure(.closed) || reset == .failure(.refused))
  }

  @Test(arguments: [
    "SSH-2.0-OpenSSH_9.2p1\r\n", "\u{0}\u{1}\u{2}\u{3}\r\n\r\n", "HTTP/9.9 banana\r\n\r\n", "220 mail ready\r\n",
  ])
  func whatIsNotHTTPIsMalformed(greeting: String) async throws {
    #expect(try await self.outcome(of: .answer(greeting)) == .failure(.malformed))
  }

  @Test func endlessHeadersAreCutOff() async throws {
    #expect(
      try await self.outcome(of: .flood("x-header: \(String(repeating: "x", count: 1_000))\r\n"))
        == .failure(.malformed))
    let endless = "HTTP/1.1 200 OK\r\n" + String(repeating: "x-a: b\r\n", count: 10_000)
    #expect(try await self.outcome(of: .stall(endless)) == .failure(.malformed))
  }

  @Test func bodiesAreBounded() async throws {
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n0123456789"
    try await RawServer.with(.answer(answer), on: self.loop) { server in
      let exchange = HTTPExchange(path: "/", host: "x", reading: .body(limit: 10))
      let whole = try await exchange.run(with: server.endpoint, timeout: .seconds(5), on: self.loop).get()
      #expect(String(buffer: whole.body) == "0123456789")
      let less = HTTPExchange(path: "/", host: "x", reading: .body(limit: 9))
      await #expect(throws: HTTPExchangeError.tooLarge(limit: 9)) {
        try await less.run(with: server.endpoint, timeout: .seconds(5), on: self.loop).get()
      }
    }
  }

  @Test func aCatalogueMakesTheProbe() {
    #expect(Check.Method.tcp.probe is TCPConnectProbe)
    #expect(Check.Method.http(path: "/", status: 200...200, host: nil).probe is HTTPProbe)
  }
}

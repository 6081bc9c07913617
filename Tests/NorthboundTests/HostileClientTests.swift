// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Addressing
import Logging
import NIOPosix
import Northbound
import Testing

/// Clients that ask too much, or nothing that makes sense.
@Suite(.timeLimit(.minutes(1))) struct HostileClientTests {
  @Test func pagesInABrowserCannotChangeAnything() async throws {
    try await RunningServer.with(FixedSurface(view: .healthy)) { server in
      let refused = try await RawAnswer.to(
        "POST /v1/services/web/failback", at: server.api, headers: ["Origin: http://example.org"])
      #expect(refused.status == 403)
      let read = try await RawAnswer.to("GET /v1/status", at: server.api, headers: ["Origin: http://example.org"])
      #expect(read.status == 200)
    }
  }

  /// DNS rebinding: the page's own name, made to resolve to the loopback address.
  @Test(arguments: ["evil.example:8080", "evil.example", "127.0.0.1.evil.example", ""])
  func requestsForForeignNamesAreRefused(host: String) async throws {
    try await RunningServer.with(FixedSurface(view: .healthy)) { server in
      let answer = try await RawConnection.with(server.api) { connection in
        try await connection.send("GET /v1/status HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
        return RawAnswer(try await connection.readToEnd())
      }
      #expect(answer.status == 403)
      #expect(answer.body.contains("foreign-host"))
    }
  }

  @Test func aDeclaredBodyThatIsTooLongIsRefused() async throws {
    try await RunningServer.with(FixedSurface(view: .healthy)) { server in
      let answer = try await RawAnswer.to(
        "POST /v1/services/web/failback", at: server.api, headers: ["Content-Length: 65537"])
      #expect(answer.status == 413)
    }
  }

  @Test func aBodyWithoutEndIsCutOff() async throws {
    try await RunningServer.with(FixedSurface(view: .healthy)) { server in
      try await RawConnection.with(server.agents) { connection in
        try await connection.send("GET /v1 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        let chunk = "1000\r\n" + String(repeating: "x", count: 4096) + "\r\n"
        // Until the server closes, which a write sees.
        await #expect(throws: (any Error).self) {
          while true { try await connection.send(chunk) }
        }
      }
    }
  }

  enum Nonsense: CaseIterable {
    case longHeader, manyHeaders, tls, unknownVersion

    var request: String {
      switch self {
      case .longHeader:
        "GET /v1 HTTP/1.1\r\nHost: localhost\r\nA: " + String(repeating: "a", count: 20_000) + "\r\n\r\n"
      case .manyHeaders: "GET /v1 HTTP/1.1\r\nHost: localhost\r\n" + String(repeating: "A: b\r\n", count: 200) + "\r\n"
      case .tls: "\u{16}\u{03}\u{01}\u{02}\u{00}\r\n\r\n"
      case .unknownVersion: "GET /v1 HTTP/9.9\r\n\r\n"
      }
    }
  }

  @Test(arguments: Nonsense.allCases)
  func whatIsNoRequestIsRefusedAndTheOthersGoOn(nonsense: Nonsense) async throws {
    try await RunningServer.with(FixedSurface(view: .healthy)) { server in
      let answer = try await RawConnection.with(server.api) { connection in
        try await connection.send(nonsense.request)
        return try await connection.readToEnd()
      }
      #expect(answer.isEmpty || RawAnswer(answer).status == 400, "\(answer)")
      #expect(try await RawAnswer.to("GET /v1", at: server.api).status == 200)
    }
  }

  @Test func anAddressInUseIsNamed() async throws {
    try await RunningServer.with(FixedSurface(view: .healthy)) { server in
      var logger = Logger(label: "test")
      logger.logLevel = .critical
      let second = NorthboundServer(
        surface: FixedSurface(view: .healthy), api: server.api, agents: SocketEndpoint("127.0.0.1:0")!,
        eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
      let error = await #expect(throws: ListenError.self) { try await second.run() }
      #expect(error == ListenError(listener: .api, endpoint: server.api, reason: .inUse))
      #expect(error?.description.contains("\(server.api) for the API: the port is in use") == true)
    }
  }
}

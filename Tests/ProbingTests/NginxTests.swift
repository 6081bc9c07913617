// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import NIOCore
import NIOPosix
import Probing
import ServiceModel
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Against a real web server.
@Suite(.timeLimit(.minutes(1)), .enabled(if: Nginx.isInstalled || isRequired, "nginx is not installed"))
struct NginxTests {
  let loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next()

  @Test func aRealServerIsJudged() async throws {
    let loop = self.loop
    try await Nginx.with(
      locations: """
        location = /health { return 200 "fine"; }
        location = /gone { return 410; }
        location = /named { if ($host != "www.example.org") { return 421; } return 204; }
        """
    ) { nginx in
      func outcome(_ path: String, _ status: ClosedRange<Int>, host: String? = nil) async throws -> ProbeOutcome {
        try await HTTPProbe(path: path, status: status, host: host)
          .run(nginx.endpoint, timeout: .seconds(5), on: loop).get()
      }
      while try await outcome("/health", 200...200) == .failure(.refused) { await Task.yield() }
      #expect(try await outcome("/health", 200...200) == .success)
      #expect(try await outcome("/gone", 200...399) == .failure(.status))
      #expect(try await outcome("/gone", 400...499) == .success)
      #expect(try await outcome("/named", 204...204, host: "www.example.org") == .success)
      #expect(try await outcome("/named", 204...204) == .failure(.status))
      #expect(
        try await TCPConnectProbe().run(nginx.endpoint, timeout: .seconds(5), on: loop).get() == .success)
    }
  }
}

/// In continuous integration nothing may be skipped: what is missing fails.
private var isRequired: Bool { getenv("ISTHMUS_REQUIRE").map { String(cString: $0) } == "lab" }

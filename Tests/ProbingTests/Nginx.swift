// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FoundationEssentials
import NIOCore
import NIOPosix
import Subprocess
import Testing

/// A real web server on loopback, for as long as a test runs.
struct Nginx {
  let endpoint: SocketEndpoint

  static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: "/usr/sbin/nginx") }

  /// - Parameter locations: what stands inside of `server { … }`.
  static func with(
    locations: String, _ body: @escaping @Sendable (Nginx) async throws -> Void
  ) async throws {
    let port = try await freePort()
    let directory = FileManager.default.temporaryDirectory.appending(path: "isthmus-nginx-\(port)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let configuration = directory.appending(path: "nginx.conf")
    try Data(
      """
      daemon off; master_process off; pid nginx.pid; error_log stderr warn;
      events {}
      http { access_log off; client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4;
        scgi_temp_path t5; server { listen 127.0.0.1:\(port); \(locations) } }
      """.utf8
    ).write(to: configuration)
    let nginx = Nginx(endpoint: SocketEndpoint(IPv4Address("127.0.0.1")!, port))
    try await withThrowingTaskGroup(of: Void.self) { group in
      let path = directory.path
      group.addTask {
        _ = try await run(
          .name("nginx"), arguments: ["-p", path, "-c", configuration.path], output: .discarded,
          error: .string(limit: 1 << 20))
      }
      try await body(nginx)
      group.cancelAll()
    }
  }
}

/// A port of loopback that was free a moment ago.
private func freePort() async throws -> UInt16 {
  let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    .bind(host: "127.0.0.1", port: 0).get()
  let port = channel.localAddress?.port ?? 0
  try await channel.close()
  return UInt16(port)
}

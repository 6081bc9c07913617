// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ArgumentParser
import Logging
import Metering
import NIOCore
import NIOPosix
import ServiceLifecycle
import UnixSignals

/// For members on which no Prometheus node_exporter runs.
struct Member: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "On a member: tell how busy its processors are, for 'policy: cpu'.",
    discussion: """
      Answers GET /metrics as a Prometheus node_exporter does, with node_cpu_seconds_total alone. Where one runs \
      already this is not needed.
      """)

  @Option(help: "Address and port to listen on.", transform: Arguments.listen)
  var listen = SocketEndpoint(IPv4Address(rawValue: 0), 9100)

  func run() async throws {
    LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
    let logger = Logger(label: "isthmus-agent")
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let exporter = try await MemberExporter.listen(on: self.listen, group)
    logger.info("telling of this member", metadata: ["listen": "\(self.listen)"])
    let service = ExporterService(exporter: exporter)
    try await ServiceGroup(services: [service], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger).run()
    try await group.shutdownGracefully()
  }
}

private struct ExporterService: Service {
  let exporter: MemberExporter

  func run() async throws {
    try? await gracefulShutdown()
    await self.exporter.close()
  }
}

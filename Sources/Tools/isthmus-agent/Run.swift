// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Agent
import ArgumentParser
import CLinux
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import ServiceModel
import UnixSignals

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the agent (the default).",
    discussion: """
      On SIGTERM or SIGINT the agent says goodbye and ends; its forwarding rules stay, so that a restart or an upgrade \
      moves no traffic. To remove them: isthmus-agent clean.
      """)

  @Option(help: "The region's name, as in the controllers' configuration.", transform: Arguments.region)
  var region: RegionName

  @Option(
    help: "This agent's name where the region has several, each on a gateway that stands in for the others.",
    transform: Arguments.instance)
  var instance: InstanceName?

  @Option(help: "File with the region's key: 64 hexadecimal digits; not readable by everybody.")
  var keyFile: String

  @Option(
    name: .customLong("controller"),
    help: "Address and port of a controller (heartbeats by UDP, the assignment by HTTP); may be repeated.",
    transform: Arguments.controller)
  var controllers: [SocketEndpoint]

  @Option(
    help: "Address and port for heartbeats, the agent's own and those of other agents.",
    transform: Arguments.listen)
  var listen: SocketEndpoint

  @Option(help: "Directory for what the agent must know after a restart.")
  var stateDirectory = "/var/lib/isthmus"

  @Option(
    help: "The least severe messages to log: trace, debug, info, notice, warning, error or critical.",
    transform: Arguments.logLevel)
  var logLevel: Logger.Level = .info

  func run() async throws {
    let key = try RegionKey(file: self.keyFile)
    LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
    var logger = Logger(label: "isthmus-agent")
    logger.logLevel = self.logLevel

    clinux_raise_descriptor_limit()
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let agent = AgentService(
      AgentConfiguration(
        region: self.region, instance: self.instance, key: key, controllers: self.controllers, listen: self.listen,
        stateDirectory: self.stateDirectory),
      on: group.next(), logger: logger)
    try await ServiceGroup(services: [agent], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger).run()
    try await group.shutdownGracefully()
  }
}

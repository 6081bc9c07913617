// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import AgentLink
import ControlPlane
package import Logging
import NIOCore
import NIOPosix
import Northbound
import OpenFlowNIO
import ServiceFiles
import ServiceLifecycle
import ServiceModel

/// The whole controller as one service: listeners for switches, agents and operators around one control loop.
package struct ControllerService: ServiceLifecycle.Service {
  private let path: String
  private let file: ServiceFile
  private let stamps: [ConfigurationWatcher.Stamp?]
  private let logger: Logger

  /// - Throws: everything that is wrong with the configuration file.
  package init(configuration path: String, logger: Logger) throws {
    self.path = path
    let stamp = ConfigurationWatcher.Stamp(of: path)
    self.file = try ServiceFile.load(path: path)
    self.stamps = [stamp] + ConfigurationWatcher.stamps(of: path, self.file).dropFirst()
    self.logger = logger
  }

  package func run() async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    defer { group.shutdownGracefully { _ in } }
    var random = SystemRandomNumberGenerator()
    let loop = ControlLoop(
      eventLoop: group.next(), file: self.file, journal: Journal(logger: self.logger), seed: random.next(),
      session: random.next(), logger: self.logger)
    try await loop.apply(self.file)

    let settings = self.file.controller
    let socket = try await self.listenToAgents(on: settings.agents, loop)
    let switches = try await self.listenToSwitches(on: settings.openflow, loop)
    self.logger.notice(
      "the controller is ready",
      metadata: [
        "openflow": "\(settings.openflow)", "agents": "\(settings.agents)", "api": "\(settings.api)",
        "configuration": "\(self.path)",
      ])
    let northbound = NorthboundServer(
      surface: loop, api: settings.api, agents: settings.agents, eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
      logger: self.logger)
    let watcher = ConfigurationWatcher(
      path: self.path, initial: self.file, stamps: self.stamps, loop: loop, logger: self.logger)
    do {
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await northbound.run() }
        tasks.addTask { try await watcher.run() }
        try await tasks.next()
        tasks.cancelAll()
      }
    } catch is CancellationError {}
    try await switches.close()
    await socket.close()
  }

  private func listenToAgents(on endpoint: SocketEndpoint, _ loop: ControlLoop) async throws -> DatagramSocket {
    do {
      let socket = try await DatagramSocket.bind(to: endpoint, on: loop.eventLoop) { loop.receive($0, from: $1) }
      await loop.answerAgents(through: socket)
      return socket
    } catch {
      throw ListenError(listener: .heartbeats, endpoint: endpoint, cause: error)
    }
  }

  private func listenToSwitches(on endpoint: SocketEndpoint, _ loop: ControlLoop) async throws -> any Channel {
    do {
      return try await SwitchListener.listen(on: endpoint, eventLoop: loop.eventLoop, logger: self.logger) {
        loop.receive($0, from: $1)
      }
    } catch {
      throw ListenError(listener: .switches, endpoint: endpoint, cause: error)
    }
  }
}

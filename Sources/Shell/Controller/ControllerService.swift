// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Addressing
import AgentLink
import ControlPlane
import Files
import Floodlight
import Glibc
package import Logging
import NIOCore
import NIOPosix
import Northbound
import OpenFlowNIO
import Outbound
import ServiceFiles
import ServiceLifecycle
import ServiceModel
import SharedDocuments
import Southbound
import Storage

/// The whole controller as one service: listeners for switches, agents and operators around one control loop.
package struct ControllerService: ServiceLifecycle.Service, CustomStringConvertible {
  /// swift-service-lifecycle asks for it, to name the service; without it that is the whole configuration.
  package var description: String { "controller" }

  private let path: String
  private let file: ServiceFile
  private let stamp: FileStamp?
  private let place: StorePlace
  private let logger: Logger

  /// - Throws: everything that is wrong with the configuration file, or with what it says of the store.
  package init(configuration path: String, logger: Logger) throws {
    self.path = path
    self.stamp = FileStamp(of: path)
    self.file = try ServiceFile.load(path: path)
    self.place = try StorePlace(self.file.controller, file: path)
    self.logger = logger
  }

  package func run() async throws {
    try await self.place.withStore { store, copy in try await self.run(with: store, copy: copy) }
  }

  private func run(with store: any DocumentStore, copy: (any DocumentStore)?) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    defer { group.shutdownGracefully { _ in } }
    var random = SystemRandomNumberGenerator()
    let loop = ControlLoop(
      eventLoop: group.next(), file: self.file, name: self.name, journal: Journal(logger: self.logger),
      seeds: (random.next(), random.next()), session: random.next(), logger: self.logger)
    let keeper = ConfigurationKeeper(
      store: store, copy: copy, place: self.place, file: self.file, name: self.name, loop: loop,
      eventLoop: group.next())
    // Before anybody can connect: what is known of drains counts more than what switches remember of them.
    await keeper.start()

    let settings = self.file.controller
    let socket = try await self.listenToAgents(on: settings.agents, loop)
    let switches = try await self.listenToSwitches(settings, loop)
    self.logger.notice(
      "the controller is ready",
      metadata: [
        "openflow": "\(settings.openflow.map(\.description) ?? "none")",
        "openflow-tls": "\(settings.openflowTLS?.listen.description ?? "none")", "agents": "\(settings.agents)",
        "api": "\(settings.api)",
        "configuration": "\(self.path)", "store": "\(self.place.text)",
      ])
    let northbound = NorthboundServer(
      surface: ControllerSurface(loop: loop, keeper: keeper), api: settings.api, agents: settings.agents,
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
      logger: self.logger)
    let floodlight = try settings.floodlight.map {
      try FloodlightDesk(loop: loop, logger: self.logger).server($0, version: Product.version)
    }
    let election = try self.election(for: loop)
    let watcher = ConfigurationWatcher(
      path: self.path, initial: self.file, stamp: self.stamp, keeper: keeper, journal: loop.journal,
      logger: self.logger)
    do {
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await northbound.run() }
        tasks.addTask { try await watcher.run() }
        tasks.addTask { try await self.drive(loop) }
        if let floodlight, let listen = settings.floodlight?.listen {
          tasks.addTask {
            do { try await floodlight.run() } catch {
              throw ListenError(listener: .floodlight, endpoint: listen, cause: error)
            }
          }
        }
        tasks.addTask { try await keeper.run() }
        tasks.addTask {
          await keeper.entries.run()
          try Task.checkCancellation()
        }
        if let election { tasks.addTask { try await election.run() } }
        if let tls = switches.tls { tasks.addTask { try await self.renew(tls) } }
        try await tasks.next()
        tasks.cancelAll()
      }
    } catch is CancellationError {}
    for listener in switches.listeners { try await listener.close() }
    await socket.close()
  }

  /// Drives what other controllers have, until it is cancelled.
  private func drive(_ loop: ControlLoop) async throws {
    try await HTTPOutbound.withClient { http in
      let driven = DrivenSwitches(http, folder: ServiceFile.folder(of: self.path)) { loop.receive($1, from: $0) }
      await loop.command(driven)
      while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
      await driven.close()
    }
    try Task.checkCancellation()
  }

  /// Nil: this controller is alone.
  private func election(for loop: ControlLoop) throws -> Election? {
    guard case .etcd(let etcd, _) = self.place, let access = self.file.controller.etcd else { return nil }
    return try Election(
      etcd, candidate: "\(self.name) (http://\(self.file.controller.api))", lease: access.lease, loop: loop)
  }

  /// What others call this controller.
  private var name: String { self.file.controller.name ?? hostName() }

  private func listenToAgents(on endpoint: SocketEndpoint, _ loop: ControlLoop) async throws -> DatagramSocket {
    do {
      let socket = try await DatagramSocket.bind(to: endpoint, on: loop.eventLoop) { loop.receive($0, from: $1) }
      await loop.answerAgents(through: socket)
      return socket
    } catch {
      throw ListenError(listener: .heartbeats, endpoint: endpoint, cause: error)
    }
  }

  private func listenToSwitches(
    _ settings: ControllerSettings, _ loop: ControlLoop
  ) async throws -> (server: SwitchServer, listeners: [any Channel], tls: TLSIdentity?) {
    var timing = ConnectionTiming()
    timing.echoInterval = settings.echoInterval
    timing.deadAfter = settings.echoInterval * 3
    let server = try await SwitchServer.make(on: loop.eventLoop, timing: timing, logger: self.logger) {
      loop.receive($1, from: $0)
    }
    // Before the first switch can connect.
    await loop.command(server)
    let tls = try settings.openflowTLS.map { try TLSIdentity(TLSFiles($0)) }
    var listeners: [any Channel] = []
    for (endpoint, identity) in [(settings.openflow, nil), (settings.openflowTLS?.listen, tls)] {
      guard let endpoint else { continue }
      do {
        listeners.append(try await server.listen(on: endpoint, tls: identity))
      } catch {
        throw ListenError(listener: .switches, endpoint: endpoint, cause: error)
      }
    }
    return (server, listeners, tls)
  }

  /// New connections use new certificates. One that is wrong is said once, and the old one stays.
  private func renew(_ identity: TLSIdentity) async throws {
    var said: String?
    while true {
      try await Task.sleep(for: .seconds(1))
      do {
        if try identity.reloadIfChanged() {
          self.logger.notice("the certificates for switches were read again")
          said = nil
        }
      } catch {
        guard said != "\(error)" else { continue }
        said = "\(error)"
        self.logger.error("the old certificates for switches stay", metadata: ["reason": "\(error)"])
      }
    }
  }
}

private func hostName() -> String {
  var bytes = [CChar](repeating: 0, count: 256)
  guard gethostname(&bytes, bytes.count - 1) == 0 else { return "controller" }
  return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

extension TLSFiles {
  fileprivate init(_ settings: OpenFlowTLSSettings) {
    self.init(
      certificateChain: settings.certificate, privateKey: settings.privateKey,
      trustedAuthorities: settings.authorities)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import AgentLink
import AgentPlane
import FoundationEssentials
package import Logging
package import NIOCore
import ServiceLifecycle
import ServiceModel

/// Why an agent could not start.
package enum AgentError: Error, Sendable, Equatable, CustomStringConvertible {
  case cannotListen(SocketEndpoint, reason: String)

  package var description: String {
    switch self {
    case .cannotListen(let endpoint, let reason):
      "cannot listen on \(endpoint) (UDP): \(reason); is the address this machine's, and the port free?"
    }
  }
}

/// An agent from start to end.
///
/// When it ends, it says so in a last heartbeat and leaves the rules in place: traffic goes on while it is restarted
/// or upgraded.
package struct AgentService: ServiceLifecycle.Service {
  private static let attachmentReview: TimeAmount = .seconds(5)

  private let configuration: AgentConfiguration
  private let eventLoop: any EventLoop
  private let nft: NFTables
  private let logger: Logger

  package init(
    _ configuration: AgentConfiguration, on eventLoop: any EventLoop, nft: NFTables = NFTables(), logger: Logger
  ) {
    self.configuration = configuration
    self.nft = nft
    self.eventLoop = eventLoop
    self.logger = logger
  }

  package func run() async throws {
    let cache = AssignmentCache(
      directory: self.configuration.stateDirectory, region: self.configuration.region, key: self.configuration.key)
    let (assignments, cacheWriter) = AsyncStream.makeStream(of: Assignment.self, bufferingPolicy: .bufferingNewest(1))
    let loop = AgentLoop(
      self.configuration, on: self.eventLoop, seed: .random(in: 0...(.max)), nft: self.nft,
      cacheWriter: cacheWriter, logger: self.logger)
    let socket: DatagramSocket
    do {
      socket = try await DatagramSocket.bind(to: self.configuration.listen, on: self.eventLoop) { datagram, source in
        loop.assumeIsolated { $0.received(datagram, from: source) }
      }
    } catch {
      throw AgentError.cannotListen(self.configuration.listen, reason: "\(error)")
    }
    self.logger.info(
      "agent started",
      metadata: [
        "region": "\(self.configuration.region)", "listen": "\(socket.localEndpoint ?? self.configuration.listen)",
        "controllers": "\(self.configuration.controllers.map(\.description).joined(separator: " "))",
      ])

    await withTaskGroup(of: Void.self) { tasks in
      tasks.addTask { await self.write(assignments, to: cache) }
      await loop.start(socket, boot: Self.boot(), cached: self.load(from: cache))
      let review = self.eventLoop.scheduleRepeatedTask(
        initialDelay: Self.attachmentReview, delay: Self.attachmentReview
      ) { _ in loop.assumeIsolated { $0.reviewAttachments() } }
      let watch = await self.watchAddresses(for: loop)
      try? await gracefulShutdown()
      review.cancel()
      try? await watch?.close()
      await loop.stop()
      cacheWriter.finish()
    }
    await socket.close()
  }

  /// Nil: the kernel does not tell of changes, which are seen when addresses are looked at the next time.
  private func watchAddresses(for loop: AgentLoop) async -> (any Channel)? {
    do {
      return try await AddressWatch.open(on: self.eventLoop) { loop.assumeIsolated { $0.reviewAttachments() } }
    } catch {
      self.logger.warning(
        "changes of addresses are seen late",
        metadata: ["error": "\(plain(error))", "looked-at-every": "\(Self.attachmentReview)"])
      return nil
    }
  }

  /// Microseconds of the wall clock.
  private static func boot() -> UInt64 {
    UInt64(max(1, Date().timeIntervalSince1970 * 1_000_000))
  }

  private func load(from cache: AssignmentCache) -> CachedAssignment? {
    do {
      return try cache.load()
    } catch {
      self.logger.warning(
        "last assignment not usable; waiting for a controller",
        metadata: ["file": "\(cache.path)", "error": "\(plain(error))"])
      return nil
    }
  }

  @concurrent
  private func write(_ assignments: AsyncStream<Assignment>, to cache: AssignmentCache) async {
    for await assignment in assignments {
      do {
        try cache.store(assignment)
      } catch {
        self.logger.error(
          "assignment not kept: after a restart without a controller the agent knows nothing",
          metadata: ["file": "\(cache.path)", "error": "\(plain(error))"])
      }
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Logging
import NIOCore
import NIOPosix
import OpenFlow
import OpenFlowNIO

/// A `SwitchServer` on a loopback port, with one event loop of its own, whose reports a test reads one after the other.
final class RunningServer: Sendable {
  struct Item: Sendable {
    var datapath: DatapathID
    var report: SwitchReport
  }

  let group: MultiThreadedEventLoopGroup
  let server: SwitchServer
  let listener: any Channel
  /// Everything that is reported, from the beginning, without PACKET_INs.
  let reports: AsyncStream<Item>

  /// Runs `body` with a server that listens.
  static func run(
    timing: ConnectionTiming = ConnectionTiming(), limits: ConnectionLimits = ConnectionLimits(),
    tls: TLSIdentity? = nil, _ body: (RunningServer) async throws -> Void
  ) async throws {
    let running = try await RunningServer(timing: timing, limits: limits, tls: tls)
    let result: Result<Void, any Error>
    do { result = .success(try await body(running)) } catch { result = .failure(error) }
    try await running.stop()
    try result.get()
  }

  private init(timing: ConnectionTiming, limits: ConnectionLimits, tls: TLSIdentity?) async throws {
    self.group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let (stream, continuation) = AsyncStream.makeStream(of: Item.self)
    self.reports = stream
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    self.server = try await SwitchServer.make(on: self.group.next(), timing: timing, limits: limits, logger: logger) {
      datapath, report in
      // There may be millions, and nobody reads them: `SwitchStatus` counts them.
      if case .packetIn = report { return }
      continuation.yield(Item(datapath: datapath, report: report))
    }
    self.listener = try await self.server.listen(on: SocketEndpoint(.loopback, 0), tls: tls)
  }

  private func stop() async throws {
    try await self.listener.close()
    try await self.onLoop { $0.closeAll(reason: "the test is over") }
    try await self.group.shutdownGracefully()
  }

  var port: Int { self.listener.localAddress?.port ?? 0 }

  /// Where commands may be given.
  func onLoop<Value: Sendable>(_ body: @escaping @Sendable (SwitchServer) -> Value) async throws -> Value {
    let server = self.server
    return try await self.group.next().submit { body(server) }.get()
  }

  func perform(_ command: SwitchCommand, on datapath: DatapathID) async throws {
    try await self.onLoop { $0.perform(command, on: datapath) }
  }

  /// The first report from now on of which `pick` makes something.
  func first<Value>(_ pick: (Item) -> Value?) async throws -> Value {
    for await item in self.reports { if let value = pick(item) { return value } }
    throw NoSuchReport()
  }

  struct NoSuchReport: Error {}
}

extension IPv4Address { static let loopback = IPv4Address(rawValue: 0x7f00_0001) }

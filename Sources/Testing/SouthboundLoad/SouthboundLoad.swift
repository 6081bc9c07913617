// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

package import Addressing
import NIOCore
import NIOPosix
import OpenFlow
import OpenFlowNIO

/// Why a load could not be measured.
package enum LoadError: Error, Sendable, CustomStringConvertible {
  case notConnected(switches: Int, reason: String)
  case notGreeted(switches: Int)
  case notTaught(switches: Int)

  package var description: String {
    switch self {
    case .notConnected(let switches, let reason): "\(switches) switches could not connect: \(reason)"
    case .notGreeted(let switches):
      "\(switches) switches were not asked for their features within \(SouthboundLoad.patience)"
    case .notTaught(let switches):
      "\(switches) switches got no answer to an echo behind their first packets within \(SouthboundLoad.patience)"
    }
  }
}

/// Plays switches against a controller that forwards as a learning switch, and measures its answers.
///
///     connect ─ handshake ─ every host is seen once ─ warm-up ─ count ─ wait for the last answers
///
/// A packet is answered by a PACKET_OUT that sends it out of the right port. All switches share one event loop, and so
/// one processor.
package enum SouthboundLoad {
  static let patience = Duration.seconds(30)
  /// From the handshakes to the first packets.
  private static let settling = Duration.seconds(1)
  /// For the last answers.
  private static let drain = Duration.seconds(1)

  /// - Parameter onStart: called just before answers are counted, `onEnd` just after.
  package static func run(
    _ options: LoadOptions, onStart: () -> Void = {}, onEnd: () -> Void = {}
  ) async throws -> LoadReport {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do {
      let report = try await self.run(options, on: group.next(), onStart: onStart, onEnd: onEnd)
      try await group.shutdownGracefully()
      return report
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
  }

  private static func run(
    _ options: LoadOptions, on eventLoop: any EventLoop, onStart: () -> Void, onEnd: () -> Void
  ) async throws -> LoadReport {
    let load = try await eventLoop.submit { NIOLoopBound(LoadConnections(options), eventLoop: eventLoop) }.get()
    let bootstrap = ClientBootstrap(group: eventLoop)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try load.value.add(to: channel) }
      }
    for index in 0..<options.switches {
      do {
        let target = options.controllers[index % options.controllers.count]
        _ = try await bootstrap.connect(host: "\(target.address)", port: Int(target.port)).get()
      } catch {
        throw LoadError.notConnected(switches: options.switches - index, reason: "\(error)")
      }
    }
    func ask<Answer: Sendable>(_ body: @escaping @Sendable (LoadConnections) throws -> Answer) async throws -> Answer {
      try await eventLoop.submit { try body(load.value) }.get()
    }
    try await self.wait({ try await ask(\.strangers) }, orThrow: LoadError.notGreeted)
    // A controller that looks for links between switches may not learn where a new port leads for a moment.
    if options.switches > 1 { try await Task.sleep(for: Self.settling) }
    try await ask { try $0.teach() }
    try await self.wait({ try await ask(\.untaught) }, orThrow: LoadError.notTaught)
    try await ask { $0.start() }
    try await Task.sleep(for: options.warmUp)
    onStart()
    try await ask { $0.beginCounting() }
    try await Task.sleep(for: options.duration)
    try await ask { $0.endCounting() }
    onEnd()
    try await Task.sleep(for: Self.drain)
    let report = try await ask { $0.report() }
    try await ask { $0.close() }
    return report
  }

  /// Whether somebody accepts connections there.
  package static func answers(_ endpoint: SocketEndpoint) async -> Bool {
    let channel = try? await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connectTimeout(.seconds(1)).connect(host: "\(endpoint.address)", port: Int(endpoint.port)).get()
    try? await channel?.close()
    return channel != nil
  }

  private static func wait(
    _ missing: () async throws -> Int, orThrow error: (Int) -> LoadError
  ) async throws {
    let deadline = ContinuousClock.now + Self.patience
    while true {
      let count = try await missing()
      guard count > 0 else { return }
      guard ContinuousClock.now < deadline else { throw error(count) }
      try await Task.sleep(for: .milliseconds(10))
    }
  }
}

/// The connections of a load, on their event loop.
final class LoadConnections {
  private let options: LoadOptions
  private let recorder = SharedRecorder()
  private var handlers: [SwitchLoadHandler] = []

  init(_ options: LoadOptions) { self.options = options }

  func add(to channel: any Channel) throws {
    let datapath = DatapathID(rawValue: self.options.firstDatapath.rawValue &+ UInt64(self.handlers.count))
    let handler = SwitchLoadHandler(
      EmulatedSwitch(datapath: datapath, hosts: self.options.hosts), self.options, recorder: self.recorder)
    self.handlers.append(handler)
    try channel.pipeline.syncOperations.addHandlers(FrameReader(), handler)
  }

  var strangers: Int { self.handlers.count { !$0.hasJoined } }
  var untaught: Int { self.handlers.count { !$0.isTaught } }

  func teach() throws { for handler in self.handlers { try handler.teach() } }
  func start() { for handler in self.handlers { handler.start() } }
  func close() { for handler in self.handlers { handler.close() } }

  func beginCounting() {
    let expected = Int(self.options.duration / .seconds(1)) * 400_000
    self.recorder.value.beginCounting(at: NIODeadline.now().uptimeNanoseconds, expecting: expected)
  }

  func endCounting() {
    self.recorder.value.endCounting()
    for handler in self.handlers { handler.stop() }
  }

  func report() -> LoadReport {
    for handler in self.handlers {
      if let end = handler.end { self.recorder.value.wasWrong("a connection ended: \(end)") }
    }
    return LoadReport(
      self.options, self.recorder.value, unanswered: self.handlers.reduce(0) { $0 + $1.outstanding })
  }
}

@available(*, unavailable)
extension LoadConnections: Sendable {}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import Glibc
import NIOCore
import NIOPosix
import OpenFlow
import OpenFlowNIO
import Synchronization
import Testing

extension RealConnections {
  /// What many switches, and bad ones, cost: over real sockets.
  @Suite(.serialized, .timeLimit(.minutes(2))) struct LoadTests {
    /// A long message, so that much is sent in little time.
    private static let packet = MessageBody.packetOut(
      PacketOut(actions: [.output(2)], data: Array(repeating: 7, count: 60_000)))

    /// All at once, as after a restart of the controller; and once more, as after its next one.
    @Test func aThousandSwitchesThatReconnectAreServedWithinSeconds() async throws {
      let clients = MultiThreadedEventLoopGroup(numberOfThreads: 1)
      try await RunningServer.run(timing: ConnectionTiming(handshakeTimeout: .seconds(30))) { running in
        for round in 1...2 {
          let clock = ContinuousClock.now
          let channels = try await Self.connect(1000, to: running.port, clients)
          var connected: Set<DatapathID> = []
          for await item in running.reports {
            if case .connected = item.report { connected.insert(item.datapath) }
            if connected.count == 1000 { break }
          }
          #expect(ContinuousClock.now - clock < .seconds(20), "round \(round)")
          #expect(try await running.onLoop { $0.statuses.count } == 1000)
          for channel in channels { channel.close(promise: nil) }
          // The seats are free when their holders' ends are known.
          var closed = 0
          for await item in running.reports {
            if case .closed = item.report { closed += 1 }
            if closed == 1000 { break }
          }
        }
      }
      try await clients.shutdownGracefully()
    }

    private static func connect(_ count: Int, to port: Int, _ clients: MultiThreadedEventLoopGroup) async throws
      -> [any Channel]
    {
      try await withThrowingTaskGroup(of: (any Channel).self) { tasks in
        for index in 1...count {
          tasks.addTask {
            try await LoopbackSwitch.connect(DatapathID(rawValue: UInt64(index)), to: port, on: clients.next())
          }
        }
        return try await tasks.reduce(into: []) { $0.append($1) }
      }
    }

    /// A switch that does not read what it is sent is given up at the limit.
    @Test func aSwitchThatDoesNotReadCostsBoundedMemory() async throws {
      let clients = MultiThreadedEventLoopGroup(numberOfThreads: 1)
      let limit = 4 << 20
      try await RunningServer.run(limits: ConnectionLimits(maximumUnsent: limit)) { running in
        let datapath = DatapathID(rawValue: 1)
        let channel = try await LoopbackSwitch.connect(datapath, to: running.port, on: clients.next())
        try await running.first { if case .connected = $0.report { () } else { nil } }
        try await channel.setOption(.autoRead, value: false).get()
        let part = Array(repeating: Self.packet, count: 8)
        var greatest = 0
        for _ in 0..<1000 {
          try await running.perform(.send(part), on: datapath)
          guard let status = try await running.onLoop({ $0.statuses.first }) else { break }
          greatest = max(greatest, status.unsentBytes)
        }
        let reason = try await running.first { item -> String? in
          if case .closed(let reason) = item.report { reason } else { nil }
        }
        #expect(reason.contains("reads too slowly"))
        #expect(reason.contains("\(limit) are allowed"))
        #expect(greatest > 1 << 20)
        #expect(greatest <= limit)
      }
      try await clients.shutdownGracefully()
    }

    /// Below that limit it is given up when it has taken nothing for long.
    @Test func aSwitchThatTakesNothingIsGivenUp() async throws {
      let clients = MultiThreadedEventLoopGroup(numberOfThreads: 1)
      let timing = ConnectionTiming(echoInterval: .milliseconds(100), deadAfter: .milliseconds(1500))
      try await RunningServer.run(timing: timing) { running in
        let datapath = DatapathID(rawValue: 1)
        let channel = try await LoopbackSwitch.connect(datapath, to: running.port, on: clients.next())
        try await running.first { if case .connected = $0.report { () } else { nil } }
        try await channel.setOption(.autoRead, value: false).get()
        // It still sends, and is not silent.
        let chatter = clients.next().scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(50)) { _ in
          channel.writeAndFlush(LoopbackSwitch.encode(1, .echoRequest([])), promise: nil)
        }
        try await running.perform(.send(Array(repeating: Self.packet, count: 300)), on: datapath)
        let reason = try await running.first { item -> String? in
          if case .closed(let reason) = item.report { reason } else { nil }
        }
        chatter.cancel()
        #expect(reason.contains("it took none for 1.5 seconds"))
      }
      try await clients.shutdownGracefully()
    }

    /// One switch sends PACKET_INs as fast as it can; another one is served all the same.
    @Test func aFloodDoesNotStarveTheOthers() async throws {
      let clients = MultiThreadedEventLoopGroup(numberOfThreads: 2)
      // Long enough that it is the flood that is tested, not the end of it.
      let limits = ConnectionLimits(maximumUnsent: 512 << 20)
      try await RunningServer.run(limits: limits) { running in
        let flooding = DatapathID(rawValue: 1)
        let channel = try await LoopbackSwitch.connect(flooding, to: running.port, on: clients.next())
        try await running.first { if case .connected = $0.report { () } else { nil } }
        let flood = try await Flood.start(on: channel)
        let victim = try await LoopbackSwitch.connect(DatapathID(rawValue: 2), to: running.port, on: clients.next())
        let probe = RoundTrips(count: 200)
        try await victim.eventLoop.submit { try victim.pipeline.syncOperations.addHandler(probe.handler()) }.get()
        let times = try await probe.run(on: victim)
        let status = try #require(try await running.onLoop { $0.statuses.first })
        #expect(status.counters.packetIns > 1000)
        // A turn takes about a millisecond; the machine may be busy.
        #expect(times[times.count / 2] < .milliseconds(50))
        flood.stop()
      }
      try await clients.shutdownGracefully()
    }
  }
}

/// PACKET_INs without end, as fast as the connection takes them.
private final class Flood: Sendable {
  private let chunk: ByteBuffer
  private let isOver = Mutex(false)

  static func start(on channel: any Channel) async throws -> Flood {
    let packet = PacketIn(
      totalLength: 60, reason: .tableMiss, tableID: 0, cookie: 0, match: [.inPort(1)],
      data: Array(repeating: 7, count: 60))
    let one = LoopbackSwitch.encode(0, .packetIn(packet))
    var chunk = ByteBuffer()
    for _ in 0..<500 { chunk.writeImmutableBuffer(one) }
    let flood = Flood(chunk)
    try await channel.eventLoop.submit { flood.pour(channel) }.get()
    return flood
  }

  private init(_ chunk: ByteBuffer) { self.chunk = chunk }

  func stop() { self.isOver.withLock { $0 = true } }

  private func pour(_ channel: any Channel) {
    guard channel.isActive, !self.isOver.withLock({ $0 }) else { return }
    channel.writeAndFlush(self.chunk).whenSuccess { self.pour(channel) }
  }
}

/// Echo requests, one after the other, and how long their answers take.
private final class RoundTrips: Sendable {
  private let count: Int
  private let times = Mutex<[Duration]>([])
  private let sent = Mutex(ContinuousClock.now)
  private let stream: AsyncStream<Void>
  private let done: AsyncStream<Void>.Continuation

  init(count: Int) {
    self.count = count
    (self.stream, self.done) = AsyncStream.makeStream(of: Void.self)
  }

  func handler() -> some ChannelInboundHandler & Sendable { Handler(trips: self) }

  /// In ascending order.
  func run(on channel: any Channel) async throws -> [Duration] {
    self.ask(channel)
    for await _ in self.stream {}
    return self.times.withLock { $0.sorted() }
  }

  private func ask(_ channel: any Channel) {
    self.sent.withLock { $0 = .now }
    channel.writeAndFlush(LoopbackSwitch.encode(5, .echoRequest([])), promise: nil)
  }

  fileprivate func answered(_ channel: any Channel) {
    let time = ContinuousClock.now - self.sent.withLock { $0 }
    let count = self.times.withLock { times in
      times.append(time)
      return times.count
    }
    if count < self.count { self.ask(channel) } else { self.done.finish() }
  }

  private final class Handler: ChannelInboundHandler, Sendable {
    typealias InboundIn = Never
    let trips: RoundTrips
    init(trips: RoundTrips) { self.trips = trips }
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if event is EchoAnswered { self.trips.answered(context.channel) }
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ControlPlane
import Floodlight
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import OpenFlow
import StaticEntries
import Synchronization

/// A controller of which only the book of entries is there.
final class BookSurface: FloodlightSurface {
  private let state = Mutex((book: EntryBook(), warnings: [String]()))
  /// What is said of every order instead; nil: what the book says.
  let outcome: EntryOutcome?
  /// Answers come later, and in another order than the questions.
  let isSlow: Bool

  init(outcome: EntryOutcome? = nil, isSlow: Bool = false) {
    self.outcome = outcome
    self.isSlow = isSlow
  }

  static let datapath = DatapathID(rawValue: 0xb1)

  var book: EntryBook { self.state.withLock { $0.book } }
  var warnings: [String] { self.state.withLock { $0.warnings } }

  func order(_ orders: [EntryOrder]) {
    for order in orders {
      let outcome = self.outcome ?? self.take(order.change)
      guard self.isSlow else {
        order.answer(outcome)
        continue
      }
      let delay = Int64.random(in: 0...3)
      MultiThreadedEventLoopGroup.singleton.next().scheduleTask(in: .milliseconds(delay)) { order.answer(outcome) }
    }
  }

  private func take(_ change: EntryChange) -> EntryOutcome {
    self.state.withLock { state in
      if let entry = change.puts.first(where: { $0.datapath != Self.datapath }) {
        return .rejected([EntryRejection(index: 0, problem: .unknownSwitch(entry.datapath))])
      }
      var change = change
      change.deletes.removeAll { state.book[$0] == nil }
      state.book.apply(change)
      return .done(EntryReceipt())
    }
  }

  func entries(on datapath: DatapathID?) async -> [EntryView] {
    self.book.entries.values.filter { datapath == nil || $0.datapath == datapath }.sorted { $0.name < $1.name }
      .map { EntryView(entry: $0, state: .installed) }
  }

  func switches() async -> [FloodlightSwitch] {
    [
      FloodlightSwitch(
        datapath: Self.datapath, peer: "127.0.0.1:45192", connectedSince: 1_795_337_796_669, version: .v1_3,
        isMaster: true)
    ]
  }

  func ask(_ datapath: DatapathID, _ request: MessageBody) async -> [MessageBody]? {
    guard datapath == Self.datapath, case .multipartRequest(let request) = request else {
      return datapath == Self.datapath ? [.featuresReply(Self.features)] : nil
    }
    return Self.replies(to: request.body).map { .multipartReply(MultipartReply($0)) }
  }

  func leads() async -> Bool { true }
  func warn(_ text: String) { self.state.withLock { $0.warnings.append(text) } }

  private static let features = FeaturesReply(
    datapathID: datapath, bufferCount: 0, tableCount: 254,
    capabilities: [.flowStatistics, .tableStatistics, .portStatistics, .queueStatistics, .groupStatistics])

  private static func replies(to body: MultipartRequest.Body) -> [MultipartReply.Body] {
    switch body {
    case .aggregate: [.aggregate(AggregateStatistics(flowCount: 2))]
    case .description:
      [
        .description(
          SwitchDescription(
            manufacturer: "Nicira, Inc.", hardware: "Open vSwitch", software: "3.1.0", serialNumber: "None",
            datapath: "None"))
      ]
    case .tableStatistics:
      [.tableStatistics([TableStatistics(tableID: 0, activeCount: 2, lookupCount: 7288, matchedCount: 7217)])]
    case .flows:
      [
        .flows([
          FlowStatistics(
            tableID: 0, priority: 0, cookie: 0, flags: [.sendFlowRemoved], match: .any,
            instructions: [.applyActions([.output(port: .controller)])],
            counters: FlowCounters(durationSeconds: 2, durationNanoseconds: 822_000_000))
        ])
      ]
    case .groupStatistics: [.groupStatistics([])]
    case .groupDescriptions: [.groupDescriptions([])]
    default: []
    }
  }
}

/// The API on loopback, and a client that says what it means byte for byte.
struct Desk {
  let surface: BookSurface
  let endpoint: SocketEndpoint

  static func with(
    _ surface: BookSurface = BookSurface(), token: String? = nil,
    _ body: @Sendable @escaping (Desk) async throws -> Void
  ) async throws {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let server = FloodlightServer(
      surface: surface, at: SocketEndpoint("127.0.0.1:0")!, token: token, version: "0.1.0",
      started: 1_795_337_764_000, memory: { (2000, 500) }, now: { 1_795_337_800_138 },
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
    let (bound, found) = AsyncStream.makeStream(of: SocketEndpoint.self)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try? await server.run { endpoint in found.yield(endpoint) }
        found.finish()
      }
      for await endpoint in bound.prefix(1) { try await body(Desk(surface: surface, endpoint: endpoint)) }
      group.cancelAll()
      try await group.waitForAll()
    }
  }

  typealias Request = (method: HTTPMethod, path: String, body: String)

  struct Answer: Equatable {
    var status: UInt
    var contentType: String?
    var body: String
    var headers: [String: String] = [:]

    static func == (a: Answer, b: Answer) -> Bool {
      a.status == b.status && a.contentType == b.contentType && a.body == b.body
    }
  }

  /// Sends requests one behind the other without waiting, and reads as many answers.
  func send(
    _ requests: [Request], headers: [(String, String)] = []
  ) async throws -> [Answer] {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: Int(self.endpoint.port)) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
            wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      for request in requests {
        var fields = HTTPHeaders([("Host", "127.0.0.1"), ("Content-Length", "\(request.body.utf8.count)")])
        for (name, value) in headers { fields.add(name: name, value: value) }
        try await outbound.write(
          .head(HTTPRequestHead(version: .http1_1, method: request.method, uri: request.path, headers: fields)))
        try await outbound.write(.body(.byteBuffer(ByteBuffer(string: request.body))))
        try await outbound.write(.end(nil))
      }
      var answers: [Answer] = []
      var answer = Answer(status: 0, contentType: nil, body: "")
      for try await part in inbound {
        switch part {
        case .head(let head):
          answer = Answer(status: head.status.code, contentType: head.headers.first(name: "Content-Type"), body: "")
          for (name, value) in head.headers { answer.headers[name] = value }
        case .body(let bytes): answer.body += String(buffer: bytes)
        case .end:
          answers.append(answer)
          if answers.count == requests.count { return answers }
        }
      }
      return answers
    }
  }

  func post(_ body: String, to path: String = "/wm/staticentrypusher/json") async throws -> Answer {
    try await self.send([(.POST, path, body)])[0]
  }

  func get(_ path: String) async throws -> Answer { try await self.send([(.GET, path, "")])[0] }
}

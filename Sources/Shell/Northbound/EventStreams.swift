// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ServiceModel
import ControlPlane
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle
import Synchronization

/// Server-sent events (WHATWG HTML, 9.2) from the event log.
///
/// A stream has no queue: it pulls from the log what its client has room for. A client that is too slow is told of
/// the gap; one that takes nothing for long is disconnected by ``StalledClientHandler`` and comes back with
/// `Last-Event-ID`.
final class EventStreams: Sendable {
  /// Streams at one time.
  static let limit = 64
  /// Records that are written at a time.
  private static let batch = 256

  let log: EventLog
  private let keepAlive: Duration
  private let open = Atomic(0)

  /// - Parameter keepAlive: after this long without an event a comment is sent, so that proxies and clients see that
  ///   the connection lives.
  init(log: EventLog, keepAlive: Duration) {
    self.log = log
    self.keepAlive = keepAlive
  }

  /// - Parameter cursor: what the client has seen last; nil: it wants only what comes from now on.
  func response(after cursor: EventCursor?) throws(Problem) -> Response {
    guard self.open.load(ordering: .relaxed) < Self.limit else {
      throw Problem(
        status: .serviceUnavailable, code: "too-many-streams",
        detail: "\(Self.limit) event streams are open, which is the most at one time; try later",
        headers: [.retryAfter: "5"])
    }
    let start = cursor ?? self.log.end
    let body = ResponseBody { writer in
      self.open.add(1, ordering: .relaxed)
      defer { self.open.subtract(1, ordering: .relaxed) }
      try await self.write(to: &writer, from: start)
      try await writer.finish(nil)
    }
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
  }

  /// Returns when the server shuts down; throws when the client is gone.
  @concurrent
  private func write(to writer: inout any ResponseBodyWriter, from start: EventCursor) async throws {
    // Something at once, so that the client has the headers; clients wait this many milliseconds to reconnect.
    try await writer.write(ByteBuffer(string: "retry: 1000\n\n"))
    var cursor = start
    while !Task.isShuttingDownGracefully {
      try Task.checkCancellation()
      let page = self.log.page(after: cursor, limit: Self.batch)
      cursor = page.next
      if page.gap == nil && page.records.isEmpty {
        if await !self.hasNews(after: cursor) { try await writer.write(ByteBuffer(string: ": keep-alive\n\n")) }
      } else {
        try await writer.write(ByteBuffer(string: try page.serverSentText))
      }
    }
  }

  /// False if there was nothing for the time of `keepAlive`.
  private func hasNews(after cursor: EventCursor) async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        await cancelWhenGracefulShutdown { await self.log.waitForEvent(after: cursor.id) }
        return true
      }
      group.addTask {
        (try? await Task.sleep(for: self.keepAlive)) == nil
      }
      let isNews = await group.next() ?? true
      group.cancelAll()
      return isNews
    }
  }
}

extension EventPage {
  /// A gap, if there is one, then each record.
  fileprivate var serverSentText: String {
    get throws {
      var text = ""
      if let gap = self.gap {
        text += "event: gap\ndata: \(try line(GapResource(gap)))\n\n"
      }
      for record in self.records {
        let cursor = EventCursor(run: self.next.run, id: record.id)
        text += "id: \(cursor)\nevent: \(record.decision.kind)\ndata: \(try line(EventResource(record)))\n\n"
      }
      return text
    }
  }

  private func line(_ value: some Encodable) throws -> String {
    String(decoding: try JSON.encode(value, as: .compact), as: UTF8.self)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ControlPlane
import NIOCore
import Northbound
import Outbound
import ServiceModel
import Testing

/// Server-sent events, from the event log to what a client reads.
@Suite(.timeLimit(.minutes(1))) struct EventStreamTests {
  private func event(_ message: ServerSentEvent) throws -> EventResource {
    try JSON.decode(EventResource.self, from: Array(message.data.utf8))
  }

  @Test func beginsAfterTheCursorAndGoesOn() async throws {
    let surface = FixedSurface(view: .healthy)
    surface.events.fill(3)
    try await RunningServer.with(surface) { server in
      try await HTTPOutbound.withClient { client in
        let stream = try await client.events(
          "\(server.url)/v1/events/stream", lastEventID: "\(FixedSurface.run)-1")
        var ids: [String?] = []
        for try await message in stream {
          #expect(message.event == "agent-heard")
          #expect(message.id == "\(FixedSurface.run)-\(try self.event(message).id)")
          ids.append(message.id)
          if ids.count == 2 { surface.events.fill(1) }
          if ids.count == 3 { break }
        }
        #expect(ids == (2...4).map { "\(FixedSurface.run)-\($0)" })
      }
    }
  }

  @Test func acceptHeaderChoosesTheStream() async throws {
    let surface = FixedSurface(view: .healthy)
    surface.events.fill(3)
    try await RunningServer.with(surface) { server in
      let text = try await RawConnection.with(server.api) { connection in
        try await connection.send(
          "GET /v1/events?after=2 HTTP/1.1\r\nHost: localhost\r\nAccept: application/json;q=0.5, text/event-stream\r\n\r\n"
        )
        return try await connection.read { $0.contains("data:") }
      }
      #expect(RawAnswer(text).headers["content-type"] == "text/event-stream")
      #expect(text.contains("id: \(FixedSurface.run)-3\n"))
    }
  }

  @Test func withoutCursorOnlyNewEventsCome() async throws {
    let surface = FixedSurface(view: .healthy)
    surface.events.fill(3)
    try await RunningServer.with(surface) { server in
      try await HTTPOutbound.withClient { client in
        let stream = try await client.events("\(server.url)/v1/events/stream")
        surface.events.fill(1)
        for try await message in stream {
          #expect(try self.event(message).id == 4)
          break
        }
      }
    }
  }

  @Test func aClientOfAnotherRunIsTold() async throws {
    let surface = FixedSurface(view: .healthy)
    surface.events.fill(1)
    try await RunningServer.with(surface) { server in
      try await HTTPOutbound.withClient { client in
        let stream = try await client.events("\(server.url)/v1/events/stream", lastEventID: "1-500")
        var kinds: [String] = []
        for try await message in stream {
          kinds.append(message.event)
          if kinds.count == 2 { break }
        }
        #expect(kinds == ["gap", "agent-heard"])
      }
    }
  }

  /// A client that does not read while far more happens than its connection and the log hold.
  @Test func aSlowReaderGetsGapsAndEverythingElse() async throws {
    let appended = 100_000
    let surface = FixedSurface(view: .healthy, events: EventLog(run: FixedSurface.run, capacity: 1000))
    try await RunningServer.with(surface) { server in
      try await RawConnection.with(server.api) { connection in
        try await connection.send("GET /v1/events/stream?after=0 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        surface.events.fill(appended)

        var (received, missed, last) = (0, UInt64(0), UInt64(0))
        var parser = ServerSentEventParser()
        reading: for try await bytes in connection.inbound {
          // The sizes of chunks, and the header, are to the parser fields that it does not know.
          for message in try parser.read(bytes.readableBytesView) {
            if message.event == "gap" {
              missed += try JSON.decode(GapResource.self, from: Array(message.data.utf8)).missed ?? 0
            } else {
              received += 1
              let id = try self.event(message).id
              #expect(id > last)
              last = id
            }
          }
          if last == appended { break reading }
        }
        #expect(missed > 0)
        #expect(received + Int(missed) == appended)
      }
    }
  }

  @Test func aQuietStreamSaysThatItLives() async throws {
    try await RunningServer.with(FixedSurface(view: .healthy), keepAlive: .milliseconds(20)) { server in
      let text = try await RawConnection.with(server.api) { connection in
        try await connection.send("GET /v1/events/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return try await connection.read { $0.contains(": keep-alive") }
      }
      #expect(text.contains(": keep-alive\n\n"))
    }
  }

  @Test func thereAreOnlySoManyStreams() async throws {
    try await RunningServer.with(FixedSurface(view: .healthy)) { server in
      /// Opens one within the other, so that all are open at the innermost.
      @Sendable func open(_ count: Int) async throws -> RawAnswer {
        guard count > 0 else { return try await RawAnswer.to("GET /v1/events/stream", at: server.api) }
        return try await RawConnection.with(server.api) { connection in
          try await connection.send("GET /v1/events/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
          _ = try await connection.read { $0.contains("retry:") }
          return try await open(count - 1)
        }
      }
      let refusal = try await open(64)
      #expect(refusal.status == 503)
      #expect(refusal.headers["retry-after"] == "5")
      #expect(try await RawAnswer.to("GET /v1/status", at: server.api).status == 200)
    }
  }

  @Test func whatIsNoStreamIsRefused() async throws {
    try await RunningServer.with(FixedSurface(view: .healthy)) { server in
      try await HTTPOutbound.withClient { client in
        let error = await #expect(throws: HTTPOutboundError.self) {
          _ = try await client.events("\(server.url)/v1/events/stream", lastEventID: "x")
        }
        guard case .refused(let answer)? = error else { return #expect(Bool(false), "\(String(describing: error))") }
        #expect(answer.status == 400)
        #expect(answer.contentType == ProblemResource.contentType)
      }
    }
  }

  /// `RunningServer` shuts down gracefully while the stream is open; the test would hang if the stream held it up.
  @Test func shutdownEndsTheStream() async throws {
    let surface = FixedSurface(view: .healthy)
    let (started, continuation) = AsyncStream.makeStream(of: Void.self)
    let (servers, serverContinuation) = AsyncStream.makeStream(of: RunningServer.self)
    async let reader: Int = HTTPOutbound.withClient { client in
      guard let server = await servers.first(where: { _ in true }) else { return -1 }
      let stream = try await client.events("\(server.url)/v1/events/stream")
      continuation.yield()
      var count = 0
      for try await _ in stream { count += 1 }
      return count
    }
    try await RunningServer.with(surface) { server in
      serverContinuation.yield(server)
      _ = await started.first { _ in true }
    }
    #expect(try await reader == 0)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ArgumentParser
import Console
import Glibc
import Outbound

/// `isthmus events`
struct EventsCommand: ControllerCommand {
  static let configuration = CommandConfiguration(
    commandName: "events", abstract: "Show what the controller decided and learnt, and why.",
    discussion: """
      With --follow it goes on until it is interrupted, reconnects by itself and misses nothing that the controller \
      still knows; --output json then prints one event a line.
      """)

  @Option(help: "Only what came after this: an id of the present run, or the cursor 'next' of an earlier answer.")
  var after: String?

  @Option(help: "At most so many at a time, 1 to 1000.")
  var limit = 100

  @Flag(help: "Go on with what happens from now on.")
  var follow = false

  @OptionGroup var options: ControllerOptions

  func validate() throws {
    guard (1...1000).contains(self.limit) else {
      throw ValidationError("--limit \(self.limit) is not from 1 to 1000")
    }
  }

  func run(with session: Session) async throws {
    let after = self.after.map { "&after=\(pathPart($0))" } ?? ""
    let page = try await session.api.get("/v1/events?limit=\(self.limit)\(after)", as: EventListResource.self)
    guard self.follow else { return session.show(page, EventListResource.text) }

    var follower = EventFollower(session: session, cursor: page.value.next)
    if let gap = page.value.gap { note(gap.text(.plain)) }
    for event in page.value.events { try follower.print(event) }
    try await follower.run()
  }
}

/// Prints events as they come, across lost connections and restarts of the controller.
struct EventFollower {
  /// Between two attempts to reconnect: doubles from the first to the last.
  private static let delays = (first: Duration.seconds(1), last: Duration.seconds(16))

  var session: Session
  /// Of the last event that was printed.
  var cursor: String

  /// Returns never, but by being cancelled or by the controller's refusal.
  mutating func run() async throws {
    var delay = Self.delays.first
    var needsSearch = false
    while true {
      do {
        if needsSearch { self.session.api = try await self.session.search.find() }
        needsSearch = true
        let stream = try await self.session.api.events(after: self.cursor)
        delay = Self.delays.first
        try await self.read(stream)
        note("the controller ended the stream; reconnecting")
      } catch let failure as CommandFailure where failure.status == .unreachable {
        note("\(failure.message); trying again in \(delay.components.seconds) s")
      } catch let error as HTTPOutboundError where error != .cancelled {
        note("connection lost (\(error)); reconnecting")
      }
      try await Task.sleep(for: delay)
      delay = min(delay * 2, Self.delays.last)
    }
  }

  private mutating func read(_ stream: ServerSentEventStream) async throws {
    for try await message in stream {
      let data = Array(message.data.utf8)
      if message.event == "gap" {
        if let gap = try? JSON.decode(GapResource.self, from: data) { note(gap.text(.plain)) }
      } else if let event = try? JSON.decode(EventResource.self, from: data) {
        try self.print(event)
      }
      if let id = message.id { self.cursor = id }
    }
  }

  func print(_ event: EventResource) throws {
    switch self.session.output {
    case .text: Swift.print(event.text(self.session.palette), terminator: "")
    case .json: Swift.print(String(decoding: try JSON.encode(event, as: .compact), as: UTF8.self))
    }
    // Into a pipe, too, when it happens and not when some buffer is full.
    fflush(nil)
  }
}

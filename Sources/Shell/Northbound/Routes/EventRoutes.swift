// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import HTTPTypes
import Hummingbird

func addEventRoutes(to router: Router<BasicRequestContext>, _ streams: EventStreams) {
  router.resource(
    "/v1/events",
    [
      .get: { request, _ in
        let query = try EventQuery(request)
        if request.accepts("text/event-stream") {
          return try streams.response(after: query.after)
        }
        return try .json(EventListResource(streams.log.page(after: query.after, limit: query.limit)))
      }
    ])

  router.resource(
    "/v1/events/stream",
    [.get: { request, _ in try streams.response(after: try EventQuery(request).after) }])
}

/// What a client asks of the history.
private struct EventQuery {
  static let limits = 1...1000
  static let defaultLimit = 100

  var after: EventCursor?
  var limit = Self.defaultLimit

  init(_ request: Request) throws(Problem) {
    let query = try request.query(accepting: ["after", "limit"])
    if let text = query["limit"] {
      guard let limit = Int(text), Self.limits.contains(limit) else {
        throw .badQuery(
          "limit '\(text)' is not a whole number from \(Self.limits.lowerBound) to \(Self.limits.upperBound)")
      }
      self.limit = limit
    }
    // A stream that reconnects repeats its first URL; what it says in the header is newer.
    if let text = request.headers[.lastEventID] {
      guard let cursor = EventCursor(text) else {
        throw .badQuery("Last-Event-ID '\(text)' is not \(EventCursor.accepted)")
      }
      self.after = cursor
    } else if let text = query["after"] {
      guard let cursor = EventCursor(text) else {
        throw .badQuery("after '\(text)' is not \(EventCursor.accepted)")
      }
      self.after = cursor
    }
  }
}

extension HTTPField.Name {
  static var lastEventID: HTTPField.Name { HTTPField.Name("Last-Event-ID")! }
}

extension Request {
  fileprivate func accepts(_ type: String) -> Bool {
    self.headers[values: .accept].contains { field in
      field.split(separator: ",").contains { $0.prefix { $0 != ";" }.filter { $0 != " " } == type }
    }
  }
}

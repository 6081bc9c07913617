// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore

/// Events as the server sends them. Ends when the server ends it; throws when the connection is lost.
package struct ServerSentEventStream: AsyncSequence, Sendable {
  package typealias Element = ServerSentEvent
  package typealias Failure = HTTPOutboundError

  package static let contentType = "text/event-stream"

  let body: HTTPClientResponse.Body

  package func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(body: self.body.makeAsyncIterator())
  }

  package struct AsyncIterator: AsyncIteratorProtocol {
    private var body: HTTPClientResponse.Body.AsyncIterator
    private var parser = ServerSentEventParser()
    private var pending: ArraySlice<ServerSentEvent> = []

    fileprivate init(body: HTTPClientResponse.Body.AsyncIterator) {
      self.body = body
    }

    @concurrent
    package mutating func next() async throws(HTTPOutboundError) -> ServerSentEvent? {
      do {
        while self.pending.isEmpty {
          guard let bytes = try await self.body.next() else { return nil }
          self.pending = try self.parser.read(bytes.readableBytesView)[...]
        }
      } catch is ServerSentEventParser.TooLong {
        throw .malformed("an event of more than \(ServerSentEventParser.limit) bytes")
      } catch {
        throw HTTPOutboundError(error)
      }
      return self.pending.popFirst()
    }
  }
}

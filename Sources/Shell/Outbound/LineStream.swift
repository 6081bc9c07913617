// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore

/// The lines of an answer as the server sends them, without their ends. Ends when the server ends it; throws when the
/// connection is lost. What follows the last LF is no line.
package struct LineStream: AsyncSequence, Sendable {
  package typealias Element = [UInt8]
  package typealias Failure = HTTPOutboundError

  let body: HTTPClientResponse.Body
  /// Bytes of one line.
  let limit: Int

  package func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(body: self.body.makeAsyncIterator(), splitter: LineSplitter(limit: self.limit))
  }

  package struct AsyncIterator: AsyncIteratorProtocol {
    private var body: HTTPClientResponse.Body.AsyncIterator
    private var splitter: LineSplitter
    private var pending: ArraySlice<[UInt8]> = []

    fileprivate init(body: HTTPClientResponse.Body.AsyncIterator, splitter: LineSplitter) {
      self.body = body
      self.splitter = splitter
    }

    /// - Throws: `.tooLarge` for a line that is longer than the limit.
    @concurrent
    package mutating func next() async throws(HTTPOutboundError) -> [UInt8]? {
      do {
        while self.pending.isEmpty {
          guard let bytes = try await self.body.next() else { return nil }
          self.pending = try self.splitter.read(bytes.readableBytesView)[...]
        }
      } catch {
        throw HTTPOutboundError(error)
      }
      return self.pending.popFirst()
    }
  }
}

/// Bytes into lines that end in LF, however they are cut.
package struct LineSplitter: Sendable {
  private let limit: Int
  private var line: [UInt8] = []

  /// - Parameter limit: bytes of one line.
  package init(limit: Int) {
    self.limit = limit
  }

  /// - Returns: the lines that these bytes complete.
  package mutating func read(
    _ bytes: some Collection<UInt8>
  ) throws(HTTPOutboundError) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var rest = bytes[...]
    while let end = rest.firstIndex(of: 0x0a) {
      try self.append(rest[..<end])
      lines.append(self.line)
      self.line = []
      rest = rest[end...].dropFirst()
    }
    try self.append(rest)
    return lines
  }

  private mutating func append(_ bytes: some Collection<UInt8>) throws(HTTPOutboundError) {
    guard self.line.count + bytes.count <= self.limit else { throw .tooLarge(self.limit) }
    self.line.append(contentsOf: bytes)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
package import NIOCore
import NIOHTTP1

/// HTTP requests to others, with limits of time and size that nobody can forget. The only user of AsyncHTTPClient.
///
/// No redirects are followed, no proxy is used, and a connection that fails is reported, not tried again.
package struct HTTPOutbound: Sendable {
  private let client: HTTPClient

  /// Runs `body` with a client and closes its connections afterwards.
  ///
  /// - Parameter tls: read once, now; nil: the system's authorities, and no certificate of ours.
  /// - Throws: `HTTPOutboundError.badTLSFile`, or what `body` throws.
  @discardableResult
  package static func withClient<Result: Sendable>(
    tls: ClientTLSFiles? = nil, on eventLoopGroup: any EventLoopGroup = HTTPClient.defaultEventLoopGroup,
    _ body: (HTTPOutbound) async throws -> Result
  ) async throws -> Result {
    var configuration = HTTPClient.Configuration()
    configuration.tlsConfiguration = try tls?.configuration()
    configuration.httpVersion = .http1Only
    configuration.redirectConfiguration = .disallow
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.timeout.connect = .seconds(5)
    // Event streams send something every 15 s; this is what tells a dead one from a quiet one.
    configuration.timeout.read = .seconds(45)
    let client = HTTPClient(eventLoopGroup: eventLoopGroup, configuration: configuration)
    do {
      let result = try await body(HTTPOutbound(client: client))
      try await client.shutdown()
      return result
    } catch {
      try? await client.shutdown()
      throw error
    }
  }

  private init(client: HTTPClient) {
    self.client = client
  }

  /// - Parameters:
  ///   - timeLimit: from now to the last byte of the answer.
  ///   - bodyLimit: bytes of the answer.
  package func get(
    _ url: String, headers: [(name: String, value: String)] = [], timeLimit: Duration = .seconds(10),
    bodyLimit: Int = 16 << 20
  ) async throws(HTTPOutboundError) -> HTTPAnswer {
    try await self.perform(
      try self.request(.GET, url, headers: headers), timeLimit: timeLimit, bodyLimit: bodyLimit)
  }

  /// Like `get`, with a body to send; an empty one is sent as none.
  package func post(
    _ url: String, body: [UInt8] = [], headers: [(name: String, value: String)] = [],
    timeLimit: Duration = .seconds(10), bodyLimit: Int = 16 << 20
  ) async throws(HTTPOutboundError) -> HTTPAnswer {
    var request = try self.request(.POST, url, headers: headers)
    if !body.isEmpty { request.body = .bytes(body) }
    return try await self.perform(request, timeLimit: timeLimit, bodyLimit: bodyLimit)
  }

  /// Like `post`.
  package func delete(
    _ url: String, body: [UInt8] = [], headers: [(name: String, value: String)] = [],
    timeLimit: Duration = .seconds(10), bodyLimit: Int = 16 << 20
  ) async throws(HTTPOutboundError) -> HTTPAnswer {
    var request = try self.request(.DELETE, url, headers: headers)
    if !body.isEmpty { request.body = .bytes(body) }
    return try await self.perform(request, timeLimit: timeLimit, bodyLimit: bodyLimit)
  }

  /// With any method, and the answer's header fields.
  ///
  /// - Parameter method: `GET`, `PUT`, …
  package func send(
    _ method: String, _ url: String, body: [UInt8] = [], headers: [(name: String, value: String)] = [],
    timeLimit: Duration = .seconds(10), bodyLimit: Int = 16 << 20
  ) async throws(HTTPOutboundError) -> HTTPAnswer {
    var request = try self.request(HTTPMethod(rawValue: method), url, headers: headers)
    if !body.isEmpty { request.body = .bytes(body) }
    return try await self.perform(request, timeLimit: timeLimit, bodyLimit: bodyLimit)
  }

  /// Opens a stream of server-sent events.
  ///
  /// - Parameter lastEventID: the id of the last event that was received; nil: whatever the server begins with.
  package func events(
    _ url: String, lastEventID: String? = nil, timeLimit: Duration = .seconds(10)
  ) async throws(HTTPOutboundError) -> ServerSentEventStream {
    var request = try self.request(.GET, url, headers: [("Accept", ServerSentEventStream.contentType)])
    if let lastEventID { request.headers.add(name: "Last-Event-ID", value: lastEventID) }
    let sent = request
    let response = try await withTimeLimit(timeLimit) { try await self.client.execute(sent, deadline: .distantFuture) }
    let answer = HTTPAnswer(status: Int(response.status.code), contentType: response.contentType, body: [])
    guard answer.status == 200, answer.contentType == ServerSentEventStream.contentType else {
      let body = try await withTimeLimit(timeLimit) { try await response.collect(upTo: 64 << 10) }
      throw .refused(HTTPAnswer(status: answer.status, contentType: answer.contentType, body: body))
    }
    return ServerSentEventStream(body: response.body)
  }

  /// Sends `body` and reads the answer line by line, as it comes.
  ///
  /// - Parameters:
  ///   - timeLimit: from now to the head of the answer.
  ///   - lineLimit: bytes of one line.
  package func lines(
    _ url: String, body: [UInt8], headers: [(name: String, value: String)] = [],
    timeLimit: Duration = .seconds(10), lineLimit: Int = 1 << 20
  ) async throws(HTTPOutboundError) -> LineStream {
    var request = try self.request(.POST, url, headers: headers)
    request.body = .bytes(body)
    let sent = request
    let response = try await withTimeLimit(timeLimit) { try await self.client.execute(sent, deadline: .distantFuture) }
    guard response.status == .ok else {
      let body = try await withTimeLimit(timeLimit) { try await response.collect(upTo: 64 << 10) }
      throw .refused(
        HTTPAnswer(status: Int(response.status.code), contentType: response.contentType, body: body))
    }
    return LineStream(body: response.body, limit: lineLimit)
  }

  private func request(
    _ method: HTTPMethod, _ url: String, headers: [(name: String, value: String)]
  ) throws(HTTPOutboundError) -> HTTPClientRequest {
    guard url.hasPrefix("http://") || url.hasPrefix("https://") else { throw .badURL(url) }
    var request = HTTPClientRequest(url: url)
    request.method = method
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    return request
  }

  private func perform(
    _ request: HTTPClientRequest, timeLimit: Duration, bodyLimit: Int
  ) async throws(HTTPOutboundError) -> HTTPAnswer {
    try await withTimeLimit(timeLimit) {
      let response = try await self.client.execute(request, deadline: .distantFuture)
      return HTTPAnswer(
        status: Int(response.status.code), contentType: response.contentType,
        body: try await response.collect(upTo: bodyLimit),
        fields: Dictionary(
          response.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first }))
    }
  }
}

/// A whole answer, whatever its status.
package struct HTTPAnswer: Sendable, Equatable {
  package var status: Int
  /// Without parameters, in lower case.
  package var contentType: String?
  package var body: [UInt8]
  /// The header, by names in lower case; the first of each.
  package var fields: [String: String]

  package init(status: Int, contentType: String?, body: [UInt8], fields: [String: String] = [:]) {
    self.status = status
    self.contentType = contentType
    self.body = body
    self.fields = fields
  }
}

extension HTTPClientResponse {
  fileprivate var contentType: String? {
    self.headers.first(name: "Content-Type").map { String($0.prefix { $0 != ";" }).lowercased() }
  }

  fileprivate func collect(upTo limit: Int) async throws -> [UInt8] {
    do {
      return Array(try await self.body.collect(upTo: limit).readableBytesView)
    } catch is NIOTooManyBytesError {
      throw HTTPOutboundError.tooLarge(limit)
    }
  }
}

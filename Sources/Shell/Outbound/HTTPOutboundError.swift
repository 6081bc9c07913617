// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// Why there is no answer to a request.
package enum HTTPOutboundError: Error, Sendable, Equatable, CustomStringConvertible {
  case badURL(String)
  /// A file of `ClientTLSFiles` that cannot be used.
  case badTLSFile(String, problem: String)
  /// No connection, so nothing was sent: nobody listens, no route, no such name, or no TLS.
  case cannotConnect(String)
  case timedOut
  /// The answer is longer than the limit, in bytes.
  case tooLarge(Int)
  /// The connection ended within the answer.
  case closed
  /// An answer, but not the stream that was asked for.
  case refused(HTTPAnswer)
  case cancelled
  /// What came is not HTTP, or not server-sent events.
  case malformed(String)

  package var description: String {
    switch self {
    case .badURL(let url): "'\(url)' is not a URL that begins with http:// or https://"
    case .badTLSFile(let file, let problem): "\(file) \(problem)"
    case .cannotConnect(let why): "no connection: \(why)"
    case .timedOut: "no answer in time"
    case .tooLarge(let limit): "the answer is longer than \(limit) bytes"
    case .closed: "the connection was closed before the end of the answer"
    case .refused(let answer): "answered with status \(answer.status)"
    case .cancelled: "cancelled"
    case .malformed(let what): "malformed answer: \(what)"
    }
  }

  /// Translates what the library throws.
  init(_ error: any Error) {
    switch error {
    case let error as HTTPOutboundError: self = error
    case is CancellationError: self = .cancelled
    case let error as HTTPClientError: self.init(error)
    case let error as NIOConnectionError: self = .cannotConnect(reason(error))
    case let error as IOError: self = isFromConnecting(error) ? .cannotConnect(reason(error)) : .closed
    case let error as NIOSSLError: self = .cannotConnect(TLSFailure.describe(error))
    case let error as BoringSSLError: self = .cannotConnect(TLSFailure.describe(error))
    case let error as ChannelError:
      if case .connectTimeout = error { self = .timedOut } else { self = .closed }
    default: self = .malformed("\(error)")
    }
  }

  private init(_ error: HTTPClientError) {
    switch error {
    case .connectTimeout, .readTimeout, .deadlineExceeded: self = .timedOut
    case .remoteConnectionClosed: self = .closed
    case .cancelled, .alreadyShutdown: self = .cancelled
    case .invalidURL, .emptyHost, .emptyScheme: self = .badURL(error.description)
    default: self = .malformed(error.description)
    }
  }
}

/// The plain words of the system for the last address that was tried.
private func reason(_ error: NIOConnectionError) -> String {
  switch error.connectionErrors.last?.error {
  case let cause as IOError: reason(cause)
  case .some(let cause): "\(cause)"
  case nil: "the name '\(error.host)' has no address"
  }
}

/// Others, as a reset, may come after the request was sent.
private func isFromConnecting(_ error: IOError) -> Bool {
  [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH].contains(error.errnoCode)
}

private func reason(_ error: IOError) -> String {
  switch error.errnoCode {
  case ECONNREFUSED: "connection refused"
  case EHOSTUNREACH, ENETUNREACH: "no route"
  case ETIMEDOUT: "timed out"
  default: "\(error)"
  }
}

/// Runs `work` and cancels it when the time is up.
func withTimeLimit<Result: Sendable>(
  _ limit: Duration, _ work: @escaping @Sendable () async throws -> Result
) async throws(HTTPOutboundError) -> Result {
  do {
    return try await withThrowingTaskGroup(of: Result?.self) { group in
      group.addTask { try await work() }
      group.addTask {
        try await Task.sleep(for: limit)
        return nil
      }
      defer { group.cancelAll() }
      guard let first = try await group.next(), let result = first else { throw HTTPOutboundError.timedOut }
      return result
    }
  } catch {
    throw HTTPOutboundError(error)
  }
}

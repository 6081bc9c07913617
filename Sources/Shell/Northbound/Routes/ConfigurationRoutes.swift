// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

func addConfigurationRoutes(to router: Router<BasicRequestContext>, _ surface: some ControlSurface) {
  let turn = OneTurn()
  router.resource(
    "/v1/configuration",
    [
      .get: { _, _ in try .json(ConfigurationResource(await surface.configuration())) },
      .post: { request, _ in
        let query = try ConfigurationQuery(request)
        let text = try await turn.take { try await body(of: request) }
        let proposal = ConfigurationProposal(
          text: text, file: query.file, revision: query.revision, isTrial: query.isTrial)
        switch await surface.configure(proposal) {
        case .accepted(let revision, let changes):
          return try .json(
            ConfigurationCommandResource(
              applied: !query.isTrial, revision: revision, changes: changes,
              links: ["configuration": Path.configuration, "events": "/v1/events"]))
        case .rejected(let detail):
          throw Problem(status: .unprocessableContent, code: "configuration-rejected", detail: detail)
        case .conflict(let detail): throw Problem(status: .conflict, code: "configuration-conflict", detail: detail)
        case .notKept(let detail): throw Problem.notKept(detail)
        }
      },
    ])
}

/// How a configuration shall be applied.
private struct ConfigurationQuery {
  var file: String
  var revision: UInt64?
  var isTrial: Bool

  init(_ request: Request) throws(Problem) {
    let query = try request.query(accepting: ["dry-run", "file", "revision"])
    self.isTrial = try query.isTrue("dry-run")
    self.file = String((query["file"] ?? "configuration").prefix(1024))
    if let text = query["revision"] {
      guard let revision = UInt64(text) else {
        throw .badQuery("revision '\(text)' is not a whole number, as 'revision' of GET \(Path.configuration) is")
      }
      self.revision = revision
    }
  }
}

private func body(of request: Request) async throws -> String {
  let bytes: ByteBuffer
  do {
    bytes = try await request.body.collect(upTo: HTTPLimits.configurationSize)
  } catch is NIOTooManyBytesError {
    throw Problem(
      status: .contentTooLarge, code: "body-too-large",
      detail: "the body has more than \(HTTPLimits.configurationSize) bytes", headers: [.connection: "close"])
  }
  guard let text = String(validating: bytes.readableBytesView, as: UTF8.self) else {
    throw Problem(status: .badRequest, code: "not-utf8", detail: "the body is no UTF-8")
  }
  return text
}

/// What is large is taken in one at a time.
final class OneTurn: Sendable {
  private let isTaken = Atomic(false)

  /// - Parameter isLarge: else there is no turn to wait for.
  func take<Value: Sendable>(if isLarge: Bool, _ body: () async throws -> Value) async throws -> Value {
    isLarge ? try await self.take(body) : try await body()
  }

  func take<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
    guard !self.isTaken.exchange(true, ordering: .acquiringAndReleasing) else {
      throw Problem(
        status: .serviceUnavailable, code: "busy", detail: "another large request is being sent; try again in a moment",
        headers: [.retryAfter: "1"])
    }
    defer { self.isTaken.store(false, ordering: .releasing) }
    return try await body()
  }
}

extension Problem {
  /// An order that must survive a restart, and that the store does not take.
  static func notKept(_ detail: String) -> Problem {
    Problem(status: .serviceUnavailable, code: "store-unavailable", detail: detail)
  }
}

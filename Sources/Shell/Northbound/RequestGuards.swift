// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import HTTPTypes
import Hummingbird

/// Refuses bodies that are longer than any request needs, before they are read.
struct BodyLimitMiddleware: RouterMiddleware {
  let limit: Int
  /// By path.
  var exceptions: [String: Int] = [:]

  @concurrent
  func handle(
    _ request: Request, context: BasicRequestContext,
    next: @concurrent (Request, BasicRequestContext) async throws -> Response
  ) async throws -> Response {
    let limit = self.exceptions[request.uri.path] ?? self.limit
    if let declared = request.headers[.contentLength].flatMap({ Int($0) }), declared > limit {
      throw Problem(
        status: .contentTooLarge, code: "body-too-large",
        detail: "the body has \(declared) bytes; at most \(limit) are accepted", headers: [.connection: "close"])
    }
    return try await next(request, context)
  }
}

/// Refuses changes that a page in the operator's browser tries behind his back: on loopback the API asks for no
/// password, and a form needs nobody's consent to be sent there.
struct CrossSiteGuard: RouterMiddleware {
  @concurrent
  func handle(
    _ request: Request, context: BasicRequestContext,
    next: @concurrent (Request, BasicRequestContext) async throws -> Response
  ) async throws -> Response {
    let isSafe = [.get, .head, .options].contains(request.method)
    if !isSafe, let origin = request.headers[.origin] {
      throw Problem(
        status: .forbidden, code: "cross-site", detail: "changes from web pages (Origin: \(origin)) are refused")
    }
    return try await next(request, context)
  }
}

/// Refuses requests to a name that somebody else could have given this machine: a page in the operator's browser may
/// have its own name resolve to the loopback address, and would then read what the API says (DNS rebinding). Addresses
/// and `localhost` cannot be given so.
struct HostGuard: RouterMiddleware {
  @concurrent
  func handle(
    _ request: Request, context: BasicRequestContext,
    next: @concurrent (Request, BasicRequestContext) async throws -> Response
  ) async throws -> Response {
    if let authority = request.head.authority, !Self.isTrusted(authority) {
      throw Problem(
        status: .forbidden, code: "foreign-host",
        detail: "the request is for the host '\(authority.prefix(255))'; accepted are addresses and localhost")
    }
    return try await next(request, context)
  }

  /// `HOST` or `HOST:PORT`, where HOST is `localhost`, an IPv4 address, or an IPv6 address in brackets.
  static func isTrusted(_ authority: String) -> Bool {
    if authority.hasPrefix("[") { return true }
    let host = authority.prefix { $0 != ":" }
    return host.lowercased() == "localhost" || IPv4Address(host) != nil
  }
}

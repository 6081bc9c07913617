// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1

/// A request as the API sees it.
struct FloodlightRequest: Sendable {
  var method: HTTPMethod
  /// Without the query, `%`-escapes decoded.
  var path: [String]
  /// As it came.
  var target: String
  var token: String?
  var isFromPage: Bool
  var body: [UInt8]

  /// Whether it ends in a slash, which makes it another path to Floodlight.
  var hasSlash: Bool { self.target.prefix { $0 != "?" }.hasSuffix("/") }
}

/// An answer, and how Floodlight marks its kind.
struct FloodlightReply: Sendable, Equatable {
  /// Of what Java's `String` becomes, and of what Jackson writes.
  enum Kind: Sendable, Equatable { case text, object }

  var status: HTTPResponseStatus
  var kind: Kind
  var body: [UInt8]

  init(_ body: String, kind: Kind = .object, status: HTTPResponseStatus = .ok) {
    self.init(Array(body.utf8), kind: kind, status: status)
  }

  init(_ body: [UInt8], kind: Kind = .object, status: HTTPResponseStatus = .ok) {
    self.status = status
    self.kind = kind
    self.body = body
  }

  var contentType: String {
    switch self.kind {
    case .text: "application/json; charset=UTF-8"
    case .object: "application/json"
    }
  }
}

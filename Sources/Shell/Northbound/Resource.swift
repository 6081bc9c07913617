// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
  /// 200, or `status`, with a value of the API.
  static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
    let body = try JSON.encode(value, as: .readable)
    var response = Response(status: status, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body + [0x0a])))
    response.headers[.contentType] = "application/json"
    response.headers[.cacheControl] = "no-store"
    return response
  }
}

extension Router<BasicRequestContext> {
  /// One path and all that can be done there; every other method is answered with 405.
  func resource(
    _ path: RouterPath,
    _ methods: [HTTPRequest.Method: @Sendable (Request, BasicRequestContext) async throws -> Response]
  ) {
    let allowed = Self.ordered.filter { methods[$0] != nil || ($0 == .head && methods[.get] != nil) }
    for method in Self.ordered {
      switch (method, methods[method]) {
      case (_, let handler?): self.on(path, method: method, use: handler)
      case (.head, nil) where methods[.get] != nil: break  // The router makes it from GET.
      default:
        self.on(path, method: method) { request, _ -> Response in
          throw Problem.wrongMethod(request.method, allowed: allowed)
        }
      }
    }
  }

  private static var ordered: [HTTPRequest.Method] { [.get, .head, .post, .put, .patch, .delete, .options] }
}

extension BasicRequestContext {
  /// A part of the path as the client meant it: some clients write the colons of a datapath as `%3A`.
  func name(_ parameter: String) -> String {
    self.parameters.get(parameter)?.percentDecoded ?? ""
  }
}

extension Request {
  /// The query's values by name.
  ///
  /// - Throws: ``Problem`` for a name that is not in `accepted`, or that is there twice.
  func query(accepting accepted: [String]) throws(Problem) -> [String: String] {
    var values: [String: String] = [:]
    for (name, value) in self.uri.queryParameters {
      guard accepted.contains(String(name)) else {
        throw .badQuery("'\(name)' is not known here; accepted: \(accepted.joined(separator: ", "))")
      }
      guard values.updateValue(String(value), forKey: String(name)) == nil else {
        throw .badQuery("'\(name)' is there twice")
      }
    }
    return values
  }
}

extension [String: String] {
  func isTrue(_ key: String) throws(Problem) -> Bool {
    switch self[key] {
    case nil, "false": return false
    case "true": return true
    case let text?: throw .badQuery("\(key) '\(text)' is neither true nor false")
    }
  }
}

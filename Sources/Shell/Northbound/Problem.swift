// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Why a request is refused, as its client sees it.
struct Problem: Error, Sendable, Equatable {
  var status: HTTPResponse.Status
  /// Stable, for machines.
  var code: String
  var detail: String
  var headers: HTTPFields = [:]
  /// Of many entries, what is wrong with which.
  var entries: [EntryProblemResource]?

  static func unknown(_ what: String, _ name: String, known: [String]) -> Problem {
    // Long lists help nobody.
    let shown = known.prefix(20).joined(separator: ", ")
    let rest = known.count > 20 ? " and \(known.count - 20) more" : ""
    return Problem(
      status: .notFound, code: "unknown-\(what)",
      detail: "there is no \(what) '\(name)'; "
        + (known.isEmpty ? "none is configured" : "known: \(shown)\(rest)"))
  }

  static func badQuery(_ detail: String) -> Problem {
    Problem(status: .badRequest, code: "bad-query", detail: detail)
  }

  static func wrongMethod(_ method: HTTPRequest.Method, allowed: [HTTPRequest.Method]) -> Problem {
    let allowed = allowed.map(\.rawValue).joined(separator: ", ")
    return Problem(
      status: .methodNotAllowed, code: "wrong-method",
      detail: "\(method.rawValue) is not possible here; possible: \(allowed)", headers: [.allow: allowed])
  }

  var response: Response {
    let resource = ProblemResource(
      code: self.code, title: self.status.reasonPhrase, status: self.status.code, detail: self.detail,
      entries: self.entries)
    // Strings and a number always encode.
    let body = (try? JSON.encode(resource, as: .readable)) ?? []
    var response = Response(
      status: self.status, headers: self.headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body + [0x0a])))
    response.headers[.contentType] = ProblemResource.contentType
    response.headers[.cacheControl] = "no-store"
    return response
  }
}

/// Gives every error the form of RFC 9457, those of the framework too.
struct ProblemMiddleware: RouterMiddleware {
  @concurrent
  func handle(
    _ request: Request, context: BasicRequestContext,
    next: @concurrent (Request, BasicRequestContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let problem as Problem {
      return problem.response
    } catch let error as any HTTPResponseError where error.status == .notFound {
      return Problem(
        status: .notFound, code: "unknown-path", detail: "nothing is at \(request.uri.path); GET /v1 says what there is"
      ).response
    } catch let error as any HTTPResponseError {
      return Problem(status: error.status, code: "bad-request", detail: "\(error)").response
    } catch {
      context.logger.error("request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
      return Problem(
        status: .internalServerError, code: "internal", detail: "this is an error of the controller; its log says more"
      ).response
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Files
import FoundationEssentials
import OpenFlowText
import Outbound
import ServiceModel

/// Requests to a controller's API, with errors that say which request it was.
struct DriverHTTP: Sendable {
  /// From a request to the end of its answer: less than the pause before somebody looks again.
  static let timeLimit = Duration.seconds(3)
  /// Of answers, bytes: 100,000 flows as these controllers tell of them.
  static let bodyLimit = 64 << 20
  /// Requests at the same time: more only wait for each other in the controller.
  static let width = 8

  private let http: HTTPOutbound
  private let url: String
  private let login: ForeignController.Login?

  init(_ http: HTTPOutbound, of foreign: ForeignController) {
    self.http = http
    self.url = foreign.url
    self.login = foreign.login
  }

  func get(_ path: String) async throws(DriverFailure) -> HTTPAnswer {
    let headers = try self.headers()
    return try await self.say("GET \(path)") { () throws(HTTPOutboundError) in
      try await self.http.get(self.url + path, headers: headers, timeLimit: Self.timeLimit, bodyLimit: Self.bodyLimit)
    }
  }

  func post(_ path: String, _ value: JSONValue) async throws(DriverFailure) -> HTTPAnswer {
    var body: [UInt8] = []
    value.write(to: &body)
    let bytes = body
    let headers = try self.headers([("Content-Type", "application/json")])
    return try await self.say("POST \(path)") { () throws(HTTPOutboundError) in
      try await self.http.post(
        self.url + path, body: bytes, headers: headers, timeLimit: Self.timeLimit,
        bodyLimit: Self.bodyLimit)
    }
  }

  func delete(_ path: String, _ value: JSONValue?) async throws(DriverFailure) -> HTTPAnswer {
    var body: [UInt8] = []
    value?.write(to: &body)
    let bytes = body
    let headers = try self.headers(value == nil ? [] : [("Content-Type", "application/json")])
    return try await self.say("DELETE \(path)") { () throws(HTTPOutboundError) in
      try await self.http.delete(
        self.url + path, body: bytes, headers: headers, timeLimit: Self.timeLimit, bodyLimit: Self.bodyLimit)
    }
  }

  /// With the password as its file has it now: it may be changed at any time.
  private func headers(
    _ headers: [(name: String, value: String)] = []
  ) throws(DriverFailure) -> [(name: String, value: String)] {
    guard let login = self.login else { return headers }
    do throws(FileContent.Problem) {
      let password = try FileContent(path: login.passwordFile, limit: 4096).bytes.prefix { $0 != 0x0a && $0 != 0x0d }
      let text = Data(Array("\(login.user):".utf8) + password).base64EncodedString()
      return headers + [("Authorization", "Basic \(text)")]
    } catch {
      throw .away("the password file '\(login.passwordFile)' cannot be read: \(error)")
    }
  }

  private func say(
    _ what: String, _ ask: () async throws(HTTPOutboundError) -> HTTPAnswer
  ) async throws(DriverFailure) -> HTTPAnswer {
    let answer: HTTPAnswer
    do throws(HTTPOutboundError) {
      answer = try await ask()
    } catch {
      throw .away("\(self.url): \(what): \(error)")
    }
    guard answer.status != 401, answer.status != 403 else {
      let who =
        self.login.map { "the user '\($0.user)' and the password in '\($0.passwordFile)'" } ?? "requests without 'user'"
      throw .away("\(self.url) does not take \(who): status \(answer.status) for \(what)")
    }
    return answer
  }

  /// The document of an answer.
  func json(_ answer: HTTPAnswer, to what: String) throws(DriverFailure) -> JSONValue {
    guard answer.status == 200 else { throw .away("\(self.url): \(what) was answered with status \(answer.status)") }
    do throws(JSONScanner.Problem) {
      return try JSONScanner.scan(answer.body)
    } catch {
      throw .away("\(self.url): the answer to \(what) is no JSON: \(error)")
    }
  }

  /// Does `ask` for each value, several at a time.
  ///
  /// - Throws: the first failure, when all that were begun have ended.
  func forEach<Value: Sendable>(
    _ values: [Value], _ ask: @escaping @Sendable (Value) async throws(DriverFailure) -> Void
  ) async throws(DriverFailure) {
    let failure = await withTaskGroup(of: DriverFailure?.self) { group in
      var rest = values[...]
      var failure: DriverFailure?
      func start() {
        guard failure == nil, let value = rest.popFirst() else { return }
        group.addTask {
          do throws(DriverFailure) {
            try await ask(value)
            return nil
          } catch {
            return error
          }
        }
      }
      for _ in 0..<Self.width { start() }
      while let outcome = await group.next() {
        if let outcome, failure == nil { failure = outcome }
        start()
      }
      return failure
    }
    if let failure { throw failure }
  }
}

extension JSONValue {
  /// The text of a string or a number.
  var plain: String? {
    switch self {
    case .string(let text), .number(let text): text
    case .bool(let value): value ? "true" : "false"
    case .null, .array, .object: nil
    }
  }

  var elements: [JSONValue] { if case .array(let values) = self { values } else { [] } }
  var members: [Member] { if case .object(let members) = self { members } else { [] } }

  func integer<Number: FixedWidthInteger>(_ key: String) -> Number? { self[key]?.plain.flatMap(wholeNumber) }
}

/// Decimal, or hexadecimal behind `0x`.
func wholeNumber<Number: FixedWidthInteger>(_ text: String) -> Number? {
  text.hasPrefix("0x") || text.hasPrefix("0X") ? Number(text.dropFirst(2), radix: 16) : Number(text)
}

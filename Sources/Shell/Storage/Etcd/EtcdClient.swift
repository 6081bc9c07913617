// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Outbound
import Synchronization

/// Asks etcd's JSON gateway, at one endpoint until that fails, and with a token that is renewed when it is refused.
final class EtcdClient: Sendable {
  enum WhenLost: Sendable {
    /// For what can be done twice.
    case askNext
    /// For what cannot.
    case stop
  }

  private struct State {
    var endpoint = 0
    var token: String?
  }

  let settings: EtcdSettings
  private let outbound: HTTPOutbound
  private let state = Mutex(State())

  init(_ settings: EtcdSettings, _ outbound: HTTPOutbound) {
    self.settings = settings
    self.outbound = outbound
  }

  /// Runs `body` with a client and closes its connections afterwards.
  static func with<Value: Sendable>(
    _ settings: EtcdSettings, _ body: (EtcdClient) async throws -> Value
  ) async throws -> Value {
    do {
      return try await HTTPOutbound.withClient(tls: settings.tls) { outbound in
        try await body(EtcdClient(settings, outbound))
      }
    } catch let HTTPOutboundError.badTLSFile(file, problem) {
      throw StoreError.unusable(file: file, reason: problem)
    }
  }

  /// An index of the settings' endpoints: the one that is asked next.
  var endpoint: Int { self.state.withLock { $0.endpoint } }

  /// The next endpoint is asked from now on, unless somebody else found that out.
  func leave(_ endpoint: Int) {
    self.state.withLock { state in
      guard state.endpoint == endpoint else { return }
      state.endpoint = (endpoint + 1) % self.settings.endpoints.count
    }
  }

  /// Asks one endpoint after the other, each at most once.
  ///
  /// - Parameters:
  ///   - timeLimit: for each of them; nil: that of the settings.
  ///   - answerLimit: bytes of the answer's JSON.
  func call<Answer: Decodable & Sendable>(
    _ path: String, _ request: some Encodable & Sendable, for answer: Answer.Type, whenLost: WhenLost = .askNext,
    timeLimit: Duration? = nil, answerLimit: Int = 1 << 20
  ) async throws(EtcdProblem) -> Answer {
    var tries = 0
    while true {
      let endpoint = self.endpoint
      do throws(EtcdProblem) {
        return try await self.call(
          path, request, for: answer, at: endpoint, timeLimit: timeLimit, answerLimit: answerLimit)
      } catch {
        tries += 1
        switch error {
        case .notDone: self.leave(endpoint)
        case .lost:
          self.leave(endpoint)
          if whenLost == .stop { throw error }
        case .tooLarge, .compacted, .noLease, .needsToken, .final: throw error
        }
        if tries >= self.settings.endpoints.count { throw error }
      }
    }
  }

  /// Asks this endpoint only.
  func call<Answer: Decodable & Sendable>(
    _ path: String, _ request: some Encodable & Sendable, for answer: Answer.Type, at endpoint: Int,
    timeLimit: Duration? = nil, answerLimit: Int = 1 << 20
  ) async throws(EtcdProblem) -> Answer {
    let place = self.settings.endpoints[endpoint]
    let body = try encode(request, for: place)
    let timeLimit = timeLimit ?? self.settings.requestTimeout
    let bytes: [UInt8]
    do throws(EtcdProblem) {
      let headers = try await self.headers(at: place)
      bytes = try await self.post(place, path, body, headers, timeLimit: timeLimit, answerLimit: answerLimit)
    } catch .needsToken where self.settings.user != nil {
      self.forgetToken()
      let headers = try await self.headers(at: place)
      bytes = try await self.post(place, path, body, headers, timeLimit: timeLimit, answerLimit: answerLimit)
    }
    return try decode(answer, from: bytes, at: place)
  }

  /// Opens a watch at this endpoint.
  ///
  /// - Parameter lineLimit: bytes of one answer's JSON.
  func watch(_ watch: EtcdWatch, at endpoint: Int, lineLimit: Int) async throws(EtcdProblem) -> EtcdWatchReader {
    let place = self.settings.endpoints[endpoint]
    let body = try encode(watch, for: place)
    let headers = try await self.headers(at: place)
    do throws(HTTPOutboundError) {
      let lines = try await self.outbound.lines(
        place + "/v3/watch", body: body, headers: headers, timeLimit: self.settings.requestTimeout,
        lineLimit: lineLimit)
      return EtcdWatchReader(lines: lines.makeAsyncIterator(), place: place)
    } catch {
      throw EtcdProblem(error, from: place)
    }
  }

  /// The next request asks for a new one.
  func forgetToken() {
    self.state.withLock { $0.token = nil }
  }

  private func post(
    _ place: String, _ path: String, _ body: [UInt8], _ headers: [(name: String, value: String)], timeLimit: Duration,
    answerLimit: Int
  ) async throws(EtcdProblem) -> [UInt8] {
    let answer: HTTPAnswer
    do throws(HTTPOutboundError) {
      answer = try await self.outbound.post(
        place + path, body: body, headers: headers, timeLimit: timeLimit, bodyLimit: answerLimit)
    } catch {
      throw EtcdProblem(error, from: place)
    }
    guard answer.status == 200 else { throw EtcdProblem(EtcdFailure(answer), from: place) }
    return answer.body
  }

  private func headers(at place: String) async throws(EtcdProblem) -> [(name: String, value: String)] {
    guard let user = self.settings.user else { return [] }
    if let token = self.state.withLock({ $0.token }) { return [("Authorization", token)] }
    let request = EtcdAuthentication(name: user.name, password: user.password)
    do throws(EtcdProblem) {
      let bytes = try await self.post(
        place, "/v3/auth/authenticate", try encode(request, for: place), [], timeLimit: self.settings.requestTimeout,
        answerLimit: 64 << 10)
      let answer = try decode(EtcdAuthentication.Answer.self, from: bytes, at: place)
      guard let token = answer.token, !token.isEmpty else {
        throw .notDone(place: place, reason: "it gives no token")
      }
      self.state.withLock { $0.token = token }
      return [("Authorization", token)]
    } catch .lost(let place, let reason) {
      // What the token is for was not sent yet.
      throw .notDone(place: place, reason: reason)
    }
  }
}

private func encode(_ request: some Encodable, for place: String) throws(EtcdProblem) -> [UInt8] {
  let encoder = JSONEncoder()
  encoder.outputFormatting = .withoutEscapingSlashes
  do {
    return Array(try encoder.encode(request))
  } catch {
    throw .final(.refused(place: place, reason: "the request cannot be written as JSON"))
  }
}

private func decode<Answer: Decodable>(
  _ answer: Answer.Type, from bytes: [UInt8], at place: String
) throws(EtcdProblem) -> Answer {
  do {
    return try JSONDecoder().decode(answer, from: Data(bytes))
  } catch {
    throw .lost(place: place, reason: "its answer is not that of etcd's JSON gateway (/v3)")
  }
}

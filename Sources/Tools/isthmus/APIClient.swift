// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import Outbound

/// The controller's API as values.
struct APIClient {
  struct Answer<Value> {
    var value: Value
    /// As it came.
    var json: [UInt8]
  }

  let outbound: HTTPOutbound
  let url: String

  func get<Value: Decodable>(
    _ path: String, as type: Value.Type, timeLimit: Duration = .seconds(10)
  ) async throws(CommandFailure) -> Answer<Value> {
    let answer: HTTPAnswer
    do {
      answer = try await self.outbound.get(self.url + path, timeLimit: timeLimit)
    } catch {
      throw .unreachable(self.url, error)
    }
    return try self.value(of: answer, as: type)
  }

  func post<Value: Decodable>(
    _ path: String, body: [UInt8] = [], as type: Value.Type, timeLimit: Duration = .seconds(10)
  ) async throws(CommandFailure) -> Answer<Value> {
    let answer: HTTPAnswer
    do {
      answer = try await self.outbound.post(self.url + path, body: body, timeLimit: timeLimit)
    } catch {
      throw .unreachable(self.url, error)
    }
    return try self.value(of: answer, as: type)
  }

  enum Method { case get, post, delete }

  /// An answer as it came, if it is a good one.
  func bytes(
    _ method: Method, _ path: String, body: [UInt8] = [], timeLimit: Duration = .seconds(10)
  ) async throws(CommandFailure) -> [UInt8] {
    let answer: HTTPAnswer
    do {
      answer =
        switch method {
        case .get: try await self.outbound.get(self.url + path, timeLimit: timeLimit)
        case .post: try await self.outbound.post(self.url + path, body: body, timeLimit: timeLimit)
        case .delete: try await self.outbound.delete(self.url + path, body: body, timeLimit: timeLimit)
        }
    } catch {
      throw .unreachable(self.url, error)
    }
    guard (200..<300).contains(answer.status) else { throw self.failure(of: answer) }
    return answer.body
  }

  func value<Value: Decodable>(of json: [UInt8]) throws(CommandFailure) -> Value {
    do { return try JSON.decode(Value.self, from: json) } catch { throw .notAController(self.url, "\(error)") }
  }

  func events(after cursor: String) async throws(CommandFailure) -> ServerSentEventStream {
    do {
      return try await self.outbound.events(self.url + "/v1/events/stream", lastEventID: cursor)
    } catch .refused(let answer) {
      throw self.failure(of: answer)
    } catch {
      throw .unreachable(self.url, error)
    }
  }

  private func value<Value: Decodable>(
    of answer: HTTPAnswer, as type: Value.Type
  ) throws(CommandFailure) -> Answer<Value> {
    guard (200..<300).contains(answer.status) else { throw self.failure(of: answer) }
    do {
      return Answer(value: try JSON.decode(type, from: answer.body), json: answer.body)
    } catch {
      throw .notAController(self.url, "\(error)")
    }
  }

  private func failure(of answer: HTTPAnswer) -> CommandFailure {
    if answer.contentType == ProblemResource.contentType,
      let problem = try? JSON.decode(ProblemResource.self, from: answer.body)
    {
      var failure = CommandFailure(problem)
      if let entries = problem.entries, entries.count > 1 {
        failure.hint = entries.map { "entry \($0.index) '\($0.name)': \($0.problem)" }.joined(separator: "\n  ")
      }
      return failure
    }
    return .notAController(self.url, "status \(answer.status)")
  }
}

/// A name as one part of a URL's path (RFC 3986, 3.3): whatever an operator types stays one part.
func pathPart(_ name: String) -> String {
  name.utf8.map { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: ":"):
      String(UnicodeScalar(byte))
    default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
  }.joined()
}

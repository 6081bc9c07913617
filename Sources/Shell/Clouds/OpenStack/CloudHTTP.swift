// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Outbound

/// Requests to a cloud's services: several tries where one more does no harm, and errors that say which call it was.
struct CloudHTTP: Sendable {
  /// A method and an address, without what is secret.
  struct Call: Sendable {
    var method: String
    var url: String

    init(_ method: String, _ url: String) {
      self.method = method
      self.url = url
    }
  }

  /// From a request to the end of its answer.
  static let timeLimit = Duration.seconds(20)
  /// Of all tries of a call together.
  static let patience = Duration.seconds(10)
  static let firstPause = Duration.milliseconds(200)
  static let bodyLimit = 32 << 20

  let outbound: HTTPOutbound
  let cloud: String

  /// Whatever the status is, unless it says that it is for now, and `mayRepeat`.
  func send(
    _ call: Call, body: Data?, headers: [(name: String, value: String)], mayRepeat: Bool
  ) async throws(CloudError) -> HTTPAnswer {
    let end = ContinuousClock.now + Self.patience
    var pause = Self.firstPause
    var headers = headers + [("Accept", "application/json")]
    if body != nil { headers.append(("Content-Type", "application/json")) }
    while true {
      let problem: CloudError
      do throws(HTTPOutboundError) {
        let answer = try await self.outbound.send(
          call.method, call.url, body: body.map(Array.init) ?? [], headers: headers, timeLimit: Self.timeLimit,
          bodyLimit: Self.bodyLimit)
        guard [429, 502, 503, 504].contains(answer.status), mayRepeat || answer.status == 429 else { return answer }
        problem = self.failure(answer, to: call)
        if let seconds = answer.fields["retry-after"].flatMap(Int.init) { pause = .seconds(min(max(seconds, 0), 30)) }
      } catch {
        problem = self.unreachable(error, call)
        // Of what was sent nobody knows whether it was done.
        guard mayRepeat || error.isBeforeSending, error != .cancelled else { throw problem }
      }
      guard ContinuousClock.now + pause < end else { throw problem }
      do { try await Task.sleep(for: pause) } catch { throw problem }
      pause = min(pause * 2, .seconds(5))
    }
  }

  private func unreachable(_ error: HTTPOutboundError, _ call: Call) -> CloudError {
    CloudError(
      .unreachable, cloud: self.cloud, call: "\(call.method) \(call.url)", "\(error)",
      hint: "is the region's API up? What is configured goes on as it is: no failover depends on it")
  }

  func decode<Value: Decodable>(_ type: Value.Type, from answer: HTTPAnswer, to call: Call) throws(CloudError) -> Value
  {
    do {
      return try JSONDecoder().decode(Value.self, from: Data(answer.body))
    } catch {
      throw CloudError(
        .badAnswer, cloud: self.cloud, call: "\(call.method) \(call.url)",
        "the answer is not what was asked for: \(error)",
        hint: "is there a proxy, or another service, at that address?")
    }
  }

  /// What an answer that is no success says.
  func failure(_ answer: HTTPAnswer, to call: Call) -> CloudError {
    let said = Said.message(of: answer.body) ?? "status \(answer.status)"
    let (kind, hint): (CloudError.Kind, String) =
      switch answer.status {
      case 401: (.unauthorized, "check the user, the password and the project of the cloud in clouds.yaml")
      case 403 where said.lowercased().contains("quota"), 413:
        (.quota, "raise the project's quota, or delete what it does not need")
      case 403: (.forbidden, "the user needs a role that may do this ('member' in the project that owns it)")
      case 404: (.notFound, "is it the right region and project? Somebody may have deleted it meanwhile")
      case 409 where said.lowercased().contains("quota"):
        (.quota, "raise the project's quota, or delete what it does not need")
      case 409, 412: (.conflict, "somebody else changes it at the same time; run it again")
      case 500...: (.unreachable, "the service has a problem of its own; see its log for the request")
      default: (.badAnswer, "this call is not understood there; which release is it?")
      }
    return CloudError(
      kind, cloud: self.cloud, call: "\(call.method) \(call.url)", "\(said) (status \(answer.status))", hint: hint,
      requestID: answer.fields["x-openstack-request-id"] ?? answer.fields["x-compute-request-id"])
  }

  /// OpenStack's services put a message at different places: `{"error": {"message"}}`, `{"NeutronError": {"message"}}`.
  private enum Said {
    static func message(of body: [UInt8]) -> String? {
      struct Inner: Decodable { var message: String? }
      guard let outer = try? JSONDecoder().decode([String: Inner].self, from: Data(body)) else { return nil }
      return outer.values.lazy.compactMap(\.message).first
    }
  }
}

extension HTTPOutboundError {
  /// Nothing was sent.
  fileprivate var isBeforeSending: Bool { if case .cannotConnect = self { true } else { false } }
}

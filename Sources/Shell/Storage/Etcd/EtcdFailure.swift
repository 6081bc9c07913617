// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Outbound

/// What the gateway says when it does not do what it was asked.
struct EtcdFailure: Decodable, Sendable {
  private var message: String?
  /// gRPC's, of one answer.
  private var code: Int?
  /// gRPC's, of a stream.
  private var streamCode: Int?

  private enum CodingKeys: String, CodingKey {
    case message, code
    case streamCode = "grpc_code"
  }

  enum Kind: Sendable {
    /// We are unknown; with a new token we may be known.
    case needsToken
    /// It did not do it, and may in a moment, or another endpoint now.
    case notNow
    /// It may have done it.
    case lost
    /// What is asked for is forgotten.
    case compacted
    case noLease
    case full
    case refused
  }

  /// - Parameter reason: as in a watch that is given up.
  init(reason: String) {
    self.message = reason
  }

  /// Of an answer that is no success.
  init(_ answer: HTTPAnswer) {
    if let failure = try? JSONDecoder().decode(EtcdFailure.self, from: Data(answer.body)), failure.code != nil {
      self = failure
      return
    }
    let text = String(decoding: answer.body.prefix(200).filter { (0x20..<0x7f).contains($0) }, as: UTF8.self)
    self.message =
      text.hasPrefix("CommonName of client")
      ? "with users and passwords, etcd's JSON gateway wants a client certificate without a common name (CN): issue one "
        + "whose subject is an organization (O), say"
      : "HTTP status \(answer.status): \(text)"
    // Others may stand between us and etcd: what those did with the request is not known, unless it was not taken.
    self.code = (400..<500).contains(answer.status) ? 3 : 14
  }

  var kind: Kind {
    let text = self.text
    switch self.code ?? self.streamCode {
    case 16: return .needsToken
    case _ where text.contains("invalid auth token") || text.contains("revision of auth store is old"):
      return .needsToken
    case _ where text.contains("has been compacted"): return .compacted
    case _ where text.contains("lease not found"): return .noLease
    case 8 where text.contains("space exceeded"): return .full
    // The request was not begun.
    case _ where text.hasSuffix("no leader") || text.hasSuffix("too many requests"): return .notNow
    // CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, ABORTED, INTERNAL, UNAVAILABLE.
    case 1, 2, 4, 10, 13, 14: return .lost
    default: return .refused
    }
  }

  /// Of a length that can be shown.
  var text: String {
    String((self.message ?? "no reason given").prefix(300))
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Outbound

/// Why there is no answer of etcd; those who asked differ in what they do then.
enum EtcdProblem: Error, Sendable {
  /// It was not done, and may be a moment later, or elsewhere.
  case notDone(place: String, reason: String)
  /// It may have been done.
  case lost(place: String, reason: String)
  /// The answer is longer than was allowed, in bytes.
  case tooLarge(place: String, limit: Int)
  /// What is asked for is forgotten.
  case compacted(place: String)
  case noLease(place: String)
  /// We are unknown; with a new token we may be known.
  case needsToken(place: String, reason: String)
  /// Asking again would not help.
  case final(StoreError)

  init(_ failure: EtcdFailure, from place: String) {
    switch failure.kind {
    case .notNow: self = .notDone(place: place, reason: failure.text)
    case .lost: self = .lost(place: place, reason: failure.text)
    case .compacted: self = .compacted(place: place)
    case .noLease: self = .noLease(place: place)
    case .needsToken: self = .needsToken(place: place, reason: failure.text)
    case .full:
      self = .final(.full(place: "\(place): its database (etcdctl endpoint status; --quota-backend-bytes)"))
    case .refused: self = .final(.refused(place: place, reason: failure.text))
    }
  }

  init(_ error: HTTPOutboundError, from place: String) {
    switch error {
    case .cannotConnect(let reason): self = .notDone(place: place, reason: reason)
    case .tooLarge(let limit): self = .tooLarge(place: place, limit: limit)
    case .cancelled: self = .final(.cancelled)
    case .badTLSFile(let file, let problem): self = .final(.unusable(file: file, reason: problem))
    case .badURL(let url): self = .final(.badSetting("an endpoint of etcd", value: url, accepted: "\(error)"))
    case .refused(let answer): self.init(EtcdFailure(answer), from: place)
    case .timedOut, .closed, .malformed: self = .lost(place: place, reason: "\(error)")
    }
  }

  /// For those who only asked, and changed nothing.
  var storeError: StoreError {
    switch self {
    case .notDone(let place, let reason), .lost(let place, let reason): .unreachable(place: place, reason: reason)
    case .tooLarge(let place, let limit):
      .refused(place: place, reason: "it answers with more than \(limit) bytes")
    case .compacted(let place): .unreachable(place: place, reason: "it forgets faster than we read")
    case .needsToken(let place, let reason): .refused(place: place, reason: reason)
    case .noLease(let place): .refused(place: place, reason: "it does not know our lease")
    case .final(let error): error
    }
  }
}

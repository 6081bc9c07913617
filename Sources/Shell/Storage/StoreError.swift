// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Why a store did not do what it was asked. Holds no secrets.
package enum StoreError: Error, Sendable, Equatable {
  case badKey(String)
  case valueTooLarge(key: String, bytes: Int)
  case badCommit(CommitProblem)
  /// Somebody else changed the document. Revisions are nil where there is no such document.
  case conflict(key: String, expected: UInt64?, found: UInt64?)
  /// The change may have been made or not, or may be made in a moment.
  case uncertain(place: String, reason: String)
  case unreachable(place: String, reason: String)
  /// The server answers, but not as we asked.
  case refused(place: String, reason: String)
  case full(place: String)
  /// There is something that no Isthmus writes.
  case damaged(place: String, reason: String)
  case inUse(file: String)
  case newerFormat(place: String, found: Int, known: Int)
  /// A file that cannot be opened, read or written.
  case unusable(file: String, reason: String)
  case badSetting(String, value: String, accepted: String)
  /// By the caller, or the store was closed.
  case cancelled

  package enum CommitProblem: Sendable, Equatable {
    case tooManyChanges(Int, limit: Int)
    case tooLarge(bytes: Int, limit: Int)
    case namedTwice(key: String)
    /// The store would have so many.
    case tooManyDocuments(Int)
    /// All documents of the store would have so many.
    case tooManyBytes(Int)
  }
}

extension StoreError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .badKey(let key):
      "'\(key.prefix(DocumentKey.limit))' is no key of a document: give parts of a-z, 0-9, '.', '_' and '-' with '/' "
        + "between them, at most \(DocumentKey.limit) bytes"
    case .valueTooLarge(let key, let bytes):
      "document '\(key)' has \(bytes) bytes: a document may have \(StoreLimits.valueBytes)"
    case .badCommit(let problem): "\(problem)"
    case .conflict(let key, let expected, let found):
      "document '\(key)' is not as it was read (\(state(expected))): \(state(found)) now; read it again and repeat "
        + "the change"
    case .uncertain(let place, let reason):
      "\(place): the change was sent, but nobody said that it was made (\(reason)); read again before repeating it"
    case .unreachable(let place, let reason): "\(place) cannot be reached: \(reason)"
    case .refused(let place, let reason): "\(place) refuses: \(reason)"
    case .full(let place): "\(place) is full: nothing was changed; make room there and repeat the change"
    case .damaged(let place, let reason): "\(place) holds what Isthmus does not write: \(reason)"
    case .inUse(let file):
      "\(file) is in use by another process: only one controller may have it; stop the other one, or give this one a "
        + "file of its own (several controllers for the same switches need etcd)"
    case .newerFormat(let place, let found, let known):
      "\(place) has format \(found), of a newer Isthmus; this one knows up to \(known): run the newer one, and export "
        + "there what this one is to have"
    case .unusable(let file, let reason): "\(file) cannot be used: \(reason)"
    case .badSetting(let name, let value, let accepted): "\(name) is '\(value)': \(accepted)"
    case .cancelled: "cancelled"
    }
  }
}

extension StoreError.CommitProblem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .tooManyChanges(let count, let limit):
      "\(count) documents in one commit: at most \(limit) can change together in this store"
    case .tooLarge(let bytes, let limit):
      "\(bytes) bytes in one commit: at most \(limit) can change together in this store"
    case .namedTwice(let key): "document '\(key)' is named twice in one commit"
    case .tooManyDocuments(let count):
      "the store would have \(count) documents: it takes \(StoreLimits.documents); delete some first"
    case .tooManyBytes(let bytes):
      "the documents would have \(bytes) bytes together: the store takes \(StoreLimits.totalBytes); delete some first"
    }
  }
}

private func state(_ revision: UInt64?) -> String {
  revision.map { "at revision \($0)" } ?? "not there"
}

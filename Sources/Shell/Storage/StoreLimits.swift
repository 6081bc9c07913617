// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// How much a store takes. Every store keeps to these, so that one can take the other's place.
package enum StoreLimits {
  /// UTF-8 of one document.
  package static let valueBytes = 1 << 20
  package static let documents = 10_000
  /// UTF-8 of all documents together.
  package static let totalBytes = 64 << 20
  /// Until what was committed soon is on the disk.
  package static let soon = Duration.milliseconds(50)

  /// - Returns: what is wrong with a store that has this much; nil: nothing.
  static func problem(documents: Int, bytes: Int) -> StoreError.CommitProblem? {
    if documents > self.documents { return .tooManyDocuments(documents) }
    return bytes > self.totalBytes ? .tooManyBytes(bytes) : nil
  }
}

/// How much one commit takes; this differs between stores.
package struct CommitLimits: Sendable, Equatable {
  /// Also that of expectations.
  package var changes: Int
  /// UTF-8 of all values together.
  package var valueBytes: Int

  package init(changes: Int, valueBytes: Int) {
    self.changes = changes
    self.valueBytes = valueBytes
  }

  /// Refuses a commit that no store would take, or not this one.
  func check(_ changes: [Change], expecting expectations: [Expectation]) throws(StoreError) {
    guard changes.count <= self.changes, expectations.count <= self.changes else {
      throw .badCommit(.tooManyChanges(max(changes.count, expectations.count), limit: self.changes))
    }
    try self.checkKeys(changes.map(\.key))
    try self.checkKeys(expectations.map(\.key))
    var total = 0
    for case .put(let key, let value) in changes {
      let bytes = value.utf8.count
      guard bytes <= StoreLimits.valueBytes else { throw .valueTooLarge(key: key, bytes: bytes) }
      total += bytes
    }
    guard total <= self.valueBytes else { throw .badCommit(.tooLarge(bytes: total, limit: self.valueBytes)) }
  }

  private func checkKeys(_ keys: [String]) throws(StoreError) {
    var seen: Set<String> = []
    for key in keys {
      guard DocumentKey.isValid(key) else { throw .badKey(key) }
      guard seen.insert(key).inserted else { throw .badCommit(.namedTwice(key: key)) }
    }
  }
}

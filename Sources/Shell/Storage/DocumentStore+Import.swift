// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

extension DocumentStore {
  /// Makes the store hold these documents and no others. Those that are equal already are not touched.
  ///
  /// One commit, if the store takes that much in one (`commitLimits`): SQLite always does. Else several, first those that
  /// put, then those that delete: a reader sees the new documents come a part at a time, beside old ones that go at the
  /// end, and an error leaves what was committed before it. Doing it again completes it.
  ///
  /// - Parameter documents: their revisions do not matter.
  /// - Returns: the revision of the last commit.
  /// - Throws: `.conflict` if somebody changes one of the documents meanwhile. One that somebody adds meanwhile stays.
  @discardableResult
  package func replaceAll(with documents: [Document]) async throws(StoreError) -> UInt64 {
    let old = try await self.read()
    var revisions: [String: UInt64] = [:]
    var values: [String: String] = [:]
    for document in old.documents {
      revisions[document.key] = document.revision
      values[document.key] = document.value
    }
    let kept = Set(documents.map(\.key))
    let puts = documents.filter { values[$0.key].map { Array($0.utf8) } != Array($0.value.utf8) }
    let changes =
      puts.map { Change.put(key: $0.key, value: $0.value) }
      + old.documents.filter { !kept.contains($0.key) }.map { Change.delete(key: $0.key) }
    var revision = old.revision
    for part in parts(of: changes, within: self.commitLimits) {
      revision = try await self.commit(
        part, expecting: part.map { Expectation(key: $0.key, revision: revisions[$0.key]) })
    }
    return revision
  }
}

/// In the same order, each as large as a commit may be.
private func parts(of changes: [Change], within limits: CommitLimits) -> [[Change]] {
  var parts: [[Change]] = []
  var part: [Change] = []
  var bytes = 0
  for change in changes {
    let size = if case .put(_, let value) = change { value.utf8.count } else { 0 }
    if part.count == limits.changes || bytes + size > limits.valueBytes, !part.isEmpty {
      parts.append(part)
      part = []
      bytes = 0
    }
    part.append(change)
    bytes += size
  }
  return part.isEmpty ? parts : parts + [part]
}

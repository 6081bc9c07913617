// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Reads all documents at one revision, some at a time, so that no answer is too long.
struct EtcdPages {
  /// Bytes of one answer's JSON: holds `smallest` documents of the greatest length.
  private static let answerLimit = 12 << 20
  private static let largest = 512
  private static let smallest = 8

  let client: EtcdClient
  let keys: EtcdKeys

  /// - Throws: `.compacted` if the revision was forgotten meanwhile.
  func read() async throws(EtcdProblem) -> Snapshot {
    var snapshot: Snapshot?
    var bytes = 0
    var next = self.keys.first
    var limit = Self.largest
    while true {
      let page: EtcdRange.Answer
      do throws(EtcdProblem) {
        page = try await self.page(from: next, at: snapshot?.revision, limit: limit)
      } catch .tooLarge where limit > Self.smallest {
        limit = max(limit / 8, Self.smallest)
        continue
      }
      var read = snapshot ?? Snapshot(revision: page.header?.revision?.value ?? 0, documents: [])
      let place = self.client.settings.endpoints[self.client.endpoint]
      for pair in page.kvs ?? [] {
        let document = try self.keys.document(pair, from: place)
        bytes += document.value.utf8.count
        read.documents.append(document)
      }
      if let problem = StoreLimits.problem(documents: read.documents.count, bytes: bytes) {
        throw .final(.refused(place: place, reason: "\(problem)"))
      }
      guard page.more == true, let last = page.kvs?.last else { return read }
      next = last.key + [0]
      snapshot = read
    }
  }

  private func page(from key: Data, at revision: UInt64?, limit: Int) async throws(EtcdProblem) -> EtcdRange.Answer {
    try await self.client.call(
      "/v3/kv/range",
      EtcdRange(key: key, end: self.keys.end, limit: limit, revision: revision.map(EtcdNumber.init)),
      for: EtcdRange.Answer.self, answerLimit: Self.answerLimit)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The documents of several controllers, in etcd 3.4 or later, by its JSON gateway: `PREFIXdocuments/KEY`.
///
/// etcd takes the sum of all values as it comes: `StoreLimits.totalBytes` is checked when the store is read.
package struct EtcdStore: DocumentStore {
  /// etcd's own limits, of 128 operations and 1.5 MiB a request, as they are by default.
  package let commitLimits = CommitLimits(changes: 128, valueBytes: (1 << 20) + (256 << 10))

  let client: EtcdClient
  let keys: EtcdKeys

  /// Runs `body` with a store; afterwards its connections are closed, and its news end.
  ///
  /// - Throws: `StoreError.unusable` for a file of the settings, or what `body` throws. That etcd cannot be reached is no
  ///   error here.
  package static func withStore<Value: Sendable>(
    _ settings: EtcdSettings, _ body: (EtcdStore) async throws -> Value
  ) async throws -> Value {
    try await EtcdClient.with(settings) { client in
      try await body(EtcdStore(client: client, keys: EtcdKeys(prefix: settings.prefix)))
    }
  }

  package func read() async throws(StoreError) -> Snapshot {
    var tries = 0
    while true {
      do throws(EtcdProblem) {
        return try await EtcdPages(client: self.client, keys: self.keys).read()
      } catch {
        // Between two pages; the next try begins with a newer revision.
        tries += 1
        if case .compacted = error, tries < 3 { continue }
        throw error.storeError
      }
    }
  }

  package func commit(
    _ changes: [Change], expecting expectations: [Expectation]
  ) async throws(StoreError) -> UInt64 {
    try self.commitLimits.check(changes, expecting: expectations)
    // Not cut short when the caller is cancelled: it would not know whether its commit was made.
    let result = await Task { await self.finish(changes, expecting: expectations) }.value
    return try result.get()
  }

  private func finish(_ changes: [Change], expecting expectations: [Expectation]) async -> Result<UInt64, StoreError> {
    do throws(StoreError) {
      try await self.checkRoom(for: changes, expecting: expectations)
      return .success(try await self.transact(changes, expecting: expectations))
    } catch {
      return .failure(error)
    }
  }

  /// Also finds an endpoint that answers, so that less is uncertain afterwards. What is put without being expected counts
  /// as new, even if it is not.
  private func checkRoom(
    for changes: [Change], expecting expectations: [Expectation]
  ) async throws(StoreError) {
    let expected = Set(expectations.filter { $0.revision != nil }.map(\.key))
    let new = changes.count { if case .put(let key, _) = $0 { !expected.contains(key) } else { false } }
    let answer: EtcdRange.Answer
    do throws(EtcdProblem) {
      answer = try await self.client.call(
        "/v3/kv/range", EtcdRange(key: self.keys.first, end: self.keys.end, countOnly: true),
        for: EtcdRange.Answer.self)
    } catch {
      throw error.storeError
    }
    let documents = Int(UInt32(clamping: answer.count?.value ?? 0))
    guard new == 0 || documents + new <= StoreLimits.documents else {
      throw .badCommit(.tooManyDocuments(documents + new))
    }
  }

  private func transact(
    _ changes: [Change], expecting expectations: [Expectation]
  ) async throws(StoreError) -> UInt64 {
    let transaction = EtcdTransaction(
      compare: expectations.map { .modified(self.keys.key($0.key), at: $0.revision ?? 0) },
      success: changes.map(self.operation),
      failure: expectations.map { .init(range: EtcdRange(key: self.keys.key($0.key), keysOnly: true)) })
    let answer: EtcdTransaction.Answer
    do throws(EtcdProblem) {
      answer = try await self.client.call(
        "/v3/kv/txn", transaction, for: EtcdTransaction.Answer.self, whenLost: .stop)
    } catch {
      switch error {
      case .lost(let place, let reason): throw .uncertain(place: place, reason: reason)
      case .tooLarge(let place, _): throw .uncertain(place: place, reason: "its answer is too long")
      case .final(.cancelled): throw .uncertain(place: "etcd", reason: "the store was closed meanwhile")
      default: throw error.storeError
      }
    }
    guard answer.succeeded == true else { throw self.conflict(expectations, answer) }
    return answer.header?.revision?.value ?? 0
  }

  private func operation(for change: Change) -> EtcdTransaction.Operation {
    switch change {
    case .put(let key, let value): .init(put: .init(key: self.keys.key(key), value: Data(value.utf8)))
    case .delete(let key): .init(delete: EtcdRange(key: self.keys.key(key)))
    }
  }

  private func conflict(_ expectations: [Expectation], _ answer: EtcdTransaction.Answer) -> StoreError {
    for (expectation, response) in zip(expectations, answer.responses ?? []) {
      let found = response.range?.kvs?.first?.modified?.value
      if found != expectation.revision {
        return .conflict(key: expectation.key, expected: expectation.revision, found: found)
      }
    }
    return .refused(place: "etcd", reason: "it says that there is a conflict, but not which")
  }
}

/// Documents' keys as etcd has them.
struct EtcdKeys: Sendable {
  private let prefix: String

  /// - Parameter prefix: that of the settings.
  init(prefix: String) {
    self.prefix = prefix + "documents/"
  }

  var first: Data { Data(self.prefix.utf8) }
  /// The first one after ours: `0` comes after `/`.
  var end: Data { Data(self.prefix.utf8.dropLast()) + [UInt8(ascii: "0")] }

  func key(_ key: String) -> Data { Data((self.prefix + key).utf8) }

  /// - Throws: `.damaged` for what no Isthmus writes.
  func document(_ pair: EtcdPair, from place: String) throws(EtcdProblem) -> Document {
    let key = try self.documentKey(pair.key, from: place)
    let bytes = pair.value ?? Data()
    guard bytes.count <= StoreLimits.valueBytes, let value = String(validating: bytes, as: UTF8.self) else {
      throw .final(
        .damaged(
          place: place,
          reason:
            "\(self.prefix)\(key) is no text of at most \(StoreLimits.valueBytes) bytes; put one there, or delete it"))
    }
    return Document(key: key, value: value, revision: pair.modified?.value ?? 0)
  }

  func documentKey(_ key: Data, from place: String) throws(EtcdProblem) -> String {
    let text = String(decoding: key, as: UTF8.self)
    let key = String(text.dropFirst(self.prefix.count))
    guard text.hasPrefix(self.prefix), DocumentKey.isValid(key) else {
      throw .final(
        .damaged(
          place: place,
          reason: "'\(text.prefix(300))' is no key of a document; delete it (etcdctl del), or use another prefix"))
    }
    return key
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Storage
import Testing

/// What every store promises, on real ones.
@Suite(.serialized, .needsEtcd, .timeLimit(.minutes(5))) struct StoreLawTests {
  enum Kind: String, CaseIterable, Sendable { case sqlite, etcd }

  /// Runs `body` with an empty store, and another one for what somebody else does: with SQLite it is the same.
  private static func with(
    _ kind: Kind, _ body: (any DocumentStore, any DocumentStore) async throws -> Void
  ) async throws {
    switch kind {
    case .sqlite:
      try await withTemporaryDirectory { directory in
        let store = try SQLiteStore(path: directory + "/store")
        try await body(store, store)
      }
    case .etcd:
      try await EtcdServer.with { server in
        try await EtcdStore.withStore(server.settings()) { store in
          try await EtcdStore.withStore(server.settings()) { other in try await body(store, other) }
        }
      }
    }
  }

  @Test(arguments: Kind.allCases) func whatIsCommittedIsRead(_ kind: Kind) async throws {
    try await Self.with(kind) { store, other in
      #expect(try await store.read().documents == [])
      let text = "zero \0, ü, \u{1F600}, \"quotes\", \\ and\nlines"
      let first = try await store.commit([
        .put(key: "drains/r1", value: ""), .put(key: "configuration", value: text),
      ])
      let second = try await store.commit([.put(key: "drains/r1", value: "now")])
      #expect(second > first)
      let snapshot = try await other.read()
      #expect(
        snapshot.documents == [
          Document(key: "configuration", value: text, revision: first),
          Document(key: "drains/r1", value: "now", revision: second),
        ])
      #expect(snapshot.revision == second)
      let third = try await other.commit([.delete(key: "configuration"), .delete(key: "never-there")])
      #expect(try await store.read().documents.map(\.key) == ["drains/r1"])
      #expect(try await store.commit([.delete(key: "never-there")]) == third, "nothing changed")
      #expect(try await store.commit([]) == third)
    }
  }

  @Test(arguments: Kind.allCases) func conflictsNameTheKeyAndChangeNothing(_ kind: Kind) async throws {
    try await Self.with(kind) { store, other in
      let first = try await store.commit(
        [.put(key: "a", value: "1"), .put(key: "b", value: "1")],
        expecting: [Expectation(key: "a", revision: nil), Expectation(key: "b", revision: nil)])
      let second = try await other.commit([.put(key: "b", value: "2")], expecting: [.init(key: "b", revision: first)])
      let before = try await store.read()
      for (expectation, found) in [
        (Expectation(key: "b", revision: first), second), (Expectation(key: "b", revision: nil), second),
        (Expectation(key: "c", revision: first), nil),
      ] {
        await #expect(
          throws: StoreError.conflict(key: expectation.key, expected: expectation.revision, found: found)
        ) {
          _ = try await store.commit(
            [.put(key: "a", value: "3"), .delete(key: "b"), .put(key: "d", value: "3")],
            expecting: [Expectation(key: "a", revision: first), expectation])
        }
      }
      #expect(try await store.read() == before)
    }
  }

  @Test(arguments: Kind.allCases) func whatNoStoreTakesChangesNothing(_ kind: Kind) async throws {
    try await Self.with(kind) { store, _ in
      let large = String(repeating: "x", count: StoreLimits.valueBytes + 1)
      let many = (0...store.commitLimits.changes).map { Change.put(key: "n\($0)", value: "") }
      let good = Change.put(key: "good", value: "")
      for changes in [[good, .put(key: "large", value: large)], many, [good, .delete(key: "good")]] {
        await #expect(throws: StoreError.self) { _ = try await store.commit(changes) }
      }
      for key in ["", "/", "a/", "/a", "a//b", "A", "ä", "a b", "a\0", String(repeating: "x", count: 256)] {
        await #expect(throws: StoreError.badKey(key)) { _ = try await store.commit([good, .delete(key: key)]) }
        await #expect(throws: StoreError.badKey(key)) {
          _ = try await store.commit([good], expecting: [Expectation(key: key, revision: nil)])
        }
      }
      let snapshot = try await store.read()
      #expect(snapshot.documents == [])
    }
  }

  /// A counter that several increment at once, each relying on what it read.
  @Test(arguments: Kind.allCases) func nothingIsLostAmongWriters(_ kind: Kind) async throws {
    try await Self.with(kind) { store, other in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for writer in [store, other, store, other] {
          group.addTask { for _ in 1...10 { try await increment(writer) } }
        }
        try await group.waitForAll()
      }
      let snapshot = try await store.read()
      #expect(snapshot["count"]?.value == "40")
    }
  }

  @Test(arguments: Kind.allCases) func newsSeeEveryLastState(_ kind: Kind) async throws {
    try await Self.with(kind) { store, other in
      let early = NewsLog(store.news())
      try await eventually("the empty store is seen") { early.last == [:] }
      for round in 1...20 {
        _ = try await other.commit([.put(key: "round", value: "\(round)"), .put(key: "r\(round)", value: "")])
        if round % 5 == 0 { _ = try await other.commit([.delete(key: "r\(round)")]) }
        let expected = try await other.read()
        try await eventually("round \(round) is seen") { early.snapshots.last == expected }
      }
      // Who starts late sees what is there; who is quick sees no revision twice, and none that is older.
      let late = NewsLog(store.news())
      try await eventually("the late one sees it") { late.snapshots.last == early.snapshots.last }
      let revisions = early.snapshots.map(\.revision)
      #expect(zip(revisions, revisions.dropFirst()).allSatisfy { $0 < $1 }, "\(revisions)")
      #expect(early.all.count == early.snapshots.count, "the store was never away")
      // Whole commits only.
      for snapshot in early.snapshots where snapshot["round"] != nil {
        let round = snapshot["round"]?.value ?? ""
        #expect(snapshot["r\(round)"] != nil || (Int(round) ?? 0) % 5 == 0)
      }
    }
  }

  /// A reader that does not read meanwhile: it holds up nobody, and sees the last state at once.
  @Test(arguments: Kind.allCases) func aSlowReaderMissesSteps(_ kind: Kind) async throws {
    try await Self.with(kind) { store, other in
      let news = store.news()
      for step in 1...50 { _ = try await other.commit([.put(key: "step", value: "\(step)")]) }
      let fast = NewsLog(store.news())
      try await eventually("somebody sees the last step") { fast.last?["step"] == "50" }
      var read = 0
      for await item in news {
        read += 1
        if case .snapshot(let snapshot) = item, snapshot["step"]?.value == "50" { break }
      }
      #expect(read < 50)
    }
  }

  @Test(arguments: Kind.allCases) func newsEndWithTheirReader(_ kind: Kind) async throws {
    try await Self.with(kind) { store, _ in
      let log = NewsLog(store.news())
      try await eventually("the first snapshot") { !log.all.isEmpty }
      log.cancel()
      try await eventually("the end") { log.hasEnded }
    }
  }

  @Test(arguments: Kind.allCases) func aMebibyte(_ kind: Kind) async throws {
    try await Self.with(kind) { store, other in
      let log = NewsLog(store.news())
      let values = (0..<12).map { String(repeating: Character(UnicodeScalar(UInt8(0x61 + $0))), count: 1 << 20) }
      for (index, value) in values.enumerated() {
        _ = try await other.commit([.put(key: "large-\(index)", value: value)])
      }
      let snapshot = try await store.read()
      #expect(snapshot.documents.count == values.count)
      for (index, value) in values.enumerated() { #expect(snapshot["large-\(index)"]?.value == value) }
      try await eventually("the news have them") { log.snapshots.last == snapshot }
      let late = NewsLog(store.news())
      try await eventually("later ones too") { late.snapshots.last == snapshot }
    }
  }

  /// By import, into a store that had others; and out again.
  @Test(arguments: Kind.allCases) func aThousandDocuments(_ kind: Kind) async throws {
    try await Self.with(kind) { store, other in
      let log = NewsLog(store.news())
      let old = try await store.commit([.put(key: "old", value: ""), .put(key: "flows/7", value: "the flow 7")])
      let documents = (0..<1_000).map { Document(key: "flows/\($0)", value: "the flow \($0)", revision: 0) }
      let revision = try await other.replaceAll(with: documents)
      let snapshot = try await store.read()
      #expect(snapshot.revision == revision)
      let sorted = documents.sorted { $0.key < $1.key }
      #expect(snapshot.documents.map(\.key) == sorted.map(\.key))
      #expect(snapshot.documents.map(\.value) == sorted.map(\.value))
      #expect(snapshot["flows/7"]?.revision == old, "what is equal is not touched")
      try await eventually("the news have them") { log.snapshots.last?.documents == snapshot.documents }
      let text = try StoreExport.text(of: snapshot)
      let again = try StoreExport.snapshot(from: text.utf8)
      #expect(try await store.replaceAll(with: again.documents) == revision, "nothing to do")
      try await store.replaceAll(with: [])
      #expect(try await other.read().documents == [])
      try await eventually("the news have nothing") { log.last == [:] }
    }
  }
}

private func increment(_ store: any DocumentStore) async throws {
  while true {
    let document = try await store.read()["count"]
    do throws(StoreError) {
      _ = try await store.commit(
        [.put(key: "count", value: "\((document.flatMap { Int($0.value) } ?? 0) + 1)")],
        expecting: [Expectation(key: "count", revision: document?.revision)])
      return
    } catch {
      guard case .conflict = error else { throw error }
    }
  }
}

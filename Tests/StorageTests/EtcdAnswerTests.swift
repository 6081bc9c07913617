// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Storage
import Testing

/// Answers that no etcd gives, or seldom.
@Suite(.timeLimit(.minutes(5))) struct EtcdAnswerTests {
  private static let empty = #"{"header":{"revision":"7"}}"#

  private static func with(
    _ reply: @escaping @Sendable (_ path: String, _ index: Int) -> FakeEtcd.Reply,
    _ body: (EtcdStore, FakeEtcd) async throws -> Void
  ) async throws {
    try await FakeEtcd.with(reply) { server in
      let settings = try EtcdSettings(endpoints: [server.endpoint], requestTimeout: .milliseconds(300))
      try await EtcdStore.withStore(settings) { store in try await body(store, server) }
    }
  }

  @Test(arguments: [
    "", "null", "[]", "{", #"{"header":7}"#, #"{"header":{"revision":"-7"}}"#, #"{"header":{"revision":"x"}}"#,
    #"{"header":{"revision":"18446744073709551615"}}"#,
    #"{"kvs":[{}]}"#, #"{"kvs":[{"key":"%"}]}"#, #"{"kvs":[{"key":"YQ=="}]}"#, #"{"kvs":{"key":"YQ=="}}"#,
    #"{"kvs":[{"key":"L2lzdGhtdXMvZG9jdW1lbnRzL2E=","value":"/w=="}]}"#, "\u{0}", String(repeating: "[", count: 9_999),
  ])
  func nonsenseIsAnError(answer: String) async throws {
    try await Self.with({ _, _ in .answer(answer) }) { store, _ in
      await #expect(throws: StoreError.self) { _ = try await store.read() }
      let log = NewsLog(store.news())
      try await eventually("it is said") { log.isAway }
    }
  }

  @Test func answersHaveALimit() async throws {
    let long = String(repeating: " ", count: 13 << 20)
    try await Self.with({ path, _ in .answer(long) }) { store, server in
      await #expect(throws: StoreError.self) { _ = try await store.read() }
      #expect(server.requests.all.count == 3, "512, 64 and 8 documents were asked for")
    }
  }

  @Test(arguments: [
    FakeEtcd.Reply.nothing, .close, .answer(status: 502, "<html>"), .answer(status: 503, "{}"),
    .answer(status: 200, "<html>"),
  ])
  func aCommitWithoutAnswerIsUncertain(reply: FakeEtcd.Reply) async throws {
    try await Self.with({ path, _ in path == "/v3/kv/txn" ? reply : .answer(Self.empty) }) { store, server in
      let error = await #expect(throws: StoreError.self) { _ = try await store.commit([.put(key: "a", value: "")]) }
      guard case .uncertain(server.endpoint, _)? = error else {
        return #expect(Bool(false), "\(String(describing: error))")
      }
      #expect(server.requests.all.count { $0 == "/v3/kv/txn" } == 1, "it is not sent again")
    }
  }

  @Test(arguments: [
    (400, #"{"error":"etcdserver: request is too large","message":"etcdserver: request is too large","code":3}"#),
    (404, "404 page not found"), (429, #"{"message":"etcdserver: mvcc: database space exceeded","code":8}"#),
    (503, #"{"message":"etcdserver: no leader","code":14}"#), (403, "<html>"),
  ])
  func aRefusedCommitIsNotUncertain(status: Int, text: String) async throws {
    try await Self.with({ path, _ in
      path == "/v3/kv/txn" ? .answer(status: status, text) : .answer(Self.empty)
    }) { store, _ in
      let error = await #expect(throws: StoreError.self) { _ = try await store.commit([.put(key: "a", value: "")]) }
      if case .uncertain? = error { #expect(Bool(false), "\(String(describing: error))") }
    }
  }

  /// Between reading and watching.
  @Test func aCompactedWatchReadsAgain() async throws {
    let full =
      #"{"header":{"revision":"10"},"kvs":[{"key":"L2lzdGhtdXMvZG9jdW1lbnRzL2E=","value":"MQ==","mod_revision":"9"}]}"#
    let compacted =
      #"{"result":{"created":true}}"# + "\n" + #"{"result":{"canceled":true,"compact_revision":"9"}}"# + "\n"
    try await Self.with({ path, index in
      switch (path, index) {
      case ("/v3/kv/range", 0): .answer(Self.empty)
      case ("/v3/kv/range", _): .answer(full)
      case ("/v3/watch", 0): .stream(compacted)
      default: .stream(#"{"result":{"created":true}}"# + "\n")
      }
    }) { store, _ in
      let log = NewsLog(store.news())
      try await eventually("the second reading") { log.last == ["a": "1"] }
      #expect(log.all.count == log.snapshots.count, "it was never away")
    }
  }

  @Test(arguments: [
    "\n", "null\n", "{}\n", "{\n", #"{"result":{"events":[{}]}}"# + "\n", #"{"result":{"events":7}}"# + "\n",
    #"{"error":{"grpc_code":14,"message":"etcdserver: no leader"}}"# + "\n", String(repeating: "x", count: 9 << 20),
    #"{"result":{"canceled":true,"cancel_reason":"etcdserver: permission denied"}}"# + "\n",
  ])
  func nonsenseInAWatch(line: String) async throws {
    try await Self.with({ path, index in
      if path != "/v3/watch" { return .answer(Self.empty) }
      return index == 0 ? .stream(line) : .stream(#"{"result":{"created":true}}"# + "\n")
    }) { store, server in
      let log = NewsLog(store.news())
      try await eventually("the first reading") { log.last == [:] }
      // Those that say nothing are waited for, as long as the server answers.
      if line != "null\n", line != "{}\n" {
        try await eventually("another watch") { server.requests.all.count { $0 == "/v3/watch" } > 1 }
      }
    }
  }

  @Test func theGreatestNumbersDoNotTrap() async throws {
    let answer = #"{"header":{"revision":"9223372036854775807"},"count":"9223372036854775807"}"#
    try await Self.with({ path, _ in path == "/v3/watch" ? .nothing : .answer(answer) }) { store, server in
      await #expect(throws: StoreError.self) { _ = try await store.commit([.put(key: "a", value: "")]) }
      let log = NewsLog(store.news())
      try await eventually("the first reading") { log.last == [:] }
      try await eventually("a watch") { server.requests.all.contains("/v3/watch") }
    }
  }

  @Test func newsEndWithTheStore() async throws {
    let log = try await FakeEtcd.with({ path, _ in
      path == "/v3/watch" ? .stream(#"{"result":{"created":true}}"# + "\n") : .answer(Self.empty)
    }) { server in
      try await EtcdStore.withStore(EtcdSettings(endpoints: [server.endpoint])) { store in
        let log = NewsLog(store.news())
        try await eventually("the first reading") { log.last == [:] }
        return log
      }
    }
    try await eventually("the end") { log.hasEnded }
  }
}

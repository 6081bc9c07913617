// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Storage

/// What the tests of Storage kill or freeze: a process that writes to a store, or stands for election. Says on its
/// standard output what it has done, a line each.
@main enum StorageTrial {
  static func main() async throws {
    switch Array(CommandLine.arguments.dropFirst()) {
    case let arguments where arguments.count == 2 && arguments[0] == "commit":
      try await commit(to: arguments[1])
    case let arguments where arguments.count == 5 && arguments[0] == "campaign":
      try await campaign(endpoint: arguments[1], prefix: arguments[2], name: arguments[3], seconds: arguments[4])
    default:
      say("usage: storage-trial commit FILE | campaign ENDPOINT PREFIX NAME SECONDS")
      exit(64)
    }
  }

  /// Two documents that always change together, and one that grows, so that a commit has many pages. Half of the commits
  /// do not wait for the disk: killing the process must lose none of these either.
  private static func commit(to file: String) async throws {
    let store = try SQLiteStore(path: file)
    var count = try await store.read()["left"].flatMap { Int($0.value) } ?? 0
    while true {
      count += 1
      let filler = String(repeating: "x", count: count % 97 * 1000)
      let changes: [Change] = [
        .put(key: "left", value: "\(count)"), .put(key: "filler", value: filler), .put(key: "right", value: "\(count)"),
      ]
      _ =
        count % 2 == 0
        ? try await store.commit(changes) : try await store.commitSoon(changes, expecting: [])
      say("\(count)")
    }
  }

  private static func campaign(endpoint: String, prefix: String, name: String, seconds: String) async throws {
    let settings = try EtcdSettings(endpoints: [endpoint], prefix: prefix)
    let election = try EtcdElection(settings, candidate: name, ttl: .seconds(Int(seconds) ?? 0))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await election.run() }
      for await news in election.news {
        switch news {
        case .elected(let epoch): say("elected \(epoch)")
        case .following(let leader, let epoch): say("following \(leader) \(epoch)")
        case .unreachable: say("unreachable")
        case .reachable: say("reachable")
        }
      }
      try await group.waitForAll()
    }
  }

  /// At once: what is in a buffer dies with the process.
  private static func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(1, bytes, bytes.count)
  }
}

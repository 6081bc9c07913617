// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GRDB
import Glibc
import Storage
import Testing

/// What only the store in a file promises: it survives, and nobody else has it.
@Suite(.timeLimit(.minutes(5))) struct SQLiteStoreTests {
  @Test func survivesItsClosing() async throws {
    try await withTemporaryDirectory { directory in
      let file = directory + "/store"
      let revision = try await SQLiteStore(path: file).commit([.put(key: "a", value: "1")])
      let snapshot = try await SQLiteStore(path: file).read()
      #expect(snapshot.documents == [Document(key: "a", value: "1", revision: revision)])
    }
  }

  @Test func newsEndWithTheStore() async throws {
    try await withTemporaryDirectory { directory in
      var store: SQLiteStore? = try SQLiteStore(path: directory + "/store")
      let log = try NewsLog(#require(store).news())
      try await eventually("the first reading") { log.last == [:] }
      store = nil
      try await eventually("the end") { log.hasEnded }
      _ = try SQLiteStore(path: directory + "/store")
    }
  }

  @Test func isForItsOwnerOnly() async throws {
    try await withTemporaryDirectory { directory in
      let file = directory + "/store"
      for permissions: mode_t in [0o600, 0o644] {
        chmod(file, permissions)
        let store = try SQLiteStore(path: file)
        _ = try await store.commit([.put(key: "a", value: "1")])
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
          var status = stat()
          #expect(stat(directory + "/" + name, &status) == 0)
          #expect(status.st_mode & 0o777 == 0o600, "\(name)")
        }
      }
    }
  }

  @Test func oneProcessAtATime() async throws {
    try await withTemporaryDirectory { directory in
      let file = directory + "/store"
      let output = directory + "/output"
      let trial = try ChildProcess([try builtProgram("storage-trial"), "commit", file], output: output)
      try await eventually("a commit of the other process") { !numbers(in: output).isEmpty }
      let error = #expect(throws: StoreError.inUse(file: file)) { _ = try SQLiteStore(path: file) }
      #expect(error.map { "\($0)" }?.hasPrefix("\(file) is in use by another process: only one controller") == true)
      trial.end(with: SIGKILL)
      let store = try SQLiteStore(path: file)
      #expect(throws: StoreError.inUse(file: file)) { _ = try SQLiteStore(path: file) }
      withExtendedLifetime(store) {}
    }
  }

  @Test func aNewerFormatIsRefused() async throws {
    try await withTemporaryDirectory { directory in
      let file = directory + "/store"
      _ = try await SQLiteStore(path: file).commit([.put(key: "a", value: "1")])
      try await DatabaseQueue(path: file).write { try $0.execute(sql: "PRAGMA user_version = 2") }
      #expect(throws: StoreError.newerFormat(place: file, found: 2, known: 1)) { _ = try SQLiteStore(path: file) }
    }
  }

  @Test func anotherProgramsFileStaysAsItIs() async throws {
    try await withTemporaryDirectory { directory in
      let file = directory + "/other"
      try await DatabaseQueue(path: file).write { try $0.execute(sql: "CREATE TABLE theirs (a)") }
      let before = try Data(contentsOf: URL(filePath: file))
      #expect(throws: StoreError.self) { _ = try SQLiteStore(path: file) }
      #expect(try Data(contentsOf: URL(filePath: file)) == before)
      let text = directory + "/text"
      try Data("regions:\n".utf8 + Array(repeating: 0x20, count: 5000)).write(to: URL(filePath: text))
      let error = #expect(throws: StoreError.self) { _ = try SQLiteStore(path: text) }
      guard case .damaged(text, _)? = error else { return #expect(Bool(false), "\(String(describing: error))") }
    }
  }

  @Test(arguments: ["/no/such/directory/store", "/proc/store", "/tmp"])
  func aFileThatCannotBe(path: String) {
    let error = #expect(throws: StoreError.self) { _ = try SQLiteStore(path: path) }
    guard case .unusable(path, _)? = error else { return #expect(Bool(false), "\(String(describing: error))") }
  }

  @Test func damageIsAnError() async throws {
    try await withTemporaryDirectory { directory in
      let file = directory + "/store"
      _ = try await SQLiteStore(path: file).commit([.put(key: "a", value: "1")])
      for change in [
        "UPDATE documents SET key = 'A b'", "UPDATE documents SET key = 'a', value = x'ff'",
        "UPDATE documents SET value = x'', revision = -1", "UPDATE documents SET revision = 'x'",
      ] {
        try await DatabaseQueue(path: file).write { try $0.execute(sql: change) }
        let store = try SQLiteStore(path: file)
        await #expect(throws: StoreError.self) { _ = try await store.read() }
      }
    }
  }

  /// Killed at any moment: every commit that was said is there, and at most one more, whole.
  @Test func survivesBeingKilled() async throws {
    let program = try builtProgram("storage-trial")
    try await withTemporaryDirectory { directory in
      let file = directory + "/store"
      let output = directory + "/output"
      for round in 0..<60 {
        let before = numbers(in: output).count
        let trial = try ChildProcess([program, "commit", file], output: output)
        try await eventually("a commit") { numbers(in: output).count > before + round % 3 }
        #expect(!trial.hasEnded)
        // In the middle of a commit, as often as not: the log has grown a little since one was said.
        waitForChanges(Int.random(in: 0...3), of: file + "-wal")
        trial.end(with: SIGKILL)
        let said = numbers(in: output).last ?? 0
        let snapshot = try await SQLiteStore(path: file).read()
        let left = snapshot["left"].flatMap { Int($0.value) } ?? 0
        #expect(snapshot["right"]?.value == "\(left)")
        #expect(snapshot["filler"]?.value.utf8.count == left % 97 * 1000)
        #expect((said...said + 1).contains(left), "\(said) was said, \(left) is there")
      }
      #expect(numbers(in: output).count > 60)
    }
  }

  @Test(.needsRoot) func survivesAFullDisk() async throws {
    try await withTemporaryDirectory { directory in
      #expect(try ChildProcess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", directory]))
      defer { umount2(directory, Int32(MNT_DETACH)) }
      let file = directory + "/store"
      let store = try SQLiteStore(path: file)
      let log = NewsLog(store.news())
      var last = 0
      let error = await #expect(throws: StoreError.self) {
        for count in 1...1_000 {
          let filler = String(repeating: "x", count: 20_000)
          _ = try await store.commit([
            .put(key: "left", value: "\(count)"), .put(key: "filler/\(count)", value: filler),
            .put(key: "right", value: "\(count)"),
          ])
          last = count
        }
      }
      #expect(error == .full(place: file))
      #expect(last > 3)
      var snapshot = try await store.read()
      #expect(snapshot["left"]?.value == "\(last)")
      #expect(snapshot["right"]?.value == "\(last)")
      #expect(snapshot.documents.count == last + 2)
      try await eventually("the news have the last commit") { log.last?["left"] == "\(last)" }
      // Full still, as found by the next one that opens it; with more room it goes on.
      #expect(try ChildProcess.run(["mount", "-o", "remount,size=8m", directory]))
      _ = try await store.commit([.put(key: "left", value: "after"), .put(key: "right", value: "after")])
      snapshot = try await store.read()
      #expect(snapshot["right"]?.value == "after")
      #expect(snapshot.documents.count == last + 2)
    }
  }

  @Test(.needsRoot) func aDiskThatIsFullAtTheBeginning() async throws {
    try await withTemporaryDirectory { directory in
      #expect(try ChildProcess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", directory]))
      defer { umount2(directory, Int32(MNT_DETACH)) }
      try Data(count: 60 << 10).write(to: URL(filePath: directory + "/filler"))
      #expect(throws: StoreError.self) { _ = try SQLiteStore(path: directory + "/store") }
      try FileManager.default.removeItem(atPath: directory + "/filler")
      let store = try SQLiteStore(path: directory + "/store")
      #expect(try await store.read().documents == [])
    }
  }
}

private func numbers(in file: String) -> [Int] {
  lines(of: file).compactMap { Int($0) }
}

/// Whole ones only.
func lines(of file: String) -> [String] {
  guard let data = try? Data(contentsOf: URL(filePath: file)) else { return [] }
  return String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    .map(String.init)
}

/// Returns in the moment in which a file has changed that many times; looks again at once, to be quicker than a commit.
private func waitForChanges(_ count: Int, of path: String) {
  func look() -> [Int] {
    var status = stat()
    guard stat(path, &status) == 0 else { return [] }
    return [Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
  }
  let limit = ContinuousClock.now + .seconds(1)
  var seen = look()
  var changes = 0
  while changes < count, ContinuousClock.now < limit {
    let now = look()
    if now != seen { changes += 1 }
    seen = now
  }
}

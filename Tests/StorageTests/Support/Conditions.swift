// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import LabKit
import Testing

struct NeverHappened: Error { let what: String }

/// Waits for what can be observed; the time limit is for a busy machine.
func eventually(
  _ what: String, within limit: Duration = .seconds(30), _ condition: () async throws -> Bool
) async throws {
  try await waitUntil(what, timeout: limit, condition)
}

/// Runs `body` with an empty directory that is removed afterwards.
func withTemporaryDirectory<Value>(_ body: (String) async throws -> Value) async throws -> Value {
  var template = Array("/tmp/isthmus-storage-XXXXXX".utf8CString)
  guard let path = mkdtemp(&template).map({ String(cString: $0) }) else { throw NeverHappened(what: "mkdtemp") }
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try await body(path)
}

/// With it a test that cannot run fails instead of being skipped.
private let isRequired = getenv("ISTHMUS_REQUIRE").map { String(cString: $0) } == "lab"

enum Requirements {
  static let etcd = isRequired || access("/usr/bin/etcd", X_OK) == 0 || access("/usr/local/bin/etcd", X_OK) == 0
  static let root = isRequired || geteuid() == 0
}

extension Trait where Self == ConditionTrait {
  static var needsEtcd: Self { .enabled(if: Requirements.etcd, "etcd is not installed (apt-get install etcd-server)") }
  static var needsRoot: Self { .enabled(if: Requirements.root, "not root: a full file system cannot be mounted") }
}

/// Beside the program that runs the tests.
func builtProgram(_ name: String) throws -> String {
  guard let path = realpath("/proc/self/exe", nil) else { throw NeverHappened(what: "/proc/self/exe") }
  defer { free(path) }
  for directory in CommandLine.arguments + [String(cString: path)] {
    let candidate =
      directory.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
      + "/" + name
    if access(candidate, X_OK) == 0 { return candidate }
  }
  throw NeverHappened(what: "a built \(name)")
}

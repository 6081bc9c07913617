// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Subprocess
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Tests that change network namespaces. Where they must not be skipped, what is missing makes them fail.
let canUseNamespaces =
  geteuid() == 0 || ProcessInfo.processInfo.environment["ISTHMUS_REQUIRE"] == "lab"

struct CommandFailed: Error, CustomStringConvertible {
  var script: String
  var output: String
  var description: String { "\(self.script): \(self.output)" }
}

/// Runs a shell script; gives what it wrote to standard output.
@discardableResult
func sh(_ script: String) async throws -> String {
  let result = try await run(
    .name("sh"), arguments: ["-euc", script], output: .string(limit: 4 << 20), error: .string(limit: 1 << 20))
  guard result.terminationStatus.isSuccess else {
    throw CommandFailed(script: script, output: "\(result.terminationStatus) \(result.standardError)")
  }
  return result.standardOutput
}

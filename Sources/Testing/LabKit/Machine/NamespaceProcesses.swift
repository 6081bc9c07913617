// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// The processes in a network namespace.
enum NamespaceProcesses {
  /// All of them; none if there is no such namespace.
  static func all(in namespace: String) async -> [ProcessIdentity] {
    guard let output = try? await Command(["ip", "netns", "pids", namespace]).runSuccessfully() else { return [] }
    return output.split(separator: "\n").compactMap { Int32($0).flatMap { ProcessIdentity(pid: $0) } }
  }

  static func named(_ name: String, in namespace: String) async -> [ProcessIdentity] {
    await self.all(in: namespace).filter { self.name(of: $0) == name }
  }

  /// The executable's name, at most 15 characters of it (proc(5), `comm`).
  static func name(of process: ProcessIdentity) -> String {
    (TextFile.read("/proc/\(process.pid)/comm") ?? "").trimmingNewlines
  }
}

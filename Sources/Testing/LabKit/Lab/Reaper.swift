// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// Removes a lab when its owner has ended, however it ended.
///
/// The reaper is a child in a session of its own whose input the owner holds open. When the owner closes it, exits or is
/// killed, the reaper kills every process in the lab's namespaces, deletes them, which takes the virtual links along,
/// and removes the lab's directory, and its parent if that was the last lab. It is the only code that takes a lab down.
///
/// It is a shell script, not one of our executables, so that any program that links LabKit (tests and benchmarks,
/// too) has it, and because what survives its owner should be small.
struct Reaper: Sendable {
  private let process: ChildProcess
  private let directory: LabDirectory

  /// `$1` is the lab's directory. It stays, with the reaper's log in it, if a namespace could not be deleted.
  private static let script = """
    trap '' HUP INT TERM
    while read -r _; do :; done
    namespaces=$(cat "$1/namespaces")

    pids() {
      for name in $namespaces; do
        if [ -e "/run/netns/$name" ]; then ip netns pids "$name"; fi
      done
    }

    round=0
    while found=$(pids) && [ -n "$found" ] && [ $round -lt 100 ]; do
      if [ $round -gt 0 ]; then sleep 0.02; fi
      kill -KILL $found 2>/dev/null
      round=$((round + 1))
    done

    status=0
    for name in $namespaces; do
      if [ -e "/run/netns/$name" ]; then ip netns delete "$name"; fi
      if [ -e "/run/netns/$name" ]; then status=1; fi
    done
    if [ $status -eq 0 ]; then
      rm -rf "$1"
      rmdir "${1%/*}" 2>/dev/null
    fi
    exit $status
    """

  private static func command(_ directory: LabDirectory) -> Command {
    Command(["sh", "-c", Self.script, "isthmus-lab-reaper", directory.path])
  }

  static func start(_ directory: LabDirectory) async throws -> Reaper {
    Reaper(
      process: try await self.command(directory).start(log: directory.reaperLog, holdsInput: true),
      directory: directory)
  }

  /// Removes a lab that has no reaper.
  static func reapNow(_ directory: LabDirectory) async throws {
    let output = try await self.command(directory).run()
    guard output.succeeded else { throw LabError.remains(directory: directory.path) }
  }

  var identity: ProcessIdentity? { self.process.identity }

  /// Removes the lab and waits until that is done; nothing if another process has taken it down.
  func reap() async throws {
    self.process.closeInput()
    guard try await self.process.wait() == .exited(0) || !fileExists(self.directory.path) else {
      throw LabError.remains(directory: self.directory.path)
    }
  }

  /// Ends the reaper without harm to the lab, which from now on is nobody's.
  func dismiss() async throws {
    self.process.send(.kill)
    self.process.closeInput()
    try await self.process.wait()
  }
}

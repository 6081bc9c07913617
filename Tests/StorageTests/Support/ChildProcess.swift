// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// A process that is ended with its owner.
final class ChildProcess: Sendable {
  struct SpawnError: Error { let command: [String], code: Int32 }

  let identifier: pid_t
  private let status = Mutex<Int32?>(nil)

  /// - Parameter output: a file for what it says; nil: nowhere.
  init(_ command: [String], output: String? = nil) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output ?? "/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    let arguments = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var identifier: pid_t = 0
    let code = posix_spawnp(&identifier, command[0], &actions, nil, arguments, environ)
    guard code == 0 else { throw SpawnError(command: command, code: code) }
    self.identifier = identifier
  }

  deinit {
    self.end(with: SIGKILL)
  }

  func send(_ signal: Int32) {
    self.status.withLock { status in
      // Its number may be another's once it has been waited for.
      guard status == nil else { return }
      kill(self.identifier, signal)
    }
  }

  /// Waits for its end.
  func end(with signal: Int32) {
    self.send(signal)
    self.send(SIGCONT)
    _ = self.wait()
  }

  /// - Returns: as `waitpid` gives it.
  @discardableResult
  func wait() -> Int32 {
    self.status.withLock { status in
      if let status { return status }
      var result: Int32 = 0
      while waitpid(self.identifier, &result, 0) < 0, errno == EINTR {}
      status = result
      return result
    }
  }

  var hasEnded: Bool {
    self.status.withLock { status in
      if status != nil { return true }
      var result: Int32 = 0
      guard waitpid(self.identifier, &result, WNOHANG) == self.identifier else { return false }
      status = result
      return true
    }
  }

  /// Runs to its end.
  static func run(_ command: [String]) throws -> Bool {
    try ChildProcess(command).wait() == 0
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A program that runs until it is killed, with this process's signals, open files and environment kept from it.
struct Daemon {
  struct Failure: Error, CustomStringConvertible {
    var program: String
    var code: Int32
    var description: String { "cannot start \(self.program): \(String(cString: strerror(self.code)))" }
  }

  private let process: pid_t

  init(_ program: String, _ arguments: [String], environment: [String]) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in 0...2 { posix_spawn_file_actions_addopen(&actions, Int32(descriptor), "/dev/null", O_RDWR, 0) }
    posix_spawn_file_actions_addclosefrom_np(&actions, 3)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

    var process: pid_t = 0
    let code = withCStrings([program] + arguments) { argv in
      withCStrings(environment) { envp in posix_spawn(&process, program, &actions, &attributes, argv, envp) }
    }
    guard code == 0 else { throw Failure(program: program, code: code) }
    self.process = process
  }

  /// Ends it at once and waits until it is gone.
  func kill() {
    Glibc.kill(self.process, SIGKILL)
    var status: Int32 = 0
    while waitpid(self.process, &status, 0) < 0, errno == EINTR {}
  }
}

private func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  let pointers = strings.map { strdup($0) } + [nil]
  defer { for pointer in pointers { free(pointer) } }
  return pointers.withUnsafeBufferPointer { body($0.baseAddress!) }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A process that cannot be mistaken for a later one with the same number.
package struct ProcessIdentity: Sendable, Hashable, Codable {
  package let pid: Int32
  /// Clock ticks from the boot of the machine to the start of the process (proc(5), `stat`, field 22).
  package let startTime: UInt64

  /// Nil if no such process runs; one that has ended and waits for its parent (a zombie) does not.
  package init?(pid: Int32) {
    guard pid > 0, let text = TextFile.read("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    // The second field, the name in brackets, may hold anything; the third follows the last bracket.
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X", let startTime = UInt64(fields[19]) else { return nil }
    self.pid = pid
    self.startTime = startTime
  }

  package static var current: ProcessIdentity? { ProcessIdentity(pid: getpid()) }

  package var isAlive: Bool { ProcessIdentity(pid: self.pid) == self }

  /// Does nothing if the process has ended.
  ///
  /// - Parameter toGroup: to all processes of the group that it leads.
  package func send(_ signal: ProcessSignal, toGroup: Bool = false) {
    if self.isAlive { kill(toGroup ? -self.pid : self.pid, signal.number) }
  }
}

/// The signals that labs send.
package enum ProcessSignal: Sendable {
  case interrupt, terminate, kill, stop, `continue`

  var number: Int32 {
    switch self {
    case .interrupt: SIGINT
    case .terminate: SIGTERM
    case .kill: SIGKILL
    case .stop: SIGSTOP
    case .continue: SIGCONT
    }
  }
}

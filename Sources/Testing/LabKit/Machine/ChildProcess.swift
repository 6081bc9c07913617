// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// A process that runs beside this one.
package final class ChildProcess: Sendable {
  /// Nil: it had ended before it could be looked at.
  package let identity: ProcessIdentity?
  private let inputCloser: AsyncStream<Never>.Continuation
  private let ended: Task<ExitStatus, any Error>

  init(pid: Int32, inputCloser: AsyncStream<Never>.Continuation, ended: Task<ExitStatus, any Error>) {
    self.identity = ProcessIdentity(pid: pid)
    self.inputCloser = inputCloser
    self.ended = ended
  }

  deinit { self.inputCloser.finish() }

  package var isAlive: Bool { self.identity?.isAlive ?? false }

  /// Does nothing if it has ended.
  package func send(_ signal: ProcessSignal) { self.identity?.send(signal) }

  /// Ends its standard input.
  package func closeInput() { self.inputCloser.finish() }

  /// Waits until it has ended. A process whose input is held open counts as running until that is closed.
  @discardableResult
  package func wait() async throws -> ExitStatus { try await self.ended.value }
}

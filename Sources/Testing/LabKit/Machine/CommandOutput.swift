// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

/// How a process ended.
package enum ExitStatus: Sendable, Equatable, CustomStringConvertible {
  case exited(Int32)
  /// By a signal that it did not handle.
  case signaled(Int32)

  package var description: String {
    switch self {
    case .exited(let code): "status \(code)"
    case .signaled(let signal): "signal \(signal)"
    }
  }
}

/// What a command left.
package struct CommandOutput: Sendable, Equatable {
  package let command: String
  package let status: ExitStatus
  package let output: String
  package let error: String

  package var succeeded: Bool { self.status == .exited(0) }

  /// - Returns: the standard output.
  @discardableResult
  package func requireSuccess() throws(LabError) -> String {
    guard self.succeeded else {
      throw .commandFailed(
        command: self.command, status: "\(self.status)",
        output: (self.error.isEmpty ? self.output : self.error).trimmingNewlines)
    }
    return self.output
  }
}

extension String {
  /// Without the line ends that commands leave behind their output.
  var trimmingNewlines: String {
    var text = self[...]
    while text.last?.isNewline == true { text.removeLast() }
    return String(text)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ArgumentParser
import Glibc
import Outbound

/// Why a command did not do what was asked: `error[code]: message`, a hint below it, and an exit status.
struct CommandFailure: Error, Equatable {
  /// Those of sysexits(3), as far as it has one.
  enum Status: Int32 {
    /// What was asked for is not there, or not well.
    case failed = 1
    /// EX_UNAVAILABLE: no controller answers, or something that the command needs is not on this machine.
    case unreachable = 69
  }

  var code: String
  var message: String
  /// What to do; nil: nothing useful comes to mind.
  var hint: String?
  var status: Status

  var text: String {
    "error[\(self.code)]: \(self.message)\n" + (self.hint.map { "  \($0)\n" } ?? "")
  }

  static func unreachable(_ url: String, _ why: HTTPOutboundError) -> CommandFailure {
    CommandFailure(
      code: "unreachable", message: "controller not reachable at \(url): \(why)",
      hint: "is isthmus-controller running there? --api or \(ControllerOptions.environmentName) names another address",
      status: .unreachable)
  }

  /// Something answered, but not as the API does.
  static func notAController(_ url: String, _ what: String) -> CommandFailure {
    CommandFailure(
      code: "unexpected-answer", message: "what answers at \(url) is not this version's controller: \(what)",
      hint: "is that the controller's API, and is it of version \(Product.version)?", status: .unreachable)
  }

  /// The controller's own refusal.
  init(_ problem: ProblemResource) {
    self.init(code: problem.code, message: problem.detail, hint: nil, status: .failed)
  }

  init(code: String, message: String, hint: String?, status: Status) {
    self.code = code
    self.message = message
    self.hint = hint
    self.status = status
  }
}

/// Writes to standard error, where errors and notes go, and ends the line if `text` does not.
func note(_ text: String) {
  var bytes = Array((text.hasSuffix("\n") ? text : text + "\n").utf8)[...]
  while !bytes.isEmpty {
    let written = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    guard written > 0 else { return }
    bytes = bytes.dropFirst(written)
  }
}

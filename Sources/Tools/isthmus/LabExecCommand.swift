// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import LabKit

/// `isthmus lab exec`
struct LabExecCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec", abstract: "Run a command on a host of a lab, in place of this process.",
    usage: "isthmus lab exec [--name <name>] <host> [-- <command> …]")

  @OptionGroup var lab: LabName

  @Argument(help: "client, cold, switch, r1-gw, r1-member, r2-gw, ….")
  var host: String

  @Argument(parsing: .postTerminator, help: "The command and its arguments; a shell if there is none.")
  var command: [String] = []

  func run() async throws {
    try await reportingLabErrors {
      try LabExec.replaceProcess(
        lab: self.lab.name, host: self.host, command: self.command.isEmpty ? ["sh"] : self.command)
    }
  }
}

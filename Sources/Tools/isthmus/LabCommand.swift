// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import LabKit

/// `isthmus lab`: the thesis's figure 5.1 in network namespaces on this machine.
struct LabCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lab",
    abstract: "Build and use a laboratory of regions on this machine.",
    discussion: """
      Test PC, switch, and a gateway and a web server for each region, each in a network namespace of its own, with a \
      private Open vSwitch. Nothing of the machine's own network, firewall or Open vSwitch is touched. Needs root.
      """,
    subcommands: [
      LabUpCommand.self, LabDownCommand.self, LabStatusCommand.self, LabExecCommand.self, LabProberCommand.self,
      LabEntriesCommand.self, LabDriverLawsCommand.self,
      LabCensusCommand.self,
    ])
}

/// Which lab is meant.
struct LabName: ParsableArguments {
  @Option(help: "The lab's name.")
  var name = LabOptions().name
}

/// Runs a verb of the lab's and reports what goes wrong as all commands do. What is missing on the machine has an exit
/// status of its own, 69.
func reportingLabErrors<Result>(_ body: () async throws -> Result) async throws -> Result {
  do {
    return try await body()
  } catch let error as LabError {
    let isMissing = if case .missing = error { true } else { false }
    let failure = CommandFailure(
      code: error.code, message: "\(error)", hint: error.hint, status: isMissing ? .unreachable : .failed)
    note(failure.text)
    throw ExitCode(failure.status.rawValue)
  }
}

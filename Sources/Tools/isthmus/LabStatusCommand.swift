// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import LabKit

/// `isthmus lab status`
struct LabStatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show a lab's hosts and the processes on them.")

  @OptionGroup var lab: LabName

  @Option(help: "How to print the result.")
  var output = OutputFormat.text

  func run() async throws {
    let status = try await reportingLabErrors { try await LabStatus.of(self.lab.name) }
    switch self.output {
    case .text: print(self.text(status))
    case .json:
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      print(String(decoding: try encoder.encode(status), as: UTF8.self))
    }
  }

  private func text(_ status: LabStatus) -> String {
    let life =
      switch (status.owner, status.ownerIsAlive) {
      case (.some(let owner), true): "until process \(owner) ends"
      case (.some(let owner), _): "left by process \(owner), which has died"
      case (nil, _): "in the background"
      }
    let width = (status.hosts.map(\.namespace.count).max() ?? 0) + 2
    let hosts = status.hosts.map { host in
      let processes = host.processes.map { "\($0.name)[\($0.pid)]" }.joined(separator: " ")
      let padding = String(repeating: " ", count: width - host.namespace.count)
      return "  \(host.namespace)\(padding)\(host.exists ? processes : "(no such namespace)")"
    }
    return (["Lab '\(status.name)', \(life), files in \(status.directory)"] + hosts).joined(separator: "\n")
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import LabKit

/// `isthmus lab down`
struct LabDownCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "down", abstract: "Remove a lab: its processes, namespaces and files.")

  @OptionGroup var lab: LabName

  func run() async throws {
    try await reportingLabErrors {
      try await Lab.down(name: self.lab.name)
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Console
import Experiments
import Foundation
import LabKit

/// `isthmus demo`
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo", abstract: "Watch a service outlive its region, on a real Open vSwitch.",
    discussion: """
      Builds a lab of network namespaces, sends requests to the virtual IP all the time, and breaks the primary \
      region in two ways. Exit status: 0 every promise was kept, 1 one was broken, 69 something is missing.
      """)

  @Option(help: "How many regions, 2 to \(LabLayout.maximumRegions).")
  var regions = 2

  @Flag(help: "The story and the measurements as JSON, one object a line.")
  var json = false

  func validate() throws {
    guard (2...LabLayout.maximumRegions).contains(self.regions) else {
      throw ValidationError("--regions \(self.regions): accepted are 2 to \(LabLayout.maximumRegions)")
    }
  }

  func run() async throws {
    let writer: any StoryWriter = self.json ? JSONStoryWriter() : TerminalStoryWriter(palette: terminalPalette())
    let isKept = try await reportingLabErrors {
      try await Story.tell(regions: self.regions, to: writer)
    }
    if !isKept { throw ExitCode.failure }
  }
}

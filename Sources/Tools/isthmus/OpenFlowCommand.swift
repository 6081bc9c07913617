// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `isthmus openflow`
struct OpenFlowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "openflow", abstract: "Read and write OpenFlow messages as JSON.",
    discussion: """
      decode and encode are each other's inverse: the form is described in docs/reference/openflow-json.md.
      """,
    subcommands: [OpenFlowDecodeCommand.self, OpenFlowEncodeCommand.self])
}

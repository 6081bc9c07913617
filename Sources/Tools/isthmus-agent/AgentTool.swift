// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ArgumentParser

/// The agent of one region, on that region's gateway.
@main
struct AgentTool: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "isthmus-agent",
    abstract: "Checks a region's members, tells the controllers, and forwards redirected traffic.",
    version: Product.version,
    subcommands: [Run.self, Clean.self, Member.self],
    defaultSubcommand: Run.self)
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Agent
import ArgumentParser

struct Clean: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Remove the agent's forwarding rules from this machine.",
    discussion: "Redirected traffic is no longer sent on. Stop the agent first: it would put them in place again.")

  func run() async throws {
    try await NFTables().remove()
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ArgumentParser
import Console

/// `isthmus configuration`
struct ConfigurationCommand: ControllerCommand {
  static let configuration = CommandConfiguration(
    commandName: "configuration", abstract: "Show what is configured, as a file.",
    discussion: "Without keys: a region whose key stands in the text itself shows NOT-SHOWN instead.")

  @OptionGroup var options: ControllerOptions

  func run(with session: Session) async throws {
    session.show(
      try await session.api.get("/v1/configuration", as: ConfigurationResource.self), ConfigurationResource.text)
  }
}

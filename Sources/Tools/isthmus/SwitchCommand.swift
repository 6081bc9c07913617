// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ArgumentParser
import Console

/// `isthmus switch`
struct SwitchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "switch", abstract: "Show switches.", subcommands: [List.self, Show.self],
    defaultSubcommand: List.self)

  struct List: ControllerCommand {
    static let configuration = CommandConfiguration(abstract: "All switches in a table.")

    @OptionGroup var options: ControllerOptions

    func run(with session: Session) async throws {
      session.show(
        try await session.api.get("/v1/switches", as: SwitchListResource.self), SwitchListResource.text)
    }
  }

  struct Show: ControllerCommand {
    static let configuration = CommandConfiguration(abstract: "One switch: its tables, its ports, who serves there.")

    @Argument(help: "The switch's name or datapath.")
    var name: String
    @OptionGroup var options: ControllerOptions

    func run(with session: Session) async throws {
      session.show(
        try await session.api.get("/v1/switches/\(pathPart(self.name))", as: SwitchResource.self),
        SwitchResource.text)
    }
  }
}

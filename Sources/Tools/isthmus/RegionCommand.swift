// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ArgumentParser
import Console

/// `isthmus region`
struct RegionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "region", abstract: "Show regions.", subcommands: [List.self, Show.self], defaultSubcommand: List.self)

  struct List: ControllerCommand {
    static let configuration = CommandConfiguration(abstract: "All regions in a table.")

    @OptionGroup var options: ControllerOptions

    func run(with session: Session) async throws {
      session.show(try await session.api.get("/v1/regions", as: RegionListResource.self), RegionListResource.text)
    }
  }

  struct Show: ControllerCommand {
    static let configuration = CommandConfiguration(abstract: "One region: its agent, its paths, its services.")

    @Argument(help: "The region's name.")
    var name: String
    @OptionGroup var options: ControllerOptions

    func run(with session: Session) async throws {
      session.show(
        try await session.api.get("/v1/regions/\(pathPart(self.name))", as: RegionResource.self), RegionResource.text)
    }
  }
}

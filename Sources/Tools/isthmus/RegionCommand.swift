// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ArgumentParser
import Console
import ServiceFiles

/// `isthmus region`
struct RegionCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "region", abstract: "Show regions, and take one out of service.",
    subcommands: [List.self, Show.self, Drain.self, Undrain.self], defaultSubcommand: List.self)

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

  struct Drain: ControllerCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take a region out of service without breaking a connection.",
      discussion: """
        The region gets no new connections, and those that are open finish. The event 'drained' says when its gateway \
        counts none any more. It stays out until 'undrain', but serves what nobody else can. On a switch with placement \
        'hash' or 'redirect', which keeps no connections, those that move break: the answer says how many.
        """)

    @Argument(help: "The region's name.")
    var name: String
    @Option(help: ArgumentHelp("Cut what is still open after this time, like 10m.", valueName: "duration"))
    var deadline: WholeSeconds?
    @Flag(help: "Also where no other region serves: new connections are dropped there.")
    var force = false
    @Flag(help: "Do nothing, only say what it would break.")
    var dryRun = false
    @OptionGroup var options: ControllerOptions

    func run(with session: Session) async throws {
      var query = ["force=\(self.force)", "dry-run=\(self.dryRun)"]
      if let deadline { query.append("deadline-seconds=\(deadline.count)") }
      let path = "/v1/regions/\(pathPart(self.name))/drain?\(query.joined(separator: "&"))"
      session.show(try await session.api.post(path, as: RegionCommandResource.self), RegionCommandResource.text)
    }
  }

  struct Undrain: ControllerCommand {
    static let configuration = CommandConfiguration(abstract: "Put a drained region back into service.")

    @Argument(help: "The region's name.")
    var name: String
    @Flag(help: "Do nothing, only say what it would break.")
    var dryRun = false
    @OptionGroup var options: ControllerOptions

    func run(with session: Session) async throws {
      let path = "/v1/regions/\(pathPart(self.name))/undrain?dry-run=\(self.dryRun)"
      session.show(try await session.api.post(path, as: RegionCommandResource.self), RegionCommandResource.text)
    }
  }
}

/// A duration on the command line, in whole seconds: `90s`, `10m`, `1h`.
struct WholeSeconds: ExpressibleByArgument {
  var count: Int64

  init?(argument: String) {
    guard let duration = DurationText.duration(argument), duration >= .zero, duration.components.attoseconds == 0 else {
      return nil
    }
    self.count = duration.components.seconds
  }
}

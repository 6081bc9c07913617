// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ArgumentParser
import Console

/// `isthmus service`
struct ServiceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "service", abstract: "Show services, and move one back.",
    subcommands: [List.self, Show.self, Failback.self, Release.self], defaultSubcommand: List.self)

  struct List: ControllerCommand {
    static let configuration = CommandConfiguration(abstract: "All services in a table.")

    @OptionGroup var options: ControllerOptions

    func run(with session: Session) async throws {
      session.show(
        try await session.api.get("/v1/services", as: ServiceListResource.self), ServiceListResource.text)
    }
  }

  struct Show: ControllerCommand {
    static let configuration = CommandConfiguration(abstract: "One service: its address, its regions, who serves it.")

    @Argument(help: "The service's name.")
    var name: String
    @OptionGroup var options: ControllerOptions

    func run(with session: Session) async throws {
      session.show(
        try await session.api.get("/v1/services/\(pathPart(self.name))", as: ServiceResource.self),
        ServiceResource.text)
    }
  }

  struct Release: ControllerCommand {
    static let configuration = CommandConfiguration(
      abstract: "Let services move that are held because too many failed at once.",
      discussion: "See 'mass-failure' in the configuration. While they are held, an alarm says so.")

    @OptionGroup var options: ControllerOptions

    func run(with session: Session) async throws {
      session.show(
        try await session.api.post("/v1/mass-failure/release", as: MassFailureResource.self), MassFailureResource.text)
    }
  }

  struct Failback: ControllerCommand {
    static let configuration = CommandConfiguration(
      abstract: "Send a service's new connections back to its most preferred live region.",
      discussion: "For services with 'failback: manual'. Connections that are open stay where they are.")

    @Argument(help: "The service's name.")
    var name: String
    @OptionGroup var options: ControllerOptions

    func run(with session: Session) async throws {
      session.show(
        try await session.api.post("/v1/services/\(pathPart(self.name))/failback", as: FailbackResource.self),
        FailbackResource.text)
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import APIModel
import ArgumentParser

/// `isthmus`: what people use. Each verb has a file of its own beside this one.
@main
struct Isthmus: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "isthmus",
    abstract: "One public IP for a service that runs in several regions.",
    discussion: """
      status, service, region, switch, flow, events, apply and configuration ask a running controller (--api, or \
      ISTHMUS_API). \
      The others need none.
      """,
    version: Product.version,
    subcommands: [
      StatusCommand.self, ServiceCommand.self, RegionCommand.self, SwitchCommand.self, FlowCommand.self,
      EventsCommand.self,
      CheckCommand.self, ApplyCommand.self, ConfigurationCommand.self, StoreCommand.self, DemoCommand.self,
      BenchCommand.self, SimulateCommand.self, LabCommand.self,
      OpenFlowCommand.self, OpenStackCommand.self,
    ])
}

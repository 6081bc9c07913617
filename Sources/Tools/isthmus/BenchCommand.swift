// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `isthmus bench`
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure what is promised, in a lab of its own.",
    subcommands: [
      BenchFailoverCommand.self, BenchRedirectionCommand.self, BenchSouthboundCommand.self, BenchFlowsCommand.self,
      BenchCodecCommand.self, BenchSpreadCommand.self, BenchMovesCommand.self,
      BenchConnectionsCommand.self, BenchThroughputCommand.self, BenchScaleCommand.self,
      BenchRegionLossCommand.self, BenchTakeoverCommand.self, BenchSwitchLossCommand.self, BenchGatewayLossCommand.self,
      BenchTriggersCommand.self, BenchSlotsCommand.self, BenchRestCommand.self, BenchEntriesCommand.self,
      BenchSoakCommand.self,
    ])
}

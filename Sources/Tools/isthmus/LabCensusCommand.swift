// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ArgumentParser
import LabKit
import SystemPackage

/// `isthmus lab census`: what `Lab.census` runs on a client.
struct LabCensusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "census", abstract: "Ask over UDP from many ports which region answers.", shouldDisplay: false)

  @Option(help: "ADDRESS:PORT", transform: LabProberCommand.endpoint)
  var target: SocketEndpoint

  @Option(help: "The first of the client's ports.")
  var firstPort: UInt16

  @Option(help: "How many ports.")
  var count: UInt16

  @Option(help: "A client's address; each asks from all ports.", transform: LabProberCommand.address)
  var source: [IPv4Address]

  func validate() throws {
    guard self.firstPort > 0, self.count > 0, Int(self.firstPort) + Int(self.count) <= 65_535 else {
      throw ValidationError("--first-port \(self.firstPort) --count \(self.count): ports are 1 to 65534")
    }
  }

  func run() throws {
    try FlowCensus(
      target: self.target, ports: self.firstPort..<self.firstPort + self.count, sources: self.source
    ).run(output: .standardOutput)
  }
}

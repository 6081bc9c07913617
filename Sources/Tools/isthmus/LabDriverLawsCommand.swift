// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import ArgumentParser
import DriverLaws
import Outbound
import ServiceModel
import Southbound

/// `isthmus lab driver-laws`: what the tests of drivers run beside a controller, in its namespace.
struct LabDriverLawsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "driver-laws", abstract: "Try on a controller what every driver has to keep.", shouldDisplay: false)

  @Option(help: "floodlight or ryu.")
  var controller: ForeignController.Kind
  @Option(help: "Its API: http://HOST:PORT")
  var url: String
  @Option(help: "A switch that it has.", transform: LabDriverLawsCommand.datapath)
  var datapath: DatapathID

  func run() async throws {
    let verdicts = try await HTTPOutbound.withClient { http in
      let driver = ForeignController(self.controller, url: self.url).driver(http)
      return await DriverLaws(driver, of: self.controller, on: self.datapath).verdicts()
    }
    for verdict in verdicts { print("\(verdict.problem == nil ? "kept" : "BROKEN"): \(verdict.law)") }
    for verdict in verdicts { if let problem = verdict.problem { note("\(verdict.law): \(problem)") } }
    if verdicts.contains(where: { $0.problem != nil }) { throw ExitCode.failure }
  }

  static func datapath(_ text: String) throws -> DatapathID {
    guard let datapath = DatapathID(text) else { throw ValidationError("'\(text)' is no datapath id") }
    return datapath
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CloudModel
import Clouds
import ServiceFiles
import ServiceModel

/// `isthmus openstack prepare`
struct OpenStackPrepareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare", abstract: "Have the clouds let a service's packets pass.",
    discussion: """
      Without --yes it says what it would change. The security groups 'isthmus-gateway' and 'isthmus-member' get the rules \
      that are missing and are added to the ports; groups of others are not touched. It may be interrupted and run again at any time. Exit status: 0 all \
      passes, 1 something has to be done by hand, 69 a cloud does not answer.
      """)

  @OptionGroup var cloud: CloudOptions
  @Flag(help: "Change it.")
  var yes = false

  func run() async throws {
    try await self.cloud.run { template, http in
      let survey = try await self.cloud.survey(template, http)
      let intent = try resolve(template, survey).file.intent
      let bindings = try survey.bindings(of: template)
      var byHand = 0
      for (region, found) in try findings(template, survey, intent) {
        guard let name = RegionName(region.name) else { continue }
        for finding in found {
          print("\(region.name): \(finding.what): \(finding.problem)")
          if finding.remedy == nil { print("  by hand: \(finding.hint)") }
        }
        byHand += found.count { $0.remedy == nil }
        guard self.yes else { continue }
        let steps = try await CloudChange.perform(
          by: region.provider, about: region.references, onStep: { print("\(region.name): \($0)") }
        ) { facts in
          Inspection(facts).findings(PortRequirement.all(of: intent, in: name, bindings, facts))
            .lazy.compactMap(\.remedy).first
        }
        print("\(region.name): \(steps == 0 ? "nothing to change" : "\(steps) changes made")")
      }
      if !self.yes { print("nothing was changed; --yes changes it") }
      if byHand > 0 { throw ExitCode(CommandFailure.Status.failed.rawValue) }
    }
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CloudModel
import Clouds
import ServiceFiles

/// `isthmus openstack check`
struct OpenStackCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Say what in the clouds would keep a service's packets from passing.",
    discussion: "Changes nothing. Exit status: 0 nothing would, 1 something would, 69 a cloud does not answer.")

  @OptionGroup var cloud: CloudOptions

  func run() async throws {
    try await self.cloud.run { template, http in
      let survey = try await self.cloud.survey(template, http)
      let intent = try resolve(template, survey).file.intent
      var count = 0
      for (region, findings) in try findings(template, survey, intent) {
        for finding in findings {
          count += 1
          print("\(region.name): \(finding.what): \(finding.problem)\n  \(finding.hint)")
        }
      }
      guard count > 0 else { return print("ok: \(survey.regions.count) regions let everything pass") }
      throw ExitCode(CommandFailure.Status.failed.rawValue)
    }
  }
}

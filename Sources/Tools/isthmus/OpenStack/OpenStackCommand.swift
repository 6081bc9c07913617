// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CloudModel
import Clouds
import Glibc
import Outbound
import ServiceFiles
import ServiceModel

/// `isthmus openstack`: addresses that are found instead of copied, and clouds that let a service's packets pass.
struct OpenStackCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "openstack", abstract: "Find, check and prepare the machines of OpenStack regions.",
    discussion: """
      FILE is a configuration in which regions have a 'cloud', and gateways and members are named as the cloud knows them: \
      'server', 'tag', 'cloud-port' or 'floating-ip' in place of 'address'. Clouds are found as every OpenStack tool \
      finds them: clouds.yaml, secure.yaml, OS_*. Controllers never ask a cloud: they act by the addresses that \
      'discover' writes.
      """,
    subcommands: [
      OpenStackDiscoverCommand.self, OpenStackCheckCommand.self, OpenStackPrepareCommand.self,
      OpenStackFloatingIPCommand.self,
    ])
}

/// What all of them begin with.
struct CloudOptions: ParsableArguments {
  @Argument(help: "The YAML file.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String
  @Option(help: "The cloud of regions that name none.")
  var osCloud: String?

  /// Runs `body`, and says what went wrong.
  func run(_ body: (CloudTemplate, HTTPOutbound) async throws -> Void) async throws {
    do {
      let template = try CloudTemplate.load(path: self.file)
      try await HTTPOutbound.withClient { try await body(template, $0) }
    } catch let error as ServiceFileErrors {
      note("\(error)")
      throw ExitCode(CommandFailure.Status.failed.rawValue)
    } catch let error as CloudError {
      note("\(error)")
      throw ExitCode(
        (error.kind == .unreachable ? CommandFailure.Status.unreachable : CommandFailure.Status.failed).rawValue)
    }
  }

  /// By the names of the regions that have machines which are named.
  func providers(_ template: CloudTemplate, _ http: HTTPOutbound) throws -> [String: any CloudProvider] {
    var providers: [String: any CloudProvider] = [:]
    for name in Set(template.places.map(\.region)) {
      let cloud = template.clouds[name]
      guard cloud != nil || self.osCloud != nil else { continue }
      let access = try CloudsFile.access(
        to: cloud?.name ?? self.osCloud, region: cloud?.region, environment: environment())
      providers[name] = OpenStackProvider(access, http)
    }
    return providers
  }

  func survey(_ template: CloudTemplate, _ http: HTTPOutbound) async throws -> CloudSurvey {
    await CloudSurvey.make(of: template, try self.providers(template, http))
  }
}

/// A configuration with addresses, and the text of it.
func resolve(_ template: CloudTemplate, _ survey: CloudSurvey) throws -> (text: String, file: ServiceFile) {
  var answers: [[CloudTemplate.Answer]] = []
  for place in template.places { answers.append(try survey.answers(to: place, in: template.file)) }
  let text = template.resolved { place in
    template.places.firstIndex(of: place).map { answers[$0] } ?? []
  }
  return (text, try template.check(text))
}

/// What keeps packets from passing, region by region.
func findings(
  _ template: CloudTemplate, _ survey: CloudSurvey, _ intent: Intent
) throws -> [(region: CloudSurvey.Region, findings: [Finding])] {
  let bindings = try survey.bindings(of: template)
  return try survey.regions.map { region in
    guard let name = RegionName(region.name) else { return (region, []) }
    let facts = try region.facts.get()
    return (region, Inspection(facts).findings(PortRequirement.all(of: intent, in: name, bindings, facts)))
  }
}

/// The variables of this process's environment.
func environment() -> CloudsFile.Environment {
  var variables: CloudsFile.Environment = [:]
  var entry = environ
  while let text = entry.pointee {
    let parts = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
    entry += 1
  }
  return variables
}

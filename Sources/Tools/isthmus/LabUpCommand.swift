// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import LabKit
import ServiceModel

/// `isthmus lab up`
struct LabUpCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "up", abstract: "Build a lab and leave it running until 'isthmus lab down'.")

  @OptionGroup var lab: LabName

  @Option(help: "How many regions, 1 to \(LabLayout.maximumRegions).")
  var regions = LabOptions().regions

  @Option(help: "How many controllers, 1 to 5; with several, etcd runs beside them and says which leads.")
  var controllers = LabOptions().controllers

  @Option(help: "How many switches, 1 or 2; two stand in for each other.")
  var switches = LabOptions().switches

  @Option(help: "How two switches do so: \(SwitchGroup.Mode.allCases.map(\.rawValue).joined(separator: " or ")).")
  var switchMode = LabOptions().switchMode.rawValue

  @Option(help: "How many gateways each region has, 1 or 2; of two one is active, by keepalived and conntrackd.")
  var gateways = LabOptions().gateways

  @Flag(help: "Add a second client, 'cold', that has spoken to nobody yet.")
  var coldClient = false

  @Flag(help: "Add a client to each region, 'r1-client' and so on, behind the same port of the switch as its gateway.")
  var insideClients = false

  @Flag(help: "Start neither controller nor agents.")
  var bare = false

  @Flag(help: "The virtual IP also is an address of r1's gateway, as in the thesis.")
  var adopted = false

  @Option(help: "Where heartbeats go: management, or provider, with the traffic, as in the thesis.")
  var heartbeats = LabNetwork.management

  @Flag(name: .customLong("tls"), help: "The switch and the controller speak over mutual TLS.")
  var isEncrypted = false

  @Option(
    help: "Where the switch places connections: \(Placement.allCases.map(\.rawValue).joined(separator: ", ")).")
  var placement: String?

  @Flag(name: .customLong("ipv6"), help: "Add IPv6 addresses, and the service 'web6' with an IPv6 virtual IP.")
  var hasIPv6 = false

  @Option(help: "How new connections are spread: \(Policy.allCases.map(\.rawValue).joined(separator: ", ")).")
  var policy = LabService().policy.rawValue

  @Option(parsing: .upToNextOption, help: "The regions' weights in their order, for policies that take them.")
  var weights: [Int] = []

  @Option(help: "T_h, between two heartbeats or probes: 100ms, 1s, ….")
  var heartbeatInterval = LabDuration(LabOptions().detection.heartbeatInterval)

  @Option(help: "n, misses in a row that take a region out.")
  var misses = LabOptions().detection.misses

  @Option(help: "How members are judged: \(Detection.Mode.allCases.map(\.rawValue).joined(separator: " or ")).")
  var detection = Detection.Mode.immediate.rawValue

  @Option(help: "How long a region must have been well before it returns.")
  var hold = LabDuration(LabOptions().detection.hold)

  @Flag(help: "Stay in the foreground; the lab goes away with this process, however that ends.")
  var foreground = false

  func run() async throws {
    let options = try self.options()
    try await reportingLabErrors {
      let lab = try await Lab.up(options)
      if options.processes == .controllerAndAgents { try await self.waitUntilServing(lab) }
      print(self.summary(of: lab))
      if self.foreground {
        while true { try await Task.sleep(for: .seconds(3_600)) }
      }
      try await lab.leave()
    }
  }

  private func options() throws -> LabOptions {
    guard let mode = Detection.Mode(rawValue: self.detection) else {
      throw ValidationError(
        "--detection \(self.detection): \(Detection.Mode.allCases.map(\.rawValue).joined(separator: " or "))")
    }
    guard let policy = Policy(rawValue: self.policy) else {
      throw ValidationError("--policy \(self.policy): \(Policy.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    guard let switchMode = SwitchGroup.Mode(rawValue: self.switchMode) else {
      throw ValidationError(
        "--switch-mode \(self.switchMode): \(SwitchGroup.Mode.allCases.map(\.rawValue).joined(separator: " or "))")
    }
    var options = LabOptions()
    if let text = self.placement {
      guard let placement = Placement(rawValue: text) else {
        throw ValidationError("--placement \(text): \(Placement.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      options.placement = placement
    }
    options.name = self.lab.name
    options.regions = self.regions
    options.controllers = self.controllers
    options.switches = self.switches
    options.switchMode = switchMode
    options.gateways = self.gateways
    options.coldClient = self.coldClient
    options.insideClients = self.insideClients
    options.heartbeatNetwork = self.heartbeats
    options.isEncrypted = self.isEncrypted
    options.hasIPv6 = self.hasIPv6
    options.processes = self.bare ? .none : .controllerAndAgents
    options.detection.heartbeatInterval = self.heartbeatInterval.duration
    options.detection.misses = self.misses
    options.detection.hold = self.hold.duration
    options.service.mode = mode
    options.service.policy = policy
    options.service.weights = self.weights
    options.service.adoptedFrom = self.adopted ? 1 : nil
    return options
  }

  private func waitUntilServing(_ lab: Lab) async throws {
    do {
      try await lab.waitUntilServing()
    } catch {
      try? await lab.down()
      throw error
    }
  }

  private func summary(of lab: Lab) -> String {
    let name = lab.layout.name == LabOptions().name ? "" : " --name \(lab.layout.name)"
    return """
      Lab '\(lab.layout.name)' is up: \(lab.layout.hosts.map(\.description).joined(separator: " "))
      Virtual IP \(LabLayout.virtualIP)\(lab.layout.hasIPv6 ? " and \(LabLayout.virtualIPv6)" : ""), client \(LabLayout.clientAddress), files in \(lab.directory.path)

        isthmus lab exec\(name) client -- curl http://\(LabLayout.virtualIP)/
        isthmus lab status\(name)
        isthmus lab down\(name)
      """
  }
}

/// A time on the command line: `100ms`, `2s`.
struct LabDuration: ExpressibleByArgument {
  let duration: Duration

  init(_ duration: Duration) { self.duration = duration }

  init?(argument: String) {
    let digits = argument.prefix { $0.isNumber }
    guard let number = Int64(digits), number <= 86_400_000 else { return nil }
    switch argument.dropFirst(digits.count) {
    case "ms": self.duration = .milliseconds(number)
    case "s": self.duration = .seconds(number)
    default: return nil
    }
  }

  var defaultValueDescription: String { "\(Int(self.duration.milliseconds))ms" }
}

extension LabNetwork: ExpressibleByArgument {}

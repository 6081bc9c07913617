// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import ServiceModel

/// A running lab: the thesis's figure 5.1 on one machine, for any number of regions, with real processes.
///
/// It dies with the process that made it, however that ends, unless it is left in the background by `leave()`.
///
///     try await Lab.with(options) { lab in
///       try await lab.waitUntilServing()
///       let prober = try await lab.startProber()
///       let event = try await lab.goDark(1)
///       try await lab.waitUntilServing(by: 2)
///       let log = try await prober.stop()
///       let outage = try #require(log.unavailability(around: event))
///       #expect(outage.duration < .milliseconds(320))
///     }
package actor Lab {
  package nonisolated let options: LabOptions
  package nonisolated let layout: LabLayout
  /// Where the lab's files are: logs, sockets, configuration.
  package nonisolated let directory: LabDirectory
  nonisolated let openVSwitches: [OpenVSwitch]
  nonisolated var openVSwitch: OpenVSwitch { self.openVSwitches[0] }
  nonisolated let executables: LabExecutables
  private let reaper: Reaper
  private var record: LabRecord

  var controllers: [Int: ChildProcess] = [:]
  var etcd: ChildProcess?
  var foreign: ChildProcess?
  var agents: [LabHost: ChildProcess] = [:]
  /// What keeps two gateways alike, by machine.
  var pairs: [LabHost: [ChildProcess]] = [:]
  var agentsKilledByDarkness: Set<Int> = []
  var probersStarted = 0

  private init(_ options: LabOptions, directory: LabDirectory, record: LabRecord, reaper: Reaper) {
    self.options = options
    self.layout = options.layout
    self.directory = directory
    self.openVSwitches = options.layout.switches.map { number in
      OpenVSwitch(
        layout: options.layout, number: number, directory: directory.openVSwitch(number),
        certificates: options.isEncrypted ? directory.certificates : nil, versions: options.openFlowVersions)
    }
    self.executables = LabExecutables(
      controller: ExecutablePath.ofProduct("isthmus-controller", override: options.executables.controller),
      agent: ExecutablePath.ofProduct("isthmus-agent", override: options.executables.agent),
      isthmus: ExecutablePath.ofProduct("isthmus", override: options.executables.isthmus))
    self.record = record
    self.reaper = reaper
  }

  /// Builds a lab and starts everything in it. The switch has its controller when this returns; whether the service is
  /// served yet is another question: `waitUntilServing()`.
  ///
  /// What a dead owner left under the same name is removed first. If this throws, nothing is left.
  /// - Throws: `LabError`.
  package static func up(_ options: LabOptions = LabOptions()) async throws -> Lab {
    try options.validate()
    let missing = LabRequirements.missing(for: options)
    guard missing.isEmpty else { throw LabError.missing(missing) }
    let directory = LabDirectory(root: options.stateDirectory, name: options.name)
    try await directory.claim(options.layout)
    let reaper: Reaper
    do {
      reaper = try await Reaper.start(directory)
    } catch {
      _ = try? await directory.remove()
      throw error
    }
    let record = LabRecord(layout: options.layout, owner: .current, reaper: reaper.identity)
    let lab = Lab(options, directory: directory, record: record, reaper: reaper)
    do {
      try directory.write(record)
      try await lab.build()
      return lab
    } catch {
      try? await lab.down()  // What went wrong first is what matters.
      throw error
    }
  }

  /// Builds a lab, runs `body` with it, and removes it.
  package static func with<Result>(
    _ options: LabOptions = LabOptions(), _ body: (Lab) async throws -> Result
  ) async throws -> Result {
    let lab = try await Lab.up(options)
    do {
      let result = try await body(lab)
      try await lab.down()
      return result
    } catch {
      try? await lab.down()
      throw error
    }
  }

  /// Removes the lab: processes, namespaces, files. All handles that came from it are dead then.
  package func down() async throws {
    try await self.reaper.reap()
  }

  /// Leaves the lab running when this process ends; `Lab.down(name:)` removes it.
  package func leave() async throws {
    self.record.owner = nil
    self.record.reaper = nil
    try self.directory.write(self.record)
    try await self.reaper.dismiss()
  }

  /// Removes the lab of this name, whichever process made it. If a living process owns it, that process loses it.
  ///
  /// - Throws: `LabError.notUp` if there is none.
  package static func down(name: String, stateDirectory: String = LabOptions.defaultStateDirectory) async throws {
    let directory = LabDirectory(root: stateDirectory, name: name)
    guard try await directory.remove() else { throw LabError.notUp(name: name) }
  }

  private func build() async throws {
    let plan = NetworkPlan(layout: self.layout, virtualIPOwner: self.options.service.adoptedFrom)
    for step in plan.steps { try await Command(step.words).runSuccessfully(input: step.input) }
    try self.writeConfiguration()
    // Before the switch asks for the gateways.
    if self.options.gateways > 1 { try await self.startPairs() }
    if self.options.isEncrypted { try await self.directory.certificates.make() }
    try await self.startForeignController()
    // Before the switch: one that finds no controller at its start waits a second before it calls again.
    if self.options.processes == .controllerAndAgents {
      if self.options.controllers > 1 { try await self.startEtcd() }
      for number in self.layout.controllers { try await self.startController(number) }
    }
    for openVSwitch in self.openVSwitches { try await openVSwitch.start() }
    for region in self.layout.regions { try await self.startMember(region) }
    guard self.options.processes == .controllerAndAgents else { return }
    for region in self.layout.regions {
      for number in self.layout.gateways { try await self.startAgent(region, gateway: number) }
    }
    // Ten thousand services are some megabytes to be read.
    let patience = Duration.seconds(10 + self.options.service.extraServices / 100)
    for number in self.layout.controllers {
      try await self.waitUntil("controller \(number) of the switch", timeout: patience) {
        guard self.controllers[number]?.isAlive == true else {
          throw LabError.ended("isthmus-controller", log: TextFile.tail(self.directory.controllerLog(of: number)))
        }
        for openVSwitch in self.openVSwitches {
          guard try await self.switchIsConnected(openVSwitch.number, to: number) else { return false }
        }
        return true
      }
    }
  }

  private func writeConfiguration() throws {
    for region in self.layout.regions {
      let digits = (0..<RegionKey.length).map { _ in
        let octet = UInt8.random(in: 0...255)
        return (octet < 16 ? "0" : "") + String(octet, radix: 16)
      }
      try TextFile.write(digits.joined() + "\n", to: self.directory.key(region))
    }
    try self.configure(self.options)
  }
}

// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Addressing
import FoundationEssentials
import LabKit
import ServiceModel

/// A controller that a load is tried on, started for it on this machine's loopback address.
package enum LoadedController: String, Sendable, CaseIterable {
  /// Isthmus's own, forwarding for switches that its configuration does not name.
  case isthmus
  /// `ovs-testcontroller`: Open vSwitch's learning switch in C, the fastest one that is well known.
  case testController = "ovs-testcontroller"

  /// Nil: it is not on this machine.
  package var executable: String? {
    switch self {
    case .isthmus: LabExecutables.find("isthmus-controller")
    case .testController: ExecutablePath.ofTool("ovs-testcontroller")
    }
  }

  package var remedy: String {
    switch self {
    case .isthmus: "swift build --product isthmus-controller"
    case .testController: "apt-get install openvswitch-testcontroller"
    }
  }

  /// Starts it.
  ///
  /// - Parameter directory: an empty one of its own.
  func start(listeningOn endpoint: SocketEndpoint, in directory: String) async throws -> ChildProcess {
    guard let executable = self.executable else {
      throw LabError.missing([LabRequirement(name: self.rawValue, remedy: self.remedy)])
    }
    switch self {
    case .isthmus:
      let configuration = "\(directory)/isthmus.yaml"
      let text = """
        controller:
          openflow: \(endpoint)
          agents: \(endpoint.address):\(endpoint.port + 1)
          api: \(endpoint.address):\(endpoint.port + 2)
          unlisted-switches: learning
        regions: []
        switches: []
        services: []

        """
      try Data(text.utf8).write(to: URL(filePath: configuration))
      return try await Command([executable, "--config", configuration, "--log-level", "warning"])
        .start(log: "\(directory)/log")
    case .testController:
      return try await Command(
        [executable, "--protocols=OpenFlow13", "ptcp:\(endpoint.port):\(endpoint.address)"],
        environment: ["OVS_RUNDIR": directory, "OVS_LOGDIR": directory]
      ).start(log: "\(directory)/log")
    }
  }
}

/// A load on a controller, and what that cost the controller.
package struct LoadTrial: Sendable {
  package let controller: LoadedController
  package let report: LoadReport
  /// Share of one processor while answers were counted.
  package let processorShare: Double
  /// Right after the run.
  package let residentBytes: Int

  /// Starts the controller, loads it, and ends it.
  package static func run(
    _ controller: LoadedController, _ options: LoadOptions, directory: String
  ) async throws -> LoadTrial {
    let process = try await controller.start(listeningOn: options.controller, in: directory)
    defer { process.send(.terminate) }
    try await waitUntil("\(controller.rawValue) to listen on \(options.controller)") {
      guard process.isAlive else {
        throw LabError.cannotRun(command: controller.rawValue, reason: TextFile.tail("\(directory)/log"))
      }
      return await SouthboundLoad.answers(options.controller)
    }
    let pid = process.identity?.pid ?? 0
    var before: ProcessUsage?
    var after: ProcessUsage?
    let report = try await SouthboundLoad.run(
      options, onStart: { before = ProcessUsage(pid: pid) }, onEnd: { after = ProcessUsage(pid: pid) })
    let used = (after?.processorTime ?? .zero) - (before?.processorTime ?? .zero)
    let trial = LoadTrial(
      controller: controller, report: report, processorShare: used / options.duration,
      residentBytes: ProcessUsage(pid: pid)?.residentBytes ?? 0)
    process.send(.terminate)
    try await process.wait()
    return trial
  }
}

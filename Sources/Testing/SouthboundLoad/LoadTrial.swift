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

  /// Switches that one process takes; more need more processes. `ovs-testcontroller` ends at the 17th.
  package var maximumSwitches: Int {
    switch self {
    case .isthmus: .max
    case .testController: 16
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
          store: \(directory)/controller.store
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
  ///
  /// - Parameter directory: an empty one for it.
  package static func run(
    _ controller: LoadedController, _ options: LoadOptions, directory: String
  ) async throws -> LoadTrial {
    var processes: [ChildProcess] = []
    defer { for process in processes { process.send(.terminate) } }
    for (index, endpoint) in options.controllers.enumerated() {
      let own = "\(directory)/\(index)"
      try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: false)
      let process = try await controller.start(listeningOn: endpoint, in: own)
      processes.append(process)
      try await waitUntil("\(controller.rawValue) to listen on \(endpoint)") {
        guard process.isAlive else {
          throw LabError.cannotRun(command: controller.rawValue, reason: TextFile.tail("\(own)/log"))
        }
        return await SouthboundLoad.answers(endpoint)
      }
    }
    let pids = processes.compactMap { $0.identity?.pid }
    func used() -> Duration {
      pids.reduce(.zero) { $0 + (ProcessUsage(pid: $1)?.processorTime ?? .zero) }
    }
    var before = Duration.zero
    var after = Duration.zero
    let report = try await SouthboundLoad.run(options, onStart: { before = used() }, onEnd: { after = used() })
    let trial = LoadTrial(
      controller: controller, report: report, processorShare: (after - before) / options.duration,
      residentBytes: pids.reduce(0) { $0 + (ProcessUsage(pid: $1)?.residentBytes ?? 0) })
    for process in processes {
      process.send(.terminate)
      try await process.wait()
    }
    return trial
  }
}

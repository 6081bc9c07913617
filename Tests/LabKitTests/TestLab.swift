// Copyright 2026 The Isthmus Authors
// SPDX-License-Identifier: Apache-2.0

import Glibc
import LabKit
import Testing

/// Labs without controller and agents, whose flows the tests make.
enum TestLab {
  /// - Parameter label: distinguishes labs of one test process.
  static func options(_ label: String) -> LabOptions {
    var options = LabOptions()
    options.name = "test-\(label)-\(getpid())"
    options.processes = .none
    return options
  }

  static let canRun = LabRequirements.shouldTest(options(""))

  /// The lab's namespaces that exist.
  static func namespaces(of options: LabOptions) -> [String] {
    options.layout.hosts.map(options.layout.namespace).filter { access("/run/netns/\($0)", F_OK) == 0 }
  }

  static func directoryExists(_ options: LabOptions) -> Bool {
    access("\(options.stateDirectory)/\(options.name)", F_OK) == 0
  }

  /// The processes whose command line has this text in it. The text is not in the search's own command line.
  static func processes(mentioning text: String) async throws -> [Int32] {
    let search = Command(["sh", "-c", "grep -lsF -f - /proc/[0-9]*/cmdline"])
    return try await search.run(input: text).output.split(separator: "\n").compactMap { path in
      Int32(path.split(separator: "/")[1])
    }
  }
}

extension Lab {
  /// An ordinary learning switch, and a client that knows its way to the members: what the lab is without Isthmus.
  func connectPlainly() async throws {
    try await self.ofctl("add-flow", "edge", "priority=0,actions=NORMAL")
    for region in self.layout.regions {
      let gateway = LabLayout.gatewayAddress(region)
      let route = ["ip", "route", "add", "192.168.\(100 + region).0/24", "via", "\(gateway)"]
      try await self.exec(in: .client, route).requireSuccess()
    }
  }
}
